"""The feed subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.feed.mutations import Mutation
from subgraphs.feed.queries import Query
from subgraphs.feed.references import REFERENCES
from subgraphs.feed.types import Post, User
from subgraphs.kit.federation import FederatedSchema


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(Post, User))
