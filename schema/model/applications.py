"""Where each directive is applied in a schema: one walk, then a lookup per directive.

Rules about a directive look at its applications only, so a schema that uses few directives is checked
quickly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

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
    Schema,
    SchemaDefinition,
    TypeDefinition,
)


@dataclass(frozen=True, slots=True)
class OnSchema:
    """On the schema definition."""

    directive: Directive
    element: SchemaDefinition
    coordinate: str = "schema"
    location: str = "SCHEMA"


@dataclass(frozen=True, slots=True)
class OnType:
    """On a type."""

    directive: Directive
    element: TypeDefinition
    location: str

    @property
    def coordinate(self) -> str:
        """The type's name."""
        return self.element.name


@dataclass(frozen=True, slots=True)
class OnField:
    """On a field of an object or interface type."""

    directive: Directive
    element: Field
    parent: ObjectType | InterfaceType
    location: str = "FIELD_DEFINITION"

    @property
    def coordinate(self) -> str:
        """`Type.field`."""
        return f"{self.parent.name}.{self.element.name}"


@dataclass(frozen=True, slots=True)
class OnArgument:
    """On an argument of a field, or of a directive definition."""

    directive: Directive
    element: InputValue
    field: Field | None
    parent: ObjectType | InterfaceType | DirectiveDefinition
    location: str = "ARGUMENT_DEFINITION"

    @property
    def coordinate(self) -> str:
        """`Type.field(argument:)` or `@directive(argument:)`."""
        if self.field is None:
            return f"@{self.parent.name}({self.element.name}:)"
        return f"{self.parent.name}.{self.field.name}({self.element.name}:)"


@dataclass(frozen=True, slots=True)
class OnMember:
    """On a value of an enum, or a field of an input type."""

    directive: Directive
    element: EnumValue | InputValue
    parent: EnumType | InputType
    location: str

    @property
    def coordinate(self) -> str:
        """`Type.member`."""
        return f"{self.parent.name}.{self.element.name}"


Application: TypeAlias = OnSchema | OnType | OnField | OnArgument | OnMember

_TYPE_LOCATIONS = {
    "ScalarType": "SCALAR",
    "ObjectType": "OBJECT",
    "InterfaceType": "INTERFACE",
    "UnionType": "UNION",
    "EnumType": "ENUM",
    "InputType": "INPUT_OBJECT",
}


def index_applications(schema: Schema) -> dict[str, list[Application]]:
    """All applications by directive name, in the order of the schema. Linear in the schema."""
    index: dict[str, list[Application]] = {}

    def add(application: Application) -> None:
        index.setdefault(application.directive.name, []).append(application)

    for definition in schema.directives.values():
        for argument in definition.arguments.values():
            for directive in argument.directives:
                add(OnArgument(directive, argument, None, definition))
    for directive in schema.definition.directives:
        add(OnSchema(directive, schema.definition))
    for type_ in schema.types.values():
        for directive in type_.directives:
            add(OnType(directive, type_, _TYPE_LOCATIONS[type(type_).__name__]))
        match type_:
            case ObjectType() | InterfaceType():
                for field in type_.fields.values():
                    for directive in field.directives:
                        add(OnField(directive, field, type_))
                    for argument in field.arguments.values():
                        for directive in argument.directives:
                            add(OnArgument(directive, argument, field, type_))
            case EnumType():
                for value in type_.values.values():
                    for directive in value.directives:
                        add(OnMember(directive, value, type_, "ENUM_VALUE"))
            case InputType():
                for member in type_.fields.values():
                    for directive in member.directives:
                        add(OnMember(directive, member, type_, "INPUT_FIELD_DEFINITION"))
            case _:
                pass
    return index
