"""The users subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.kit.federation import FederatedSchema
from subgraphs.users.errors import ERRORS
from subgraphs.users.mutations import Mutation
from subgraphs.users.partner import SHOWN
from subgraphs.users.queries import Query
from subgraphs.users.references import REFERENCES


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=ERRORS, partner=SHOWN)
