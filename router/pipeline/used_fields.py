"""What of the schema an operation uses: worked out once, when it is prepared, for who counts it.

A field that is asked of an interface is used of that interface and of every type that may answer it: none of
them can be removed. `__typename` and what the schema says about itself are no fields of ours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    is_abstract_type,
    is_interface_type,
    is_object_type,
)

from router.authorization.types import field_type, root_type


@dataclass(frozen=True, slots=True, eq=False)
class UsedFields:
    """Schema coordinates, each once: `User.name`, and `Query.user(id:)` for an argument that is given.

    Compared by identity: a prepared operation has one.
    """

    coordinates: tuple[str, ...]


def used_fields(
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    schema: GraphQLSchema,
) -> UsedFields:
    """The document is valid. Each fragment is looked at once: O(document x possible types)."""
    walk = _Walk(schema)
    walk.selection_set(operation.selection_set, root_type(schema, operation))
    for name in walk.spread:  # grows meanwhile
        fragment = fragments[name]
        walk.selection_set(fragment.selection_set, fragment.type_condition.name.value)
    return UsedFields(tuple(walk.found))


def coordinates_of(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Everything that can be used, with why it is deprecated if it is. O(schema)."""
    for type_name, type_ in sorted(schema.type_map.items()):
        if type_name.startswith("__") or not (is_object_type(type_) or is_interface_type(type_)):
            continue
        for name, field in type_.fields.items():
            yield f"{type_name}.{name}", field.deprecation_reason
            for argument, definition in field.args.items():
                yield f"{type_name}.{name}({argument}:)", definition.deprecation_reason


class _Walk:
    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: set[str] = set()
        self.found: dict[str, None] = {}
        self.spread: list[str] = []

    def selection_set(self, selection_set: SelectionSetNode, type_name: str) -> None:
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    self._field(selection, type_name)
                case InlineFragmentNode():
                    condition = selection.type_condition
                    inner = type_name if condition is None else condition.name.value
                    self.selection_set(selection.selection_set, inner)
                case FragmentSpreadNode() if selection.name.value not in self._known:
                    self._known.add(selection.name.value)
                    self.spread.append(selection.name.value)
                case _:
                    pass

    def _field(self, node: FieldNode, type_name: str) -> None:
        name = node.name.value
        if name.startswith("__"):
            return
        for owner in self._owners(type_name):
            coordinate = f"{owner}.{name}"
            self.found[sys.intern(coordinate)] = None
            for argument in node.arguments or ():
                self.found[sys.intern(f"{coordinate}({argument.name.value}:)")] = None
        if node.selection_set is not None:
            self.selection_set(node.selection_set, field_type(self._schema, type_name, name))

    def _owners(self, type_name: str) -> Iterator[str]:
        yield type_name
        type_ = self._schema.get_type(type_name)
        if is_abstract_type(type_):
            possible: list[GraphQLObjectType] = self._schema.get_possible_types(type_)
            yield from (one.name for one in possible)
