"""How the catalog is kept: Protocols for the service, and PostgreSQL behind them."""

from subgraphs.catalog.repository.names import NAME_CONDITIONS, NAME_FILTERS
from subgraphs.catalog.repository.postgres_albums import PostgresAlbumRepository
from subgraphs.catalog.repository.postgres_artists import PostgresArtistRepository
from subgraphs.catalog.repository.postgres_genres import PostgresGenreRepository
from subgraphs.catalog.repository.postgres_managers import PostgresManagerRepository
from subgraphs.catalog.repository.postgres_tracks import PostgresTrackRepository
from subgraphs.catalog.repository.protocol import (
    AlbumRepository,
    ArtistRepository,
    GenreRepository,
    ManagerRepository,
    TrackRepository,
)

__all__ = [
    "NAME_CONDITIONS",
    "NAME_FILTERS",
    "AlbumRepository",
    "ArtistRepository",
    "GenreRepository",
    "ManagerRepository",
    "PostgresAlbumRepository",
    "PostgresArtistRepository",
    "PostgresGenreRepository",
    "PostgresManagerRepository",
    "PostgresTrackRepository",
    "TrackRepository",
]
