"""The catalog subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.catalog.errors import ERRORS
from subgraphs.catalog.mutations import Mutation
from subgraphs.catalog.partner import SHOWN
from subgraphs.catalog.queries import Query
from subgraphs.catalog.references import REFERENCES
from subgraphs.catalog.types import User
from subgraphs.kit.federation import FederatedSchema


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(*ERRORS, User), partner=SHOWN)
