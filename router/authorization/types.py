"""Types of a valid operation's places, by name."""

from __future__ import annotations

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
)


def root_type(schema: GraphQLSchema, operation: OperationDefinitionNode) -> str:
    root = schema.get_root_type(operation.operation)
    assert root is not None, f"validated: the schema has a {operation.operation.value} type"
    return root.name


def field_type(schema: GraphQLSchema, type_name: str, name: str) -> str:
    """The named type that the field returns."""
    type_ = schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType), "validated: it has fields"
    returns: str = get_named_type(type_.fields[name].type).name
    return returns
