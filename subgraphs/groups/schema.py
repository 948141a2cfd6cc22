"""The groups subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.groups.errors import ERRORS
from subgraphs.groups.mutations import Mutation
from subgraphs.groups.queries import Query
from subgraphs.groups.references import REFERENCES
from subgraphs.groups.types import Student, Teacher
from subgraphs.kit.federation import FederatedSchema


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(*ERRORS, Student, Teacher))
