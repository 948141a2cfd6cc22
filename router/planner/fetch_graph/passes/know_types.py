"""Objects whose type the operation tells are not asked for its name.

Requests for entities name the type of each. Where all that is selected at a path is of one object type, every
object there is of that type, and `__typename` would be the same word again in each of them: the plan says it
instead. A path is its response keys: under other types around, one key may hold other objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from router.plan.paths import response_keys
from router.planner.fetch_graph.steps import FetchGraph, Selection
from schema.model.type_references import base_name
from schema.supergraph import SupergraphType, TypeKind

Keys: TypeAlias = tuple[str, ...]


def know_types(graph: FetchGraph, types: Mapping[str, SupergraphType]) -> None:
    """Sets `known_type` of steps, and `typename` of selections where asking is the only way. O(fields)."""
    places = [
        place
        for step in graph.steps
        for selection in step.selections.values()
        for place in _places(selection, response_keys(step.path), None)
    ]
    named: dict[Keys, set[str]] = {}
    for keys, name, _ in places:
        if name is not None:
            named.setdefault(keys, set()).add(name)
    known = {keys: name for keys, (name, *others) in named.items() if not others and _is_object(types, name)}
    for step in graph.steps:
        if step.kind is None:
            step.known_type = known.get(response_keys(step.path))
    for keys, _, selection in places:
        selection.typename |= selection.is_identified and keys not in known


def _places(
    selection: Selection, keys: Keys, name: str | None
) -> Iterator[tuple[Keys, str | None, Selection]]:
    """Every selection in it with its keys from the root, and the type of the field that has it."""
    yield keys, name, selection
    for field in selection.fields.values():
        if field.below is not None:
            yield from _places(field.below, (*keys, field.key), base_name(field.type))
    for fragment in selection.fragments.values():
        yield from _places(fragment, keys, None)


def _is_object(types: Mapping[str, SupergraphType], name: str) -> bool:
    return types[name].kind is TypeKind.OBJECT
