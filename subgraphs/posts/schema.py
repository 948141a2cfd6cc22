"""The posts subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.kit.federation import FederatedSchema
from subgraphs.posts.errors import ERRORS
from subgraphs.posts.mutations import Mutation
from subgraphs.posts.queries import Query
from subgraphs.posts.references import REFERENCES
from subgraphs.posts.types import Event, User


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(*ERRORS, Event, User))
