"""The students subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.kit.asking import PeerFailed
from subgraphs.kit.federation import FederatedSchema
from subgraphs.students.mutations import Mutation
from subgraphs.students.queries import Query
from subgraphs.students.references import REFERENCES
from subgraphs.students.types import User


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(PeerFailed, User))
