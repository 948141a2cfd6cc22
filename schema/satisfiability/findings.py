"""What the walk finds, before it is put into words (see `explain`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from schema.satisfiability.model import ApiField
from schema.satisfiability.state import Labels, State


@dataclass(frozen=True, slots=True)
class Failure:
    """No open place of the state can resolve the field."""

    state: State
    field: ApiField
    labels: Labels


@dataclass(frozen=True, slots=True)
class NoRuntimeType:
    """The state's places may return the runtime type but none can tell, or serve anything of it."""

    state: State
    type: str


@dataclass(frozen=True, slots=True)
class MutationFailure:
    """A mutation field several subgraphs have, and each fails to answer something below it."""

    state: State
    field: ApiField
    by_subgraph: Mapping[str, list[AnyFailure]]


AnyFailure: TypeAlias = Failure | NoRuntimeType | MutationFailure


@dataclass(frozen=True, slots=True)
class RuntimeTypes:
    """A shared field whose subgraphs return different runtime types: an error when nothing is common, else a
    hint.
    """

    state: State
    field: ApiField
    by_subgraph: Mapping[str, frozenset[str]]
    common: frozenset[str]
    labels: Labels = frozenset()


@dataclass(slots=True)
class Findings:
    failures: list[AnyFailure] = field(default_factory=list)
    runtime_types: list[RuntimeTypes] = field(default_factory=list)
