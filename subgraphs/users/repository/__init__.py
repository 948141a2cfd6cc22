"""How the domain's values are kept: two Protocols, each over PostgreSQL and in memory, under one contract
suite.
"""

from subgraphs.users.repository.memory import InMemoryLoginRepository, InMemoryUserRepository
from subgraphs.users.repository.postgres_logins import PostgresLoginRepository
from subgraphs.users.repository.postgres_users import PostgresUserRepository
from subgraphs.users.repository.protocol import LoginRepository, UserRepository

__all__ = [
    "InMemoryLoginRepository",
    "InMemoryUserRepository",
    "LoginRepository",
    "PostgresLoginRepository",
    "PostgresUserRepository",
    "UserRepository",
]
