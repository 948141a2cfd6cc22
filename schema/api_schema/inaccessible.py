"""May everything @inaccessible hides be hidden? The rules of https://specs.apollo.dev/inaccessible/v0.2.

The API schema must still be a schema: nothing visible may refer to what is hidden, lose all its children,
implement a visible interface with a hidden field, or demand a hidden input. Every breach is reported, in
the order of the schema. One walk over the elements with three reverse indexes: O(size).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import introspection_types, specified_scalar_types

from schema.api_schema.default_values import used_by_default
from schema.api_schema.elements import (
    Hiding,
    Input,
    all_inputs,
    hidden_within,
    inputs_of_directive,
    inputs_of_type,
)
from schema.model.built_in import SPECIFIED_DIRECTIVES
from schema.model.definitions import (
    DirectiveDefinition,
    EnumType,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    Schema,
    TypeDefinition,
    UnionType,
)
from schema.model.type_references import base_name
from schema.report.errors import ErrorCode
from schema.supergraph.links import Features

_BUILT_IN_TYPES = frozenset(specified_scalar_types) | frozenset(introspection_types)
_EXECUTABLE_LOCATIONS = frozenset(
    {
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
    }
)


@dataclass(frozen=True, slots=True)
class Breach:
    """One reason an element cannot be hidden; `element` and `referencer` are schema coordinates."""

    code: ErrorCode
    message: str
    element: str
    referencer: str | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rules look up: who visibly refers to a type, who implements it, whose visible default uses an
    element.
    """

    schema: Schema
    hiding: Hiding
    features: Features
    references: dict[str, list[str]]
    implementations: dict[str, list[ObjectType | InterfaceType]]
    defaults: dict[str, list[str]]


def find_breaches(schema: Schema, features: Features, hiding: Hiding) -> list[Breach]:
    """Every rule that hiding breaks; empty when everything hidden can be hidden."""
    facts = _facts(schema, features, hiding)
    breaches: list[Breach] = []
    for type_ in schema.types.values():
        breaches.extend(_check_type(type_, facts))
    for directive in schema.directives.values():
        breaches.extend(_check_directive(directive, features, hiding))
    return breaches


def _facts(schema: Schema, features: Features, hiding: Hiding) -> _Facts:
    references: dict[str, list[str]] = defaultdict(list)
    implementations: dict[str, list[ObjectType | InterfaceType]] = defaultdict(list)
    defaults: dict[str, list[str]] = defaultdict(list)
    for item in all_inputs(schema, hiding):
        if item.visible:
            references[base_name(item.element.type)].append(item.coordinate)
            for used in used_by_default(item.element, schema.types):
                defaults[used].append(item.coordinate)
    for type_ in schema.fields_types():
        for interface in type_.interfaces:
            implementations[interface].append(type_)
        if not hiding.hides(type_):
            for field in type_.fields.values():
                if not hiding.hides(field):
                    references[base_name(field.type)].append(f"{type_.name}.{field.name}")
    return _Facts(schema, hiding, features, references, implementations, defaults)


def _check_type(type_: TypeDefinition, facts: _Facts) -> Iterator[Breach]:
    hiding = facts.hiding
    if type_.name in _BUILT_IN_TYPES or facts.features.owns_type(type_.name):
        kind = "Built-in type" if type_.name in _BUILT_IN_TYPES else "Core feature type"
        yield from _disallowed(f'{kind} "{type_.name}"', type_.name, hidden_within(type_, hiding))
    elif hiding.hides(type_):
        yield from _check_hidden_type(type_.name, facts)
    else:
        yield from _check_has_visible_children(type_, facts)
        if isinstance(type_, ObjectType | InterfaceType):
            for field in type_.fields.values():
                yield from _check_field(type_, field, facts)
        yield from _check_parts(type_, facts)


def _disallowed(subject: str, coordinate: str, hidden: Iterable[str], why: str = "") -> Iterator[Breach]:
    """One breach per definition that may hide nothing at all, however much of it is hidden."""
    first = next(iter(hidden), None)
    if first is not None:
        message = f"{subject} cannot use @inaccessible{why}."
        yield Breach(ErrorCode.DISALLOWED_INACCESSIBLE, message, first, coordinate)


def _check_hidden_type(name: str, facts: _Facts) -> Iterator[Breach]:
    if name == facts.schema.definition.roots.get("query"):
        message = f'Type "{name}" is @inaccessible but is the query root type, which clients must see.'
        yield Breach(ErrorCode.QUERY_ROOT_TYPE_INACCESSIBLE, message, name)
    for referencer in facts.references.get(name, ()):
        message = f'Type "{name}" is @inaccessible but "{referencer}" refers to it and is visible.'
        yield Breach(ErrorCode.REFERENCED_INACCESSIBLE, message, name, referencer)


def _check_has_visible_children(type_: TypeDefinition, facts: _Facts) -> Iterator[Breach]:
    hides = facts.hiding.hides
    match type_:
        case ObjectType() | InterfaceType():
            what, visible = "fields", any(not hides(field) for field in type_.fields.values())
        case InputType():
            what, visible = "input fields", any(not hides(item) for item in type_.fields.values())
        case EnumType():
            what, visible = "values", any(not hides(value) for value in type_.values.values())
        case UnionType():
            members = (facts.schema.types.get(name) for name in type_.members)
            what, visible = "members", any(member is None or not hides(member) for member in members)
        case _:
            return
    if not visible:
        message = f'Type "{type_.name}" is visible but all of its {what} are @inaccessible.'
        yield Breach(ErrorCode.ONLY_INACCESSIBLE_CHILDREN, message, type_.name)


def _check_field(type_: ObjectType | InterfaceType, field: Field, facts: _Facts) -> Iterator[Breach]:
    coordinate = f"{type_.name}.{field.name}"
    if facts.hiding.hides(field):
        for interface, implemented in _implemented(type_, field, facts):
            visible = f"{interface.name}.{implemented.name}"
            yield _implements_visible(f'Field "{coordinate}"', coordinate, visible)
        return
    for argument in field.arguments.values():
        if facts.hiding.hides(argument):
            yield from _check_hidden_argument(type_, field, argument, facts)


def _implemented(
    type_: ObjectType | InterfaceType, field: Field, facts: _Facts
) -> Iterator[tuple[InterfaceType, Field]]:
    """The visible interface fields that a field implements."""
    for name in type_.interfaces:
        interface = facts.schema.types.get(name)
        if isinstance(interface, InterfaceType) and not facts.hiding.hides(interface):
            implemented = interface.fields.get(field.name)
            if implemented is not None and not facts.hiding.hides(implemented):
                yield interface, implemented


def _check_hidden_argument(
    type_: ObjectType | InterfaceType, field: Field, argument: InputValue, facts: _Facts
) -> Iterator[Breach]:
    place = f"{field.name}({argument.name}:)"
    coordinate = f"{type_.name}.{place}"
    subject = f'Argument "{coordinate}"'
    if argument.required:
        yield _required(subject, coordinate, "but its field requires it")
    for implementation in facts.implementations.get(type_.name, ()):
        if _requires_visibly(implementation, field.name, argument.name, facts.hiding):
            referencer = f"{implementation.name}.{place}"
            why = f'but "{referencer}", which implements it, is visible and required'
            yield _required(subject, coordinate, why, referencer)
    for interface, implemented in _implemented(type_, field, facts):
        other = implemented.arguments.get(argument.name)
        if other is not None and not facts.hiding.hides(other):
            yield _implements_visible(subject, coordinate, f"{interface.name}.{place}")


def _requires_visibly(
    type_: ObjectType | InterfaceType, field_name: str, argument_name: str, hiding: Hiding
) -> bool:
    field = type_.fields.get(field_name)
    argument = field.arguments.get(argument_name) if field else None
    if field is None or argument is None or not argument.required:
        return False
    return not (hiding.hides(type_) or hiding.hides(field) or hiding.hides(argument))


def _check_parts(type_: TypeDefinition, facts: _Facts) -> Iterator[Breach]:
    """The hidden fields of an input type and the hidden values of an enum."""
    if isinstance(type_, InputType):
        for item in inputs_of_type(type_, facts.hiding):
            if not item.visible:
                subject = f'Input field "{item.coordinate}"'
                if item.element.required:
                    yield _required(subject, item.coordinate, "but its type requires it")
                yield from _used_in_defaults(subject, item.coordinate, facts)
    elif isinstance(type_, EnumType):
        for value in type_.values.values():
            if facts.hiding.hides(value):
                coordinate = f"{type_.name}.{value.name}"
                yield from _used_in_defaults(f'Enum value "{coordinate}"', coordinate, facts)


def _used_in_defaults(subject: str, coordinate: str, facts: _Facts) -> Iterator[Breach]:
    for referencer in facts.defaults.get(coordinate, ()):
        message = f'{subject} is @inaccessible but the default value of "{referencer}" uses it.'
        yield Breach(ErrorCode.DEFAULT_VALUE_USES_INACCESSIBLE, message, coordinate, referencer)


def _implements_visible(subject: str, coordinate: str, implemented: str) -> Breach:
    message = f'{subject} is @inaccessible but implements "{implemented}", which is visible.'
    return Breach(ErrorCode.IMPLEMENTED_BY_INACCESSIBLE, message, coordinate, implemented)


def _required(subject: str, coordinate: str, why: str, referencer: str | None = None) -> Breach:
    message = f"{subject} is @inaccessible {why}."
    return Breach(ErrorCode.REQUIRED_INACCESSIBLE, message, coordinate, referencer or coordinate)


def _check_directive(directive: DirectiveDefinition, features: Features, hiding: Hiding) -> Iterator[Breach]:
    """Only executable directives of the user may hide arguments: the others never reach clients."""
    name = f"@{directive.name}"
    hidden = [item for item in inputs_of_directive(directive, hiding) if not item.visible]
    coordinates = (item.coordinate for item in hidden)
    type_system = [location for location in directive.locations if location not in _EXECUTABLE_LOCATIONS]
    if directive.name in SPECIFIED_DIRECTIVES:
        yield from _disallowed(f'Built-in directive "{name}"', name, coordinates)
    elif features.owns_directive(directive.name):
        yield from _disallowed(f'Core feature directive "{name}"', name, coordinates)
    elif type_system:
        why = f" because it may be applied to the schema itself ({', '.join(type_system)})"
        yield from _disallowed(f'Directive "{name}"', name, coordinates, why)
    else:
        yield from _required_of_directive(hidden)


def _required_of_directive(hidden: Iterable[Input]) -> Iterator[Breach]:
    for item in hidden:
        if item.element.required:
            subject = f'Argument "{item.coordinate}"'
            yield _required(subject, item.coordinate, "but its directive requires it")
