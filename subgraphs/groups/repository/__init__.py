"""How groups, members and invitations are kept: Protocols for the services, and PostgreSQL behind them."""

from subgraphs.groups.repository.postgres_groups import PostgresGroupRepository
from subgraphs.groups.repository.postgres_invitations import PostgresInvitationRepository
from subgraphs.groups.repository.postgres_members import PostgresMemberRepository
from subgraphs.groups.repository.protocol import GroupRepository, InvitationRepository, MemberRepository

__all__ = [
    "GroupRepository",
    "InvitationRepository",
    "MemberRepository",
    "PostgresGroupRepository",
    "PostgresInvitationRepository",
    "PostgresMemberRepository",
]
