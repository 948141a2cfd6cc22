"""@defer: the parts of an operation, and the plan nodes around them.

    Defer
    ├── primary    what is not deferred: its subselection, its requests
    └── deferred   one for each @defer: where its data belongs, what it selects, its requests, and the
                   requests of other parts that it waits for. A part with parts of its own is a Defer again

`@defer(if: $variable)` makes a Condition with a plan for each value. Beyond MAX_VARIABLES such variables, the
others' fragments are not deferred at all, which the specification allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from router.operation import Defer as DeferredFragment
from router.operation import Field, Operation
from router.operation.print import print_condition
from router.plan import Path

MAX_VARIABLES: Final = 3


@dataclass(eq=False, slots=True)
class Part:
    """A deferred part: the fragment, where it stands, and the fields it selects there."""

    fragment: DeferredFragment
    around: DeferredFragment | None
    path: Path
    fields: list[Field] = field(default_factory=list)


def find_parts(operation: Operation) -> dict[DeferredFragment, Part]:
    """Every deferred part of the operation, outer ones before inner ones."""
    parts: dict[DeferredFragment, Part] = {}
    _collect(operation.fields, (), None, parts)
    return parts


def _collect(
    fields: tuple[Field, ...],
    path: Path,
    around: DeferredFragment | None,
    parts: dict[DeferredFragment, Part],
) -> None:
    for selected in fields:
        block = around
        if selected.defer is not None:
            block = selected.defer
            _part(selected.defer, around, path, parts).fields.append(selected)
        if selected.children:
            cast = () if selected.on is None else (f"... on {selected.on}",)
            _collect(selected.children, (*path, *cast, selected.key), block, parts)


def _part(
    fragment: DeferredFragment,
    around: DeferredFragment | None,
    path: Path,
    parts: dict[DeferredFragment, Part],
) -> Part:
    found = parts.get(fragment)
    if found is None:
        if fragment.parent is not None:
            around = _part(fragment.parent, around, path, parts).fragment
        found = parts[fragment] = Part(fragment, around, path)
    return found


def subselection(fields: list[Field] | tuple[Field, ...], block: DeferredFragment | None) -> str | None:
    """What a part selects, without what is deferred inside it, on one line; None when that is nothing."""
    text = " ".join(_selected(fields, block))
    return f"{{ {text} }}" if text else None


def _selected(fields: list[Field] | tuple[Field, ...], block: DeferredFragment | None) -> Iterator[str]:
    for selected in fields:
        if selected.defer is not block:
            continue
        text = selected.name if selected.key == selected.name else f"{selected.key}: {selected.name}"
        text += selected.arguments + "".join(f" {print_condition(c)}" for c in sorted(selected.conditions))
        text += f" {selected.directives}" if selected.directives else ""
        if selected.children:
            text += f" {{ {' '.join(_selected(selected.children, None))} }}"
        if selected.around:
            text = f"... {selected.around} {{ {text} }}"
        yield text if selected.on is None else f"... on {selected.on} {{ {text} }}"


def without_deferred(field: Field) -> Field:
    """What is selected of a field at once. The field itself when nothing is deferred. O(size)."""
    children = tuple(without_deferred(child) for child in field.children if child.defer is None)
    return field if children == field.children else replace(field, children=children)


def defer_variables(operation: Operation) -> tuple[str, ...]:
    """The variables that decide about fragments, in order."""
    parts = find_parts(operation)
    return tuple(dict.fromkeys(part.condition for part in parts if part.condition is not None))


def decide(operation: Operation, values: dict[str, bool], *, nothing: bool = False) -> Operation:
    """The operation for these values: fragments not deferred then are part of what is around them. With
    `nothing`, none is deferred.
    """
    if not operation.defers:
        return operation
    known: dict[DeferredFragment, DeferredFragment | None] = {}

    def decided(fragment: DeferredFragment | None) -> DeferredFragment | None:
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
