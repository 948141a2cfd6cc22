"""The payments subgraph's schema."""

from __future__ import annotations

from functools import cache

from subgraphs.kit.federation import FederatedSchema
from subgraphs.payments.errors import ERRORS
from subgraphs.payments.mutations import Mutation
from subgraphs.payments.queries import Query
from subgraphs.payments.references import REFERENCES
from subgraphs.payments.types import Registration


@cache
def build_schema() -> FederatedSchema:
    return FederatedSchema(Query, Mutation, references=REFERENCES, types=(*ERRORS, Registration))
