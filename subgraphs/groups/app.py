"""The groups subgraph, assembled."""

from __future__ import annotations

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.groups.loaders import GroupsContext, groups_context
from subgraphs.groups.models import known_students, known_teachers
from subgraphs.groups.repository import (
    PostgresGroupRepository,
    PostgresInvitationRepository,
    PostgresMemberRepository,
)
from subgraphs.groups.schema import build_schema
from subgraphs.groups.service import Groups, Invitations, Members
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.number_reads import NumberReads
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    groups = Groups(PostgresGroupRepository(database))
    members = Members(PostgresMemberRepository(database), groups)
    invitations = Invitations(PostgresInvitationRepository(database), groups)
    reads = NumberReads(database, known_teachers, known_students)

    def context(request: Request) -> GroupsContext:
        return groups_context(request, groups, members, invitations, reads)

    return Subgraph(
        name="groups",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )
