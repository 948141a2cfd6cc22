"""From a coordinate of the supergraph to where subgraphs write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schema.definitions import (
    NOWHERE,
    Element,
    EnumType,
    InputType,
    InterfaceType,
    ObjectType,
)
from schema.errors import Location
from schema.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class Locator:
    """Finds types (`User`), members (`User.name`, `Role.ADMIN`) and arguments (`Query.user(id:)`)."""

    subgraphs: Sequence[Subgraph]

    def everywhere(self, coordinate: str) -> tuple[Location, ...]:
        """The element's places in all subgraphs that have it."""
        return tuple(place for subgraph in self.subgraphs for place in _in_subgraph(subgraph, coordinate))

    def of_subgraph(self, name: str, coordinate: str) -> Location | None:
        """The element's place in one subgraph; none when the subgraph does not have it."""
        for subgraph in self.subgraphs:
            if subgraph.name == name:
                return next(iter(_in_subgraph(subgraph, coordinate)), None)
        return None


def _in_subgraph(subgraph: Subgraph, coordinate: str) -> tuple[Location, ...]:
    element = _find(subgraph, coordinate)
    if element is None or element.at == NOWHERE:
        return ()
    return (subgraph.source.location(element.at),)


def _find(subgraph: Subgraph, coordinate: str) -> Element | None:
    start, _, argument = coordinate.partition("(")
    type_name, _, member = start.partition(".")
    type_ = subgraph.schema.types.get(type_name)
    if not member:
        return type_
    match type_:
        case ObjectType() | InterfaceType():
            field = type_.fields.get(member)
            return field.arguments.get(argument.rstrip(":)")) if field and argument else field
        case InputType():
            return type_.fields.get(member)
        case EnumType():
            return type_.values.get(member)
    return None
