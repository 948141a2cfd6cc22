"""The values of a normalized operation. `router.operation` explains them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from router.plan import OperationKind
from schema.supergraph import SupergraphField

TYPENAME: Final = "__typename"

Condition: TypeAlias = tuple[str, bool]
"""A variable, and the value it must have."""

Conditions: TypeAlias = frozenset[Condition]
NO_CONDITIONS: Final[Conditions] = frozenset()


class Variable(NamedTuple):
    """`definition` is what stands after the name's colon: type, default, directives."""

    name: str
    definition: str
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class Defer:
    """A `@defer` fragment, numbered in the order of the document."""

    number: int
    label: str | None
    condition: str | None
    """The variable of `if:`; None when deferred unconditionally."""
    parent: Defer | None
    """The deferred fragment around this one."""


@dataclass(eq=False, slots=True)
class Field:
    """One selected field.

    `on` is the type it is selected on, None for the type of the position. `arguments` and `directives` are
    minified text, `variables` the names used in them. `definition` is None for `__typename`.
    """

    key: str
    name: str
    on: str | None
    definition: SupergraphField | None
    arguments: str = ""
    directives: str = ""
    around: str = ""
    """Directives of the fragments around it, other than ours: handed on around the field."""
    variables: tuple[str, ...] = ()
    conditions: Conditions = NO_CONDITIONS
    children: tuple[Field, ...] = ()
    defer: Defer | None = None
    size: int = 1
    """Fields selected, with all below."""
    internal: bool = False
    """Not asked for by the client: part of a key or of what something requires."""


class OperationDirective(NamedTuple):
    """A directive of the operation that means nothing to the router. `text` is minified; `kinds` are those of
    operations that it is defined for.
    """

    text: str
    variables: tuple[str, ...]
    kinds: frozenset[str]


@dataclass(eq=False, slots=True)
class Operation:
    """A normalized operation. `introspects` when `__schema` or `__type` was asked for and left out."""

    kind: OperationKind
    name: str | None
    root_type: str
    fields: tuple[Field, ...]
    variables: Mapping[str, Variable]
    introspects: bool = False
    defers: bool = False
    directives: tuple[OperationDirective, ...] = ()
    """Of the operation itself: handed on to the subgraphs, see `directives_on`."""

    def directives_on(self, kind: str) -> tuple[str, frozenset[str]]:
        """Text and variables of those that may stand on a subgraph's operation of this kind: what a mutation
        fetches of entities are queries.
        """
        fitting = [directive for directive in self.directives if kind in directive.kinds]
        variables = frozenset(name for directive in fitting for name in directive.variables)
        return "".join(directive.text for directive in fitting), variables
