"""The analytics subgraph's schema."""

from __future__ import annotations

from subgraphs.analytics.mutations import Mutation
from subgraphs.analytics.queries import Query
from subgraphs.analytics.references import REFERENCES
from subgraphs.analytics.types import Event, Organization
from subgraphs.kit.federation import FederatedSchema


def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(Event, Organization))
