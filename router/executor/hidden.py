"""What a subgraph may rightly answer and a client may not see: `@inaccessible` types and enum values.

Such a value is not a fault of the subgraph. It becomes null without an error where null is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import GraphQLEnumType, GraphQLSchema

from schema.model.definitions import EnumType, ObjectType, Schema


@dataclass(frozen=True, slots=True)
class Hidden:
    types: frozenset[str]
    enum_values: Mapping[str, frozenset[str]]


NOTHING_HIDDEN = Hidden(frozenset(), {})


def hidden_from_clients(supergraph: Schema, api_schema: GraphQLSchema) -> Hidden:
    """What the supergraph defines and its API schema does not. O(definitions)."""
    types: set[str] = set()
    enum_values: dict[str, frozenset[str]] = {}
    for name, definition in supergraph.types.items():
        visible = api_schema.get_type(name)
        if isinstance(definition, ObjectType) and visible is None:
            types.add(name)
        elif isinstance(definition, EnumType) and isinstance(visible, GraphQLEnumType):
            enum_values[name] = frozenset(definition.values) - frozenset(visible.values)
    return Hidden(frozenset(types), {name: values for name, values in enum_values.items() if values})
