"""What a subgraph may rightly answer and a client may not see: `@inaccessible` types and enum values.

Such a value is not a fault of the subgraph. It becomes null without an error where null is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLEnumType,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
)


@dataclass(frozen=True, slots=True)
class Hidden:
    types: frozenset[str]
    enum_values: Mapping[str, frozenset[str]]


NOTHING_HIDDEN = Hidden(frozenset(), {})


def hidden_from_clients(supergraph: DocumentNode, api_schema: GraphQLSchema) -> Hidden:
    """What the supergraph defines and its API schema does not. O(definitions)."""
    types: set[str] = set()
    enum_values: dict[str, frozenset[str]] = {}
    for definition in supergraph.definitions:
        match definition:
            case ObjectTypeDefinitionNode():
                if api_schema.get_type(definition.name.value) is None:
                    types.add(definition.name.value)
            case EnumTypeDefinitionNode():
                visible = api_schema.get_type(definition.name.value)
                if isinstance(visible, GraphQLEnumType):
                    values = frozenset(value.name.value for value in definition.values or ())
                    enum_values[visible.name] = values - frozenset(visible.values)
            case _:
                pass
    return Hidden(frozenset(types), {name: values for name, values in enum_values.items() if values})
