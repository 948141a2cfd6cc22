"""Fields that may not stand side by side in a subgraph operation get aliases, renamed in the answer.

The client's operation is valid against the supergraph, whose types are merged. In a subgraph, `... on A {f}`
and `... on B {f}` can be of types that do not go together (`String!` and `String`), which GraphQL forbids
for one response key (FieldsInSetCanMerge, SameResponseShape).
"""

from __future__ import annotations

from collections.abc import Iterable

from router.plan import KeyRenamer, Path, TypeCondition
from router.planner.fetch_graph.steps import FetchField, FetchGraph, FetchStep, Selection


def rename_conflicts(graph: FetchGraph) -> None:
    """O(fields). Only selections with inline fragments are compared."""
    for step in graph.steps:
        if len(step.selections) == 1 and not step.has_fragments:
            continue
        is_root = step.kind is not None
        scopes: list[tuple[Selection, Path]] = [
            (selection, () if is_root else (TypeCondition((name,)),))
            for name, selection in step.selections.items()
        ]
        _check(step, scopes)


def _check(step: FetchStep, scopes: list[tuple[Selection, Path]]) -> None:
    """Checks selections whose fields end up in the same object."""
    if len(scopes) == 1 and not scopes[0][0].fragments:
        selection, path = scopes[0]
        for field in selection.fields.values():
            if field.below is not None:
                _check(step, [(field.below, (*path, field.key))])
        return
    by_key: dict[str, list[tuple[FetchField, Path]]] = {}
    for field, path in _flatten(scopes):
        by_key.setdefault(field.key, []).append((field, path))
    for key in list(by_key):
        _check_key(step, key, by_key)


def _flatten(scopes: Iterable[tuple[Selection, Path]]) -> Iterable[tuple[FetchField, Path]]:
    for selection, path in scopes:
        for field in selection.fields.values():
            yield field, path
        for name, fragment in selection.fragments.items():
            base = path[:-1] if path and isinstance(path[-1], TypeCondition) else path
            yield from _flatten([(fragment, (*base, TypeCondition((name,))))])


def _check_key(step: FetchStep, key: str, by_key: dict[str, list[tuple[FetchField, Path]]]) -> None:
    """The first shape keeps the key; every other shape gets an alias, shared by those of the same shape."""
    shapes: dict[str, list[tuple[FetchField, Path]]] = {}
    for field, path in by_key[key]:
        shapes.setdefault(_shape(field), []).append((field, path))
    for number, same in enumerate(shapes.values()):
        if number:
            alias = _free(key, by_key)
            by_key[alias] = same
            for field, path in same:
                field.key = alias
                step.output_rewrites.append(KeyRenamer((*path, alias), key))
        below = [(field.below, (*path, field.key)) for field, path in same if field.below is not None]
        if below:
            _check(step, below)


def _shape(field: FetchField) -> str:
    """The type with its lists and `!`; the name only where it matters, at leaves."""
    if field.below is None:
        return field.type
    return field.type.replace(field.below.node.type_name, "{}", 1)


def _free(key: str, by_key: dict[str, list[tuple[FetchField, Path]]]) -> str:
    number = 0
    while f"{key}__alias_{number}" in by_key:
        number += 1
    return f"{key}__alias_{number}"
