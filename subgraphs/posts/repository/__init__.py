"""How posts and polls are kept: Protocols for the service, and PostgreSQL behind them."""

from subgraphs.posts.repository.postgres import PostgresPostRepository
from subgraphs.posts.repository.postgres_polls import PostgresPollRepository
from subgraphs.posts.repository.postgres_reposts import PostgresRepostRepository
from subgraphs.posts.repository.postgres_shares import PostgresShareRepository
from subgraphs.posts.repository.protocol import (
    PollRepository,
    PostRepository,
    RepostRepository,
    ShareRepository,
)

__all__ = [
    "PollRepository",
    "PostRepository",
    "PostgresPollRepository",
    "PostgresPostRepository",
    "PostgresRepostRepository",
    "PostgresShareRepository",
    "RepostRepository",
    "ShareRepository",
]
