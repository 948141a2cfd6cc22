"""The calendar subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.calendar.errors import ERRORS
from subgraphs.calendar.mutations import Mutation
from subgraphs.calendar.queries import Query
from subgraphs.calendar.references import REFERENCES
from subgraphs.calendar.types import Group, Student, Teacher
from subgraphs.kit.asking import PeerFailed
from subgraphs.kit.federation import FederatedSchema


@cache
def build_schema() -> FederatedSchema:
    entities = (Group, Student, Teacher)
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(*ERRORS, PeerFailed, *entities))
