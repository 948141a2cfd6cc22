"""The nodes of a query plan; the package's page says what they mean together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from router.plan.asked import Asked, read_asked
from router.plan.paths import Path

OperationKind: TypeAlias = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field copied from an object into its representation."""

    name: str
    selections: tuple[RequiredSelection, ...] = ()


@dataclass(frozen=True, slots=True)
class RequiredFragment:
    """What to copy when the object is of `type_condition` (a concrete or abstract type)."""

    type_condition: str | None
    selections: tuple[RequiredSelection, ...]


RequiredSelection: TypeAlias = RequiredField | RequiredFragment


@dataclass(frozen=True, slots=True)
class ValueSetter:
    """Sets the value at `path` (relative to the rewritten object) to a constant."""

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class KeyRenamer:
    """Renames the last key of `path`; `PARENT` climbs to the object around (only in context rewrites)."""

    path: Path
    rename_to: str


Rewrite: TypeAlias = ValueSetter | KeyRenamer


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request to one subgraph.

    `operation` is the minified text sent. With `requires` it is an `_entities` query over
    `$representations`. `variable_usages` names the client's variables it uses. Input rewrites change
    each representation, output rewrites each returned entity (or the root), context rewrites fill
    the variables of `@fromContext` arguments from data above the object.
    """

    service_name: str
    operation: str
    operation_kind: OperationKind = "query"
    operation_name: str | None = None
    variable_usages: tuple[str, ...] = ()
    requires: tuple[RequiredSelection, ...] = ()
    id: str | None = None
    input_rewrites: tuple[Rewrite, ...] = ()
    output_rewrites: tuple[Rewrite, ...] = ()
    context_rewrites: tuple[Rewrite, ...] = ()
    known_type: str | None = None
    """The type of all objects that entities are asked for, where the operation tells: no fetch need ask."""
    asked: Asked | None = field(default=None, compare=False, repr=False)
    """What `operation` asks; None when only the text is known."""


@dataclass(frozen=True, slots=True)
class PartAlone:
    """A part of a batch as a request of its own, and the client's variables it uses then."""

    operation: str
    variable_usages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityBatch:
    """One aliased `_entities` field of a `BatchFetch`: the objects of all `paths`, deduplicated together."""

    alias: str
    variable: str
    paths: tuple[Path, ...]
    requires: tuple[RequiredSelection, ...]
    input_rewrites: tuple[Rewrite, ...] = ()
    output_rewrites: tuple[Rewrite, ...] = ()
    condition: tuple[tuple[str, bool], ...] = ()
    """Variables and the value each must have for this part to run; else its representations are empty."""
    known_types: tuple[str | None, ...] = ()
    """As `Fetch.known_type`, one for each path; none where it is empty."""
    alone: PartAlone | None = field(default=None, compare=False, repr=False)
    """For when another part's failure takes this one along; None when only the batch's text is known."""


@dataclass(frozen=True, slots=True)
class BatchFetch:
    """Several entity fetches to one subgraph in one request: `a0: _entities(representations: $a0) { … }`."""

    service_name: str
    operation: str
    entities: tuple[EntityBatch, ...]
    operation_name: str | None = None
    variable_usages: tuple[str, ...] = ()
    id: str | None = None
    asked: Asked | None = field(default=None, compare=False, repr=False)


def asked_of(node: Fetch | BatchFetch) -> Asked:
    """What its operation asks: as the planner says, else read from the text."""
    return node.asked or read_asked(node.operation)


@dataclass(frozen=True, slots=True)
class Flatten:
    path: Path
    node: PlanNode


@dataclass(frozen=True, slots=True)
class Sequence:
    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Runs one of two branches by a Boolean variable of the operation."""

    condition: str
    if_clause: PlanNode | None = None
    else_clause: PlanNode | None = None


@dataclass(frozen=True, slots=True)
class DeferDependency:
    id: str
    defer_label: str | None = None


@dataclass(frozen=True, slots=True)
class DeferredNode:
    """One `@defer`: runs when the fetches it depends on have answered. Its data belongs at `query_path`."""

    depends: tuple[DeferDependency, ...]
    query_path: Path
    subselection: str | None = None
    label: str | None = None
    node: PlanNode | None = None


@dataclass(frozen=True, slots=True)
class DeferPrimary:
    subselection: str | None = None
    node: PlanNode | None = None


@dataclass(frozen=True, slots=True)
class Defer:
    primary: DeferPrimary
    deferred: tuple[DeferredNode, ...]


@dataclass(frozen=True, slots=True)
class Subscription:
    """`primary` opens the stream; `rest` runs for each of its events."""

    primary: Fetch
    rest: PlanNode | None = None


PlanNode: TypeAlias = Fetch | BatchFetch | Flatten | Sequence | Parallel | Condition | Defer | Subscription


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """`node` is None when no subgraph is needed (only `__typename` or introspection)."""

    node: PlanNode | None = None

    def to_json(self) -> dict[str, Any]:
        from router.plan.json import plan_to_json

        return plan_to_json(self)

    def to_text(self) -> str:
        from router.plan.text import plan_to_text

        return plan_to_text(self)

    def to_mermaid(self) -> str:
        from router.plan.mermaid import plan_to_mermaid

        return plan_to_mermaid(self)

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> QueryPlan:
        from router.plan.json import plan_from_json

        return plan_from_json(json)
