"""The tickets subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.kit.federation import FederatedSchema
from subgraphs.tickets.errors import ERRORS
from subgraphs.tickets.mutations import Mutation
from subgraphs.tickets.partner import SHOWN
from subgraphs.tickets.queries import Query
from subgraphs.tickets.references import REFERENCES
from subgraphs.tickets.types import Event, User


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(
        Query, Mutation, references=REFERENCES, types=(*ERRORS, Event, User), partner=SHOWN
    )
