"""The streaming subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.kit.federation import FederatedSchema
from subgraphs.streaming.mutations import Mutation
from subgraphs.streaming.queries import Query
from subgraphs.streaming.references import REFERENCES
from subgraphs.streaming.types import Artist, Track, User


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(Track, Artist, User))
