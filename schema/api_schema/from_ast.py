"""A parsed document as a Schema, for callers who have parsed the supergraph with graphql-core already.

Extensions are folded into their definitions. The document is trusted to be valid SDL. O(size).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from graphql import (
    BooleanValueNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    EnumValueNode,
    FieldDefinitionNode,
    FloatValueNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    IntValueNode,
    ListValueNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ObjectValueNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    ValueNode,
    print_ast,
)

from schema.definitions import (
    NOWHERE,
    Directive,
    DirectiveDefinition,
    EnumType,
    EnumValue,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    ScalarType,
    Schema,
    TypeDefinition,
    UnionType,
)
from schema.language.values import EnumLiteral, Value

_USUAL_ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}


def schema_from_ast(document: DocumentNode) -> Schema:
    """The schema of a type system document."""
    schema = Schema()
    for node in document.definitions:
        _add(schema, node)
    if not schema.definition.written:
        schema.definition.roots = {kind: name for kind, name in _USUAL_ROOTS.items() if name in schema.types}
    return schema


def _add(schema: Schema, node: Node) -> None:
    match node:
        case SchemaDefinitionNode() | SchemaExtensionNode():
            definition = schema.definition
            definition.written = True
            definition.directives += _directives(node.directives)
            for root in node.operation_types or ():
                definition.roots[root.operation.value] = root.type.name.value
            if isinstance(node, SchemaDefinitionNode) and node.description:
                definition.description = node.description.value
        case DirectiveDefinitionNode():
            schema.directives[node.name.value] = DirectiveDefinition(
                node.name.value,
                _inputs(node.arguments),
                node.repeatable,
                tuple(location.value for location in node.locations),
                _text(node.description),
            )
        case _:
            _add_type(schema, node)


def _add_type(schema: Schema, node: Node) -> None:
    match node:
        case ScalarTypeDefinitionNode() | ScalarTypeExtensionNode():
            type_: TypeDefinition = _named(schema, ScalarType, node.name.value)
        case ObjectTypeDefinitionNode() | ObjectTypeExtensionNode():
            type_ = _named(schema, ObjectType, node.name.value)
            _add_fields(type_, node)
        case InterfaceTypeDefinitionNode() | InterfaceTypeExtensionNode():
            type_ = _named(schema, InterfaceType, node.name.value)
            _add_fields(type_, node)
        case UnionTypeDefinitionNode() | UnionTypeExtensionNode():
            type_ = _named(schema, UnionType, node.name.value)
            type_.members.update((member.name.value, NOWHERE) for member in node.types or ())
        case EnumTypeDefinitionNode() | EnumTypeExtensionNode():
            type_ = _named(schema, EnumType, node.name.value)
            for value in node.values or ():
                name = value.name.value
                type_.values[name] = EnumValue(name, _directives(value.directives), _text(value.description))
        case InputObjectTypeDefinitionNode() | InputObjectTypeExtensionNode():
            type_ = _named(schema, InputType, node.name.value)
            type_.fields.update(_inputs(node.fields))
        case _:
            return
    type_.directives += _directives(node.directives)
    type_.description = type_.description or _text(getattr(node, "description", None))


_Type = TypeVar("_Type", ScalarType, ObjectType, InterfaceType, UnionType, EnumType, InputType)


def _named(schema: Schema, kind: type[_Type], name: str) -> _Type:
    """The type of this name, made when it is new. One of another kind is replaced: the document is valid."""
    found = schema.types.get(name)
    if not isinstance(found, kind):
        found = kind(name)
        schema.types[name] = found
    return found


def _add_fields(
    type_: ObjectType | InterfaceType,
    node: ObjectTypeDefinitionNode
    | ObjectTypeExtensionNode
    | InterfaceTypeDefinitionNode
    | InterfaceTypeExtensionNode,
) -> None:
    type_.interfaces.update((interface.name.value, NOWHERE) for interface in node.interfaces or ())
    for field in node.fields or ():
        type_.fields[field.name.value] = _field(field)


def _field(node: FieldDefinitionNode) -> Field:
    return Field(
        node.name.value,
        print_ast(node.type),
        _inputs(node.arguments),
        _directives(node.directives),
        _text(node.description),
    )


def _inputs(nodes: Iterable[InputValueDefinitionNode] | None) -> dict[str, InputValue]:
    return {node.name.value: _input(node) for node in nodes or ()}


def _input(node: InputValueDefinitionNode) -> InputValue:
    default = node.default_value
    return InputValue(
        node.name.value,
        print_ast(node.type),
        default is not None,
        _value(default) if default is not None else None,
        _directives(node.directives),
        _text(node.description),
    )


def _directives(nodes: Iterable[DirectiveNode] | None) -> list[Directive]:
    return [
        Directive(node.name.value, {a.name.value: _value(a.value) for a in node.arguments or ()})
        for node in nodes or ()
    ]


def _text(node: StringValueNode | None) -> str | None:
    return node.value if node else None


def _value(node: ValueNode) -> Value:
    match node:
        case StringValueNode():
            return node.value
        case IntValueNode():
            return int(node.value)
        case FloatValueNode():
            return float(node.value)
        case BooleanValueNode():
            return node.value
        case EnumValueNode():
            return EnumLiteral(node.value)
        case ListValueNode():
            return [_value(item) for item in node.values]
        case ObjectValueNode():
            return {field.name.value: _value(field.value) for field in node.fields}
    return None
