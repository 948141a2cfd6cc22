"""The processing subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.kit.federation import FederatedSchema
from subgraphs.processing.mutations import Mutation
from subgraphs.processing.queries import Query
from subgraphs.processing.references import REFERENCES
from subgraphs.processing.types import Track


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(Track,))
