"""How posts and polls are kept: Protocols for the service, and PostgreSQL behind them."""

from subgraphs.posts.repository.postgres import PostgresPostRepository
from subgraphs.posts.repository.postgres_edits import PostgresEditRepository
from subgraphs.posts.repository.postgres_moderation import PostgresModerationRepository
from subgraphs.posts.repository.postgres_polls import PostgresPollRepository
from subgraphs.posts.repository.postgres_reposts import PostgresRepostRepository
from subgraphs.posts.repository.postgres_search import PostgresSearchRepository
from subgraphs.posts.repository.postgres_shares import PostgresShareRepository
from subgraphs.posts.repository.postgres_tags import PostgresTagRepository
from subgraphs.posts.repository.protocol import (
    EditRepository,
    ModerationRepository,
    PollRepository,
    PostRepository,
    RepostRepository,
    SearchRepository,
    ShareRepository,
    TagRepository,
)
from subgraphs.posts.repository.records import LISTS

__all__ = [
    "LISTS",
    "EditRepository",
    "ModerationRepository",
    "PollRepository",
    "PostRepository",
    "PostgresEditRepository",
    "PostgresModerationRepository",
    "PostgresPollRepository",
    "PostgresPostRepository",
    "PostgresRepostRepository",
    "PostgresSearchRepository",
    "PostgresShareRepository",
    "PostgresTagRepository",
    "RepostRepository",
    "SearchRepository",
    "ShareRepository",
    "TagRepository",
]
