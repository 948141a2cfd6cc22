"""Which tags there are: who names another in a contract hides nothing, or everything."""

from __future__ import annotations

from collections.abc import Iterator

from schema.model.definitions import (
    Element,
    EnumType,
    InputType,
    InterfaceType,
    ObjectType,
    Schema,
    TypeDefinition,
    applied,
)
from schema.supergraph.links import read_features


def tags_of(supergraph: Schema) -> frozenset[str]:
    """The names that the supergraph's `@tag`s have. O(size)."""
    feature = read_features(supergraph).find("tag")
    if feature is None:
        return frozenset()
    directive = feature.directive_name("tag")
    names = (
        application.arguments.get("name")
        for type_ in supergraph.types.values()
        for element in (type_, *_parts(type_))
        for application in applied(element, directive)
    )
    return frozenset(name for name in names if isinstance(name, str))


def _parts(type_: TypeDefinition) -> Iterator[Element]:
    match type_:
        case ObjectType() | InterfaceType():
            for item in type_.fields.values():
                yield item
                yield from item.arguments.values()
        case EnumType():
            yield from type_.values.values()
        case InputType():
            yield from type_.fields.values()
