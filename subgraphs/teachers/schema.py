"""The teachers subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.kit.asking import PeerFailed
from subgraphs.kit.federation import FederatedSchema
from subgraphs.teachers.mutations import Mutation
from subgraphs.teachers.queries import Query
from subgraphs.teachers.references import REFERENCES
from subgraphs.teachers.types import User


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(PeerFailed, User))
