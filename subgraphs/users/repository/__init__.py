"""How the domain's values are kept: Protocols for the service (seed 000 asks that repositories hide the
store), and PostgreSQL behind them. Their rules live in the statements, so there is no second implementation
to test against.
"""

from subgraphs.users.repository.cached import user_repository
from subgraphs.users.repository.people_search import people_search
from subgraphs.users.repository.postgres_accounts import PostgresAccountRepository
from subgraphs.users.repository.postgres_api_tokens import PostgresApiTokenRepository
from subgraphs.users.repository.postgres_choices import PostgresChoiceRepository
from subgraphs.users.repository.postgres_credentials import PostgresCredentialRepository
from subgraphs.users.repository.postgres_departure import PostgresDepartureRepository
from subgraphs.users.repository.postgres_logins import PostgresLoginRepository
from subgraphs.users.repository.postgres_organizations import PostgresOrganizationRepository
from subgraphs.users.repository.postgres_relations import PostgresRelationRepository
from subgraphs.users.repository.postgres_roles import PostgresRoleRepository
from subgraphs.users.repository.postgres_stats import PostgresStatsRepository
from subgraphs.users.repository.postgres_telegram import PostgresTelegramRepository
from subgraphs.users.repository.postgres_users import PostgresUserRepository

__all__ = [
    "PostgresAccountRepository",
    "PostgresApiTokenRepository",
    "PostgresChoiceRepository",
    "PostgresCredentialRepository",
    "PostgresDepartureRepository",
    "PostgresLoginRepository",
    "PostgresOrganizationRepository",
    "PostgresRelationRepository",
    "PostgresRoleRepository",
    "PostgresStatsRepository",
    "PostgresTelegramRepository",
    "PostgresUserRepository",
    "people_search",
    "user_repository",
]
