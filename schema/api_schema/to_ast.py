"""A Schema as a document graphql-core can build a GraphQLSchema from. O(size).

Only what execution and introspection read is written: of directives, @deprecated, @specifiedBy and @oneOf.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from graphql import (
    BooleanValueNode,
    ConstArgumentNode,
    ConstDirectiveNode,
    ConstListValueNode,
    ConstObjectFieldNode,
    ConstObjectValueNode,
    ConstValueNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    EnumValueNode,
    FieldDefinitionNode,
    FloatValueNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    IntValueNode,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectTypeDefinitionNode,
    OperationType,
    OperationTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    StringValueNode,
    TypeNode,
    UnionTypeDefinitionNode,
)

from schema.language.values import EnumLiteral, Value
from schema.model.definitions import (
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
from schema.model.type_references import is_list, is_non_null, item_type, nullable

_READ = frozenset({"deprecated", "specifiedBy", "oneOf"})


def schema_to_ast(schema: Schema) -> DocumentNode:
    """The document of a schema."""
    return DocumentNode(definitions=tuple(_definitions(schema)))


def _definitions(schema: Schema) -> Iterator[DefinitionNode]:
    yield SchemaDefinitionNode(
        description=_string(schema.definition.description),
        directives=(),
        operation_types=tuple(
            OperationTypeDefinitionNode(operation=OperationType(kind), type=_named(name))
            for kind, name in schema.definition.roots.items()
        ),
    )
    for directive in schema.directives.values():
        yield _directive_definition(directive)
    for type_ in schema.types.values():
        yield _type(type_)


@lru_cache(maxsize=65536)
def _name(text: str) -> NameNode:
    return NameNode(value=text)


@lru_cache(maxsize=65536)
def _named(text: str) -> NamedTypeNode:
    return NamedTypeNode(name=_name(text))


@lru_cache(maxsize=65536)
def _reference(text: str) -> TypeNode:
    if is_non_null(text):
        inner = _reference(nullable(text))
        assert isinstance(inner, NamedTypeNode | ListTypeNode)
        return NonNullTypeNode(type=inner)
    return ListTypeNode(type=_reference(item_type(text))) if is_list(text) else _named(text)


def _string(text: str | None) -> StringValueNode | None:
    return None if text is None else StringValueNode(value=text, block=True)


def _directive_definition(definition: DirectiveDefinition) -> DirectiveDefinitionNode:
    return DirectiveDefinitionNode(
        name=_name(definition.name),
        description=_string(definition.description),
        arguments=_inputs(definition.arguments),
        repeatable=definition.repeatable,
        locations=tuple(map(_name, definition.locations)),
    )


def _type(type_: TypeDefinition) -> DefinitionNode:
    name, description = _name(type_.name), _string(type_.description)
    directives = _directives(type_.directives)
    match type_:
        case ScalarType():
            return ScalarTypeDefinitionNode(name=name, description=description, directives=directives)
        case ObjectType() | InterfaceType():
            kind = ObjectTypeDefinitionNode if isinstance(type_, ObjectType) else InterfaceTypeDefinitionNode
            return kind(
                name=name,
                description=description,
                directives=directives,
                interfaces=tuple(map(_named, type_.interfaces)),
                fields=tuple(map(_field, type_.fields.values())),
            )
        case UnionType():
            members = tuple(map(_named, type_.members))
            return UnionTypeDefinitionNode(
                name=name, description=description, directives=directives, types=members
            )
        case EnumType():
            values = tuple(map(_enum_value, type_.values.values()))
            return EnumTypeDefinitionNode(
                name=name, description=description, directives=directives, values=values
            )
        case InputType():
            fields = _inputs(type_.fields)
            return InputObjectTypeDefinitionNode(
                name=name, description=description, directives=directives, fields=fields
            )


def _field(field: Field) -> FieldDefinitionNode:
    return FieldDefinitionNode(
        name=_name(field.name),
        description=_string(field.description),
        directives=_directives(field.directives),
        arguments=_inputs(field.arguments),
        type=_reference(field.type),
    )


def _inputs(elements: Mapping[str, InputValue]) -> tuple[InputValueDefinitionNode, ...]:
    return tuple(map(_input, elements.values()))


def _input(element: InputValue) -> InputValueDefinitionNode:
    return InputValueDefinitionNode(
        name=_name(element.name),
        description=_string(element.description),
        directives=_directives(element.directives),
        type=_reference(element.type),
        default_value=_value(element.default) if element.has_default else None,
    )


def _enum_value(value: EnumValue) -> EnumValueDefinitionNode:
    return EnumValueDefinitionNode(
        name=_name(value.name),
        description=_string(value.description),
        directives=_directives(value.directives),
    )


def _directives(directives: Iterable[Directive]) -> tuple[ConstDirectiveNode, ...]:
    return tuple(
        ConstDirectiveNode(
            name=_name(directive.name),
            arguments=tuple(
                ConstArgumentNode(name=_name(name), value=_value(value))
                for name, value in directive.arguments.items()
            ),
        )
        for directive in directives
        if directive.name in _READ
    )


def _value(value: Value) -> ConstValueNode:
    match value:
        case None:
            return NullValueNode()
        case bool():
            return BooleanValueNode(value=value)
        case int():
            return IntValueNode(value=str(value))
        case float():
            return FloatValueNode(value=repr(value))
        case EnumLiteral():
            return EnumValueNode(value=str(value))
        case str():
            return StringValueNode(value=value)
        case list():
            return ConstListValueNode(values=tuple(map(_value, value)))
        case dict():
            return ConstObjectValueNode(
                fields=tuple(ConstObjectFieldNode(name=_name(n), value=_value(v)) for n, v in value.items())
            )
