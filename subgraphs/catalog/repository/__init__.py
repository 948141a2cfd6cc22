"""How the catalog is kept: two Protocols, each over PostgreSQL and in memory, under one contract suite."""

from subgraphs.catalog.repository.memory import InMemoryArtistRepository, InMemoryMusicRepository
from subgraphs.catalog.repository.postgres_artists import PostgresArtistRepository
from subgraphs.catalog.repository.postgres_music import PostgresMusicRepository
from subgraphs.catalog.repository.protocol import ArtistRepository, MusicRepository

__all__ = [
    "ArtistRepository",
    "InMemoryArtistRepository",
    "InMemoryMusicRepository",
    "MusicRepository",
    "PostgresArtistRepository",
    "PostgresMusicRepository",
]
