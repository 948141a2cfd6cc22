"""May everything @inaccessible hides be hidden? The rules of https://specs.apollo.dev/inaccessible/v0.2.

The API schema must still be a schema: nothing visible may refer to what is hidden, lose all its children,
implement a visible interface with a hidden field, or demand a hidden input. Every breach is reported, in
the order of the document. One walk over the elements with three reverse indexes: O(size).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import (
    DirectiveLocation,
    introspection_types,
    specified_directives,
    specified_scalar_types,
)

from schema.api_schema.default_values import elements_used_by_default
from schema.api_schema.elements import (
    DirectiveElement,
    Elements,
    EnumValueElement,
    FieldElement,
    InputElement,
    TypeElement,
    TypeKind,
    named_type,
)
from schema.api_schema.features import Features
from schema.errors import ErrorCode

_BUILT_IN_TYPES = frozenset(specified_scalar_types) | frozenset(introspection_types)
_BUILT_IN_DIRECTIVES = frozenset(directive.name for directive in specified_directives)
_TYPE_SYSTEM_LOCATIONS = frozenset(
    location.name
    for location in DirectiveLocation
    if list(DirectiveLocation).index(location) >= list(DirectiveLocation).index(DirectiveLocation.SCHEMA)
)


@dataclass(frozen=True, slots=True)
class Breach:
    """One reason an element cannot be hidden; `element` and `referencer` are schema coordinates."""

    code: ErrorCode
    message: str
    element: str
    referencer: str | None = None


@dataclass(frozen=True, slots=True)
class _Referencer:
    """A field, argument or input field, and whether clients would see it."""

    coordinate: str
    visible: bool


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rules look up: who refers to a type, who implements it, whose default uses an element."""

    elements: Elements
    features: Features
    query_type: str
    references: dict[str, list[_Referencer]]
    implementations: dict[str, list[TypeElement]]
    defaults: dict[str, list[_Referencer]]


def find_breaches(elements: Elements, features: Features, query_type: str) -> list[Breach]:
    """Every rule an @inaccessible of these elements breaks; empty when all of them can be hidden."""
    facts = _Facts(elements, features, query_type, *_reverse_indexes(elements))
    breaches: list[Breach] = []
    for element in elements.types.values():
        breaches.extend(_check_type(element, facts))
    for directive in elements.directives.values():
        breaches.extend(_check_directive(directive, features))
    return breaches


def _reverse_indexes(
    elements: Elements,
) -> tuple[dict[str, list[_Referencer]], dict[str, list[TypeElement]], dict[str, list[_Referencer]]]:
    references: dict[str, list[_Referencer]] = defaultdict(list)
    implementations: dict[str, list[TypeElement]] = defaultdict(list)
    defaults: dict[str, list[_Referencer]] = defaultdict(list)

    def add_input(element: InputElement, parent_visible: bool) -> None:
        referencer = _Referencer(element.coordinate, parent_visible and not element.hidden)
        references[named_type(element.type)].append(referencer)
        for used in elements_used_by_default(element, elements):
            defaults[used].append(referencer)

    for directive in elements.directives.values():
        for argument in directive.arguments.values():
            add_input(argument, True)
    for element in elements.types.values():
        for interface in element.interfaces:
            implementations[interface].append(element)
        for item in element.fields.values():
            visible = not element.hidden and not item.hidden
            references[named_type(item.type)].append(_Referencer(item.coordinate, visible))
            for argument in item.arguments.values():
                add_input(argument, visible)
        for input_field in element.inputs.values():
            add_input(input_field, not element.hidden)
    return references, implementations, defaults


def _check_type(element: TypeElement, facts: _Facts) -> Iterator[Breach]:
    if element.name in _BUILT_IN_TYPES or facts.features.owns_type(element.name):
        kind = "Built-in type" if element.name in _BUILT_IN_TYPES else "Core feature type"
        yield from _disallowed(f'{kind} "{element.name}"', element.name, _hidden_within_type(element))
    elif element.hidden:
        yield from _check_hidden_type(element, facts)
    else:
        yield from _check_has_visible_children(element, facts.elements)
        for item in element.fields.values():
            yield from _check_field(element, item, facts)
        for input_field in element.inputs.values():
            yield from _check_input_field(input_field, facts)
        for value in element.values.values():
            if value.hidden:
                yield from _used_in_defaults(f'Enum value "{value.coordinate}"', value.coordinate, facts)


def _disallowed(subject: str, coordinate: str, hidden: Iterable[str], why: str = "") -> Iterator[Breach]:
    """One breach per definition that may hide nothing at all, however much of it is hidden."""
    first = next(iter(hidden), None)
    if first is not None:
        message = f"{subject} cannot use @inaccessible{why}."
        yield Breach(ErrorCode.DISALLOWED_INACCESSIBLE, message, first, coordinate)


def _hidden_within_type(element: TypeElement) -> Iterator[str]:
    if element.hidden:
        yield element.name
    for item in element.fields.values():
        if item.hidden:
            yield item.coordinate
        yield from _hidden_coordinates(item.arguments.values())
    yield from _hidden_coordinates(element.inputs.values())
    yield from _hidden_coordinates(element.values.values())


def _hidden_coordinates(elements: Iterable[InputElement | EnumValueElement]) -> Iterator[str]:
    return (element.coordinate for element in elements if element.hidden)


def _check_hidden_type(element: TypeElement, facts: _Facts) -> Iterator[Breach]:
    name = element.name
    if name == facts.query_type:
        message = f'Type "{name}" is @inaccessible but is the query root type, which clients must see.'
        yield Breach(ErrorCode.QUERY_ROOT_TYPE_INACCESSIBLE, message, name)
    for referencer in facts.references.get(name, ()):
        if referencer.visible:
            message = (
                f'Type "{name}" is @inaccessible but "{referencer.coordinate}" refers to it and is visible.'
            )
            yield Breach(ErrorCode.REFERENCED_INACCESSIBLE, message, name, referencer.coordinate)


def _check_has_visible_children(element: TypeElement, elements: Elements) -> Iterator[Breach]:
    match element.kind:
        case TypeKind.OBJECT | TypeKind.INTERFACE:
            what, visible = "fields", any(not item.hidden for item in element.fields.values())
        case TypeKind.INPUT_OBJECT:
            what, visible = "input fields", any(not item.hidden for item in element.inputs.values())
        case TypeKind.ENUM:
            what, visible = "values", any(not value.hidden for value in element.values.values())
        case TypeKind.UNION:
            what, visible = "members", any(_is_visible_type(name, elements) for name in element.members)
        case TypeKind.SCALAR:
            return
    if not visible:
        message = f'Type "{element.name}" is visible but all of its {what} are @inaccessible.'
        yield Breach(ErrorCode.ONLY_INACCESSIBLE_CHILDREN, message, element.name)


def _is_visible_type(name: str, elements: Elements) -> bool:
    element = elements.types.get(name)
    return element is None or not element.hidden


def _check_field(element: TypeElement, item: FieldElement, facts: _Facts) -> Iterator[Breach]:
    interfaces = [facts.elements.types[name] for name in element.interfaces if name in facts.elements.types]
    if item.hidden:
        for interface in interfaces:
            implemented = interface.fields.get(item.name)
            if implemented and not implemented.hidden and not interface.hidden:
                yield _implements_visible(
                    f'Field "{item.coordinate}"', item.coordinate, implemented.coordinate
                )
        return
    for argument in item.arguments.values():
        if argument.hidden:
            yield from _check_hidden_argument(element, item, argument, interfaces, facts)


def _check_hidden_argument(
    element: TypeElement,
    item: FieldElement,
    argument: InputElement,
    interfaces: list[TypeElement],
    facts: _Facts,
) -> Iterator[Breach]:
    subject = f'Argument "{argument.coordinate}"'
    if argument.required:
        yield _required(subject, argument.coordinate, "but its field requires it")
    for implementation in facts.implementations.get(element.name, ()):
        field = implementation.fields.get(item.name)
        implementing = field.arguments.get(argument.name) if field else None
        if field is None or implementing is None or implementation.hidden or field.hidden:
            continue
        if implementing.required and not implementing.hidden:
            why = f'but "{implementing.coordinate}", which implements it, is visible and required'
            yield _required(subject, argument.coordinate, why, implementing.coordinate)
    for interface in interfaces:
        implemented_field = interface.fields.get(item.name)
        if implemented_field is None or interface.hidden or implemented_field.hidden:
            continue
        implemented = implemented_field.arguments.get(argument.name)
        if implemented and not implemented.hidden:
            yield _implements_visible(subject, argument.coordinate, implemented.coordinate)


def _check_input_field(input_field: InputElement, facts: _Facts) -> Iterator[Breach]:
    if not input_field.hidden:
        return
    subject = f'Input field "{input_field.coordinate}"'
    if input_field.required:
        yield _required(subject, input_field.coordinate, "but its type requires it")
    yield from _used_in_defaults(subject, input_field.coordinate, facts)


def _used_in_defaults(subject: str, coordinate: str, facts: _Facts) -> Iterator[Breach]:
    for referencer in facts.defaults.get(coordinate, ()):
        if referencer.visible:
            message = (
                f'{subject} is @inaccessible but the default value of "{referencer.coordinate}" uses it.'
            )
            code = ErrorCode.DEFAULT_VALUE_USES_INACCESSIBLE
            yield Breach(code, message, coordinate, referencer.coordinate)


def _implements_visible(subject: str, coordinate: str, implemented: str) -> Breach:
    message = f'{subject} is @inaccessible but implements "{implemented}", which is visible.'
    return Breach(ErrorCode.IMPLEMENTED_BY_INACCESSIBLE, message, coordinate, implemented)


def _required(subject: str, coordinate: str, why: str, referencer: str | None = None) -> Breach:
    message = f"{subject} is @inaccessible {why}."
    return Breach(ErrorCode.REQUIRED_INACCESSIBLE, message, coordinate, referencer or coordinate)


def _check_directive(directive: DirectiveElement, features: Features) -> Iterator[Breach]:
    """Only executable directives of the user may hide arguments: the others never reach clients."""
    name = f"@{directive.name}"
    hidden = _hidden_coordinates(directive.arguments.values())
    type_system = [location for location in directive.locations if location in _TYPE_SYSTEM_LOCATIONS]
    if directive.name in _BUILT_IN_DIRECTIVES:
        yield from _disallowed(f'Built-in directive "{name}"', name, hidden)
    elif features.owns_directive(directive.name):
        yield from _disallowed(f'Core feature directive "{name}"', name, hidden)
    elif type_system:
        why = f" because it may be applied to the schema itself ({', '.join(type_system)})"
        yield from _disallowed(f'Directive "{name}"', name, hidden, why)
    else:
        for argument in directive.arguments.values():
            if argument.hidden and argument.required:
                subject = f'Argument "{argument.coordinate}"'
                yield _required(subject, argument.coordinate, "but its directive requires it")
