"""How posts are kept: a Protocol for the service, and PostgreSQL behind it."""

from subgraphs.posts.repository.postgres import PostgresPostRepository
from subgraphs.posts.repository.protocol import PostRepository

__all__ = ["PostRepository", "PostgresPostRepository"]
