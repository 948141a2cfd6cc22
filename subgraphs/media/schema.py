"""The media subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.kit.federation import FederatedSchema
from subgraphs.media.errors import ERRORS
from subgraphs.media.mutations import Mutation
from subgraphs.media.partner import SHOWN
from subgraphs.media.queries import Query
from subgraphs.media.references import REFERENCES
from subgraphs.media.types import EventImage, Post, PostEdit, User


@cache
def build_schema() -> FederatedSchema:
    types = (*ERRORS, EventImage, Post, PostEdit, User)
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=types, partner=SHOWN)
