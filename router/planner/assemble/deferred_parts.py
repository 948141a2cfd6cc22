"""@defer, after the search: the parts of an operation, and what the plan nodes around them say.

Defer
├── primary    what is not deferred: its subselection, its requests
└── deferred   one for each @defer: where its data belongs, what it selects, its requests, and the
               requests of other parts that it waits for. A part with parts of its own is a Defer again
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from router.operation import Defer as DeferredFragment
from router.operation import Field, Operation
from router.operation.print import print_condition
from router.plan import Path, TypeCondition


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
        part = around
        if selected.defer is not None:
            part = selected.defer
            _part(selected.defer, around, path, parts).fields.append(selected)
        if selected.children:
            narrowed = () if selected.on is None else (TypeCondition((selected.on,)),)
            _collect(selected.children, (*path, *narrowed, selected.key), part, parts)


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


def subselection(fields: list[Field] | tuple[Field, ...], part: DeferredFragment | None) -> str | None:
    """What a part selects, without what is deferred inside it, on one line; None when that is nothing."""
    text = " ".join(_selected(fields, part))
    return f"{{ {text} }}" if text else None


def _selected(fields: list[Field] | tuple[Field, ...], part: DeferredFragment | None) -> Iterator[str]:
    for selected in fields:
        if selected.defer is not part:
            continue
        text = selected.name if selected.key == selected.name else f"{selected.key}: {selected.name}"
        text += selected.arguments + "".join(f" {print_condition(c)}" for c in sorted(selected.conditions))
        text += f" {selected.directives}" if selected.directives else ""
        if selected.children:
            text += f" {{ {' '.join(_selected(selected.children, None))} }}"
        if selected.around:
            text = f"... {selected.around} {{ {text} }}"
        yield text if selected.on is None else f"... on {selected.on} {{ {text} }}"
