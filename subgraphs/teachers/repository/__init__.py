"""How teachers are kept: a Protocol for the service, and PostgreSQL behind it."""

from subgraphs.teachers.repository.postgres import PostgresTeacherRepository
from subgraphs.teachers.repository.protocol import TeacherRepository

__all__ = ["PostgresTeacherRepository", "TeacherRepository"]
