"""How media is kept: Protocols for the service, PostgreSQL and S3 behind them."""

from subgraphs.media.repository.hearing import TOPICS, forget_owner, hear_of_shown
from subgraphs.media.repository.postgres import PostgresMediaRepository
from subgraphs.media.repository.postgres_work import PostgresWorkRepository
from subgraphs.media.repository.protocol import (
    FileRepository,
    MediaRepository,
    WorkRepository,
)
from subgraphs.media.repository.records import LISTS
from subgraphs.media.repository.s3_files import S3FileRepository

__all__ = [
    "LISTS",
    "TOPICS",
    "FileRepository",
    "MediaRepository",
    "PostgresMediaRepository",
    "PostgresWorkRepository",
    "S3FileRepository",
    "WorkRepository",
    "forget_owner",
    "hear_of_shown",
]
