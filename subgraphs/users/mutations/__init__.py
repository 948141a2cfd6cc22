"""What one can do in the users domain, a file for each part of it."""

from __future__ import annotations

import strawberry

from subgraphs.users.mutations.access import AccessMutations
from subgraphs.users.mutations.choices import ChoiceMutations
from subgraphs.users.mutations.credentials import CredentialMutations
from subgraphs.users.mutations.organizations import OrganizationMutations
from subgraphs.users.mutations.people import PeopleMutations
from subgraphs.users.mutations.relations import RelationMutations
from subgraphs.users.mutations.reports import ReportMutations
from subgraphs.users.mutations.telegram import TelegramMutations


@strawberry.type(description="What can be done.")
class Mutation(
    PeopleMutations,
    RelationMutations,
    ChoiceMutations,
    CredentialMutations,
    AccessMutations,
    OrganizationMutations,
    TelegramMutations,
    ReportMutations,
):
    pass
