"""The supergraph of a variant: @inaccessible on all that is cut, its specification linked if it was not."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from schema.contract.cut import Cut
from schema.language.values import EnumLiteral
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

_Part = TypeVar("_Part", Field, InputValue, EnumValue)

INACCESSIBLE_URL = "https://specs.apollo.dev/inaccessible/v0.2"
_LOCATIONS = (
    "FIELD_DEFINITION",
    "OBJECT",
    "INTERFACE",
    "UNION",
    "ARGUMENT_DEFINITION",
    "SCALAR",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
)


def mark(cut: Cut, directive: str) -> Schema:
    """The supergraph with @inaccessible on all that is cut, and the specification linked if it was not."""
    types = {name: _marked_type(type_, cut, directive) for name, type_ in cut.schema.types.items()}
    if cut.hiding is not None or not (cut.types or cut.parts):
        return Schema(types, cut.schema.directives, cut.schema.definition)
    definition = DirectiveDefinition(directive, {}, False, _LOCATIONS)
    directives = dict(sorted({**cut.schema.directives, directive: definition}.items()))
    link = Directive("link", {"url": INACCESSIBLE_URL, "for": EnumLiteral("SECURITY")})
    schema_definition = replace(
        cut.schema.definition, directives=[*cut.schema.definition.directives, link], written=True
    )
    return Schema(types, directives, schema_definition)


def _marked_type(type_: TypeDefinition, cut: Cut, directive: str) -> TypeDefinition:
    match type_:
        case ObjectType() | InterfaceType():
            fields = {name: _marked_field(item, cut, directive) for name, item in type_.fields.items()}
            marked: TypeDefinition = replace(type_, fields=fields)
        case InputType():
            inputs = {name: _marked_part(item, cut, directive) for name, item in type_.fields.items()}
            marked = replace(type_, fields=inputs)
        case EnumType():
            values = {name: _marked_part(value, cut, directive) for name, value in type_.values.items()}
            marked = replace(type_, values=values)
        case UnionType() | ScalarType():
            marked = replace(type_)
    if type_.name in cut.types and not cut.is_inaccessible(type_):
        marked.directives = [*type_.directives, Directive(directive, {})]
    return marked


def _marked_field(item: Field, cut: Cut, directive: str) -> Field:
    arguments = {name: _marked_part(a, cut, directive) for name, a in item.arguments.items()}
    return replace(_marked_part(item, cut, directive), arguments=arguments)


def _marked_part(part: _Part, cut: Cut, directive: str) -> _Part:
    if part not in cut.parts or cut.is_inaccessible(part):
        return part
    return replace(part, directives=[*part.directives, Directive(directive, {})])
