"""How processing is kept: Protocols for the service, PostgreSQL and S3 behind them."""

from subgraphs.processing.repository.postgres_jobs import PostgresJobRepository
from subgraphs.processing.repository.postgres_queue import PostgresQueueRepository
from subgraphs.processing.repository.protocol import FileRepository, JobRepository, QueueRepository
from subgraphs.processing.repository.s3_files import S3FileRepository

__all__ = [
    "FileRepository",
    "JobRepository",
    "PostgresJobRepository",
    "PostgresQueueRepository",
    "QueueRepository",
    "S3FileRepository",
]
