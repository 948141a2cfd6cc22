"""The elements of a schema by their coordinates, and which of them a directive hides.

Coordinates are those of the GraphQL specification (`Type.field(argument:)`, `Enum.VALUE`,
`@directive(argument:)`), so that messages and callers who know where an element came from speak of the same
thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schema.model.definitions import (
    DirectiveDefinition,
    Element,
    EnumType,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    Schema,
    TypeDefinition,
    has_applied,
)


@dataclass(frozen=True, slots=True)
class Input:
    """An argument or input field and its place; `visible` when neither it nor a parent is hidden."""

    coordinate: str
    element: InputValue
    visible: bool


@dataclass(frozen=True, slots=True)
class Hiding:
    """Which elements of a schema are hidden: those the named directive is applied to."""

    directive: str

    def hides(self, element: Element) -> bool:
        return has_applied(element, self.directive)


def fields_of(type_: TypeDefinition) -> Iterator[Field]:
    """The fields of an object or interface type; other types have none."""
    if isinstance(type_, ObjectType | InterfaceType):
        yield from type_.fields.values()


def inputs_of_type(type_: TypeDefinition, hiding: Hiding) -> Iterator[Input]:
    """Every argument of the type's fields, or every input field."""
    type_visible = not hiding.hides(type_)
    for field in fields_of(type_):
        field_visible = type_visible and not hiding.hides(field)
        for argument in field.arguments.values():
            visible = field_visible and not hiding.hides(argument)
            yield Input(f"{type_.name}.{field.name}({argument.name}:)", argument, visible)
    if isinstance(type_, InputType):
        for item in type_.fields.values():
            yield Input(f"{type_.name}.{item.name}", item, type_visible and not hiding.hides(item))


def inputs_of_directive(directive: DirectiveDefinition, hiding: Hiding) -> Iterator[Input]:
    for argument in directive.arguments.values():
        coordinate = f"@{directive.name}({argument.name}:)"
        yield Input(coordinate, argument, not hiding.hides(argument))


def all_inputs(schema: Schema, hiding: Hiding) -> Iterator[Input]:
    """Every argument and input field of a schema."""
    for directive in schema.directives.values():
        yield from inputs_of_directive(directive, hiding)
    for type_ in schema.types.values():
        yield from inputs_of_type(type_, hiding)


def hidden_within(type_: TypeDefinition, hiding: Hiding) -> Iterator[str]:
    """The coordinates of all that is hidden of a type: itself, and its parts at any depth."""
    if hiding.hides(type_):
        yield type_.name
    for field in fields_of(type_):
        if hiding.hides(field):
            yield f"{type_.name}.{field.name}"
    for item in inputs_of_type(type_, hiding):
        if hiding.hides(item.element):
            yield item.coordinate
    if isinstance(type_, EnumType):
        for value in type_.values.values():
            if hiding.hides(value):
                yield f"{type_.name}.{value.name}"
