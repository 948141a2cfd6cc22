"""How students and what they learn are kept: Protocols for the service, and PostgreSQL behind them."""

from subgraphs.students.repository.postgres_learning import PostgresLearningRepository
from subgraphs.students.repository.postgres_students import PostgresStudentRepository
from subgraphs.students.repository.protocol import LearningRepository, StudentRepository

__all__ = [
    "LearningRepository",
    "PostgresLearningRepository",
    "PostgresStudentRepository",
    "StudentRepository",
]
