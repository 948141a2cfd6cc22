"""Field sets (@key, @requires, contexts) as fields to plan, like the client's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from router.operation import TYPENAME, Field
from router.operation.minify import joined
from schema.language.nodes import FieldNode, SelectionNode
from schema.language.values import EnumLiteral, Value
from schema.supergraph import Supergraph


def field_set_fields(
    supergraph: Supergraph, type_name: str, selections: tuple[SelectionNode, ...]
) -> tuple[Field, ...]:
    """The fields of a field set on a type. O(size), times the types of a fragment that only overlaps."""
    return tuple(_fields(supergraph, type_name, type_name, selections))


def _fields(
    supergraph: Supergraph, type_name: str, on: str, selections: tuple[SelectionNode, ...]
) -> Iterator[Field]:
    for selection in selections:
        if isinstance(selection, FieldNode):
            yield _field(supergraph, type_name, on, selection)
        else:
            for narrowed in _narrow(supergraph, on, selection.condition or on):
                yield from _fields(supergraph, type_name, narrowed, selection.selections)


def _narrow(supergraph: Supergraph, on: str, condition: str) -> list[str]:
    """The types to select on for `... on condition` inside `on`."""
    possible = supergraph.possible_types
    here, wanted = possible[on], possible.get(condition, frozenset())
    if condition == on:
        return [on]
    if here <= wanted:
        has_fields = condition in supergraph.types[on].interfaces
        return [on if has_fields else condition]
    if wanted <= here:
        return [condition]
    return sorted(here & wanted)


def _field(supergraph: Supergraph, type_name: str, on: str, node: FieldNode) -> Field:
    own = None if on == type_name else on
    if node.name == TYPENAME:
        return Field(TYPENAME, TYPENAME, own, None, internal=True)
    definition = supergraph.types[on].fields[node.name]
    children: tuple[Field, ...] = ()
    if node.selections:
        children = field_set_fields(supergraph, definition.named_type, node.selections)
    arguments = _arguments(node.arguments)
    size = 1 + sum(child.size for child in children)
    return Field(
        node.name, node.name, own, definition, arguments, children=children, size=size, internal=True
    )


def _arguments(arguments: Mapping[str, Value]) -> str:
    if not arguments:
        return ""
    return "(" + joined([f"{name}:{_value(value)}" for name, value in arguments.items()]) + ")"


def _value(value: Value) -> str:
    if isinstance(value, EnumLiteral):
        return str(value)
    if isinstance(value, list):
        return "[" + joined([_value(item) for item in value]) + "]"
    if isinstance(value, dict):
        return "{" + joined([f"{name}:{_value(item)}" for name, item in value.items()]) + "}"
    return json.dumps(value, ensure_ascii=False)
