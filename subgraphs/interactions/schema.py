"""The interactions subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.interactions.errors import ThreadTooDeep
from subgraphs.interactions.mutations import Mutation
from subgraphs.interactions.queries import Query
from subgraphs.interactions.references import REFERENCES
from subgraphs.interactions.types import Post, User
from subgraphs.kit.federation import FederatedSchema


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(ThreadTooDeep, Post, User))
