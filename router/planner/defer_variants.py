"""@defer, before the search: which fragments are deferred, for which values of their variables.

`@defer(if: $variable)` makes a Condition with a plan for each value. Beyond MAX_VARIABLES such variables, the
others' fragments are not deferred at all, which the specification allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from router.operation import Defer, Field, Operation

MAX_VARIABLES: Final = 3


def without_deferred(field: Field) -> Field:
    """What is selected of a field at once. The field itself when nothing is deferred. O(size)."""
    children = tuple(without_deferred(child) for child in field.children if child.defer is None)
    return field if children == field.children else replace(field, children=children)


def defer_variables(operation: Operation) -> tuple[str, ...]:
    """The variables that decide about fragments, in order."""
    fragments = _fragments(operation.fields)
    return tuple(dict.fromkeys(f.condition for f in fragments if f.condition is not None))


def _fragments(fields: tuple[Field, ...]) -> Iterator[Defer]:
    """Outer ones before inner ones; one that only holds another is there through it."""
    for field in fields:
        if field.defer is not None:
            yield from _with_those_around(field.defer)
        yield from _fragments(field.children)


def _with_those_around(fragment: Defer) -> Iterator[Defer]:
    if fragment.parent is not None:
        yield from _with_those_around(fragment.parent)
    yield fragment


def decide(operation: Operation, values: dict[str, bool], *, nothing: bool = False) -> Operation:
    """The operation for these values: fragments not deferred then are part of what is around them. With
    `nothing`, none is deferred.
    """
    if not operation.defers:
        return operation
    known: dict[Defer, Defer | None] = {}

    def decided(fragment: Defer | None) -> Defer | None:
        if fragment is None:
            return None
        if fragment not in known:
            around = decided(fragment.parent)
            variable = fragment.condition
            on = not nothing and (variable is None or values.get(variable, False))
            known[fragment] = replace(fragment, condition=None, parent=around) if on else around
        return known[fragment]

    def rebuilt(fields: tuple[Field, ...]) -> tuple[Field, ...]:
        return tuple(replace(f, defer=decided(f.defer), children=rebuilt(f.children)) for f in fields)

    fields = rebuilt(operation.fields)
    return replace(operation, fields=fields, defers=any(f is not None for f in known.values()))
