"""From a coordinate of the supergraph to where subgraphs write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schema.model.definitions import (
    NOWHERE,
    DirectiveDefinition,
    Element,
    EnumType,
    InputType,
    InterfaceType,
    ObjectType,
    SchemaDefinition,
)
from schema.report.errors import Location
from schema.subgraph.states import Subgraph


@dataclass(frozen=True, slots=True)
class Locator:
    """Finds types (`User`), members (`User.name`, `Role.ADMIN`), arguments (`Query.user(id:)`), directives
    (`@key`, `@key(fields:)`) and the schema definition (`schema`)."""

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

    def applications(self, coordinate: str, directive: str) -> tuple[Location, ...]:
        """Where subgraphs apply a directive to the element; the element's places when none calls it that."""
        found = tuple(
            subgraph.source.location(application.at)
            for subgraph in self.subgraphs
            for application in getattr(_find(subgraph, coordinate), "directives", ())
            if application.name == directive and application.at != NOWHERE
        )
        return found or self.everywhere(coordinate)


def _in_subgraph(subgraph: Subgraph, coordinate: str) -> tuple[Location, ...]:
    element = _find(subgraph, coordinate)
    if element is None or element.at == NOWHERE:
        return ()
    return (subgraph.source.location(element.at),)


def _find(subgraph: Subgraph, coordinate: str) -> Element | SchemaDefinition | DirectiveDefinition | None:
    if coordinate == "schema":
        return subgraph.schema.definition
    if coordinate.startswith("@"):
        return _find_of_directive(subgraph, coordinate)
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


def _find_of_directive(subgraph: Subgraph, coordinate: str) -> Element | DirectiveDefinition | None:
    name, _, argument = coordinate[1:].partition("(")
    definition = subgraph.schema.directives.get(name)
    return definition.arguments.get(argument.rstrip(":)")) if definition and argument else definition
