"""How streaming is kept: Protocols for the service, and PostgreSQL behind them."""

from subgraphs.streaming.repository.postgres_counts import PostgresCountRepository
from subgraphs.streaming.repository.postgres_plays import PostgresPlayRepository
from subgraphs.streaming.repository.postgres_tracks import PostgresTrackRepository
from subgraphs.streaming.repository.protocol import CountRepository, PlayRepository, TrackRepository

__all__ = [
    "CountRepository",
    "PlayRepository",
    "PostgresCountRepository",
    "PostgresPlayRepository",
    "PostgresTrackRepository",
    "TrackRepository",
]
