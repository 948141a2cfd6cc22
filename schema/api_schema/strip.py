"""Remove machinery and hidden elements from a schema; untouched elements are shared with it, not copied.

Three things go: definitions a feature owns (and the schema definition's @link applications), elements marked
@inaccessible, and a definition of @defer or @stream, which the router provides itself. Applications of
removed directives may stay on visible elements: printing and execution read none but @deprecated,
@specifiedBy and @oneOf.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from schema.api_schema.elements import Hiding
from schema.model.definitions import (
    EnumType,
    EnumValue,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    Schema,
    TypeDefinition,
    UnionType,
)
from schema.supergraph.links import Features

_PROVIDED_BY_THE_ROUTER = frozenset({"defer", "stream"})
_Element = TypeVar("_Element", Field, InputValue, EnumValue)


def strip(schema: Schema, features: Features, hiding: Hiding | None) -> Schema:
    """The schema without what clients must not see; nothing is hidden when `hiding` is None. O(size)."""
    own = {name: type_ for name, type_ in schema.types.items() if not features.owns_type(name)}
    if hiding is not None:
        hidden = frozenset(name for name, type_ in schema.types.items() if hiding.hides(type_))
        own = {name: _type(type_, hiding, hidden) for name, type_ in own.items() if name not in hidden}
    directives = {
        name: replace(definition, arguments=_visible(definition.arguments, hiding))
        for name, definition in schema.directives.items()
        if name not in _PROVIDED_BY_THE_ROUTER and not features.owns_directive(name)
    }
    hidden_roots = schema.types.keys() - own.keys()
    roots = {kind: name for kind, name in schema.definition.roots.items() if name not in hidden_roots}
    return Schema(own, directives, replace(schema.definition, directives=[], roots=roots))


def _type(type_: TypeDefinition, hiding: Hiding, hidden: frozenset[str]) -> TypeDefinition:
    match type_:
        case ObjectType() | InterfaceType():
            interfaces = {name: at for name, at in type_.interfaces.items() if name not in hidden}
            fields = {name: _field(field, hiding) for name, field in _visible(type_.fields, hiding).items()}
            return replace(type_, interfaces=interfaces, fields=fields)
        case UnionType():
            members = {name: at for name, at in type_.members.items() if name not in hidden}
            return replace(type_, members=members)
        case EnumType():
            return replace(type_, values=_visible(type_.values, hiding))
        case InputType():
            return replace(type_, fields=_visible(type_.fields, hiding))
        case _:
            return type_


def _field(field: Field, hiding: Hiding) -> Field:
    arguments = _visible(field.arguments, hiding)
    return field if len(arguments) == len(field.arguments) else replace(field, arguments=arguments)


def _visible(elements: Mapping[str, _Element], hiding: Hiding | None) -> dict[str, _Element]:
    return {
        name: element for name, element in elements.items() if hiding is None or not hiding.hides(element)
    }
