"""The events subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.events.errors import ERRORS
from subgraphs.events.mutations import Mutation
from subgraphs.events.partner import SHOWN
from subgraphs.events.queries import Query
from subgraphs.events.references import REFERENCES
from subgraphs.events.types import Organization, Post, User
from subgraphs.kit.federation import FederatedSchema


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(
        Query, Mutation, references=REFERENCES, types=(*ERRORS, Organization, Post, User), partner=SHOWN
    )
