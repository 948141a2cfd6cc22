"""How posts are kept: one Protocol, over PostgreSQL and in memory, under one contract suite."""

from subgraphs.posts.repository.memory import InMemoryPostRepository
from subgraphs.posts.repository.postgres import PostgresPostRepository
from subgraphs.posts.repository.protocol import PostRepository

__all__ = ["InMemoryPostRepository", "PostRepository", "PostgresPostRepository"]
