"""How the catalog is kept: Protocols for the service, and PostgreSQL behind them."""

from subgraphs.catalog.repository.names import NAME_FILTERS
from subgraphs.catalog.repository.postgres_artists import PostgresArtistRepository
from subgraphs.catalog.repository.postgres_genres import PostgresGenreRepository
from subgraphs.catalog.repository.postgres_managers import PostgresManagerRepository
from subgraphs.catalog.repository.postgres_music import PostgresMusicRepository
from subgraphs.catalog.repository.protocol import (
    ArtistRepository,
    GenreRepository,
    ManagerRepository,
    MusicRepository,
)

__all__ = [
    "NAME_FILTERS",
    "ArtistRepository",
    "GenreRepository",
    "ManagerRepository",
    "MusicRepository",
    "PostgresArtistRepository",
    "PostgresGenreRepository",
    "PostgresManagerRepository",
    "PostgresMusicRepository",
]
