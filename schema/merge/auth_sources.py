"""Requirements on access that reach an element from elsewhere.

An interface requires what any type implementing it requires, and its fields what those types' fields
require. A field of an @interfaceObject is a field of every type that implements the interface, and of their
other interfaces.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schema.merge.state import Merge
from schema.model.applications import OnField, OnType
from schema.model.definitions import Element, ObjectType, SchemaDefinition
from schema.specs.auth import AUTH_DIRECTIVES
from schema.subgraph.facts import is_interface_object
from schema.subgraph.states import Subgraph

_Place = tuple[int, Element | SchemaDefinition]


@dataclass(slots=True)
class AuthSources:
    """Elements to take requirements from, by coordinate and directive. `directives` maps to the supergraph's
    names.
    """

    directives: dict[str, str]
    _found: dict[tuple[str, str], list[_Place]] = field(default_factory=dict)

    def of(self, coordinate: str, directive: str) -> list[_Place]:
        """The additional sources of an element."""
        return self._found.get((coordinate, directive), [])

    def add(self, coordinate: str, directive: str, number: int, element: Element) -> None:
        """Notes one more."""
        self._found.setdefault((coordinate, directive), []).append((number, element))


def collect_auth_sources(merge: Merge) -> AuthSources:
    """Goes through the applications of the three directives. Interfaces must know their implementations."""
    directives = {
        composed.spec.name: composed.name
        for composed in merge.links.directives.values()
        if composed.spec.name in AUTH_DIRECTIVES
    }
    sources = AuthSources(directives)
    if not directives:
        return sources
    interfaces: dict[str, list[str]] = {
        type_.name: list(type_.interfaces) for type_ in merge.merged.object_types()
    }
    implementations: dict[str, list[str]] = {}
    for name, implemented in interfaces.items():
        for interface in implemented:
            implementations.setdefault(interface, []).append(name)
    for number, subgraph in enumerate(merge.subgraphs):
        for directive in AUTH_DIRECTIVES:
            for application in subgraph.applied(_name_in(subgraph, directive)):
                match application:
                    case OnType(element=ObjectType() as type_):
                        for interface in interfaces.get(type_.name, ()):
                            sources.add(interface, directive, number, type_)
                    case OnField(parent=ObjectType() as parent, element=field_):
                        if field_ in subgraph.facts.external:
                            continue
                        coordinates = _reached(parent, subgraph, interfaces, implementations)
                        for owner in coordinates:
                            sources.add(f"{owner}.{field_.name}", directive, number, field_)
                    case _:
                        pass
    return sources


def _name_in(subgraph: Subgraph, directive: str) -> str:
    names = subgraph.names
    return {
        "authenticated": names.authenticated,
        "requiresScopes": names.requires_scopes,
        "policy": names.policy,
    }[directive]


def _reached(
    parent: ObjectType,
    subgraph: Subgraph,
    interfaces: dict[str, list[str]],
    implementations: dict[str, list[str]],
) -> Iterable[str]:
    """The types whose field of the same name must require what a field of `parent` requires."""
    if not is_interface_object(parent, subgraph.names):
        return interfaces.get(parent.name, ())
    types = implementations.get(parent.name, [])
    others = dict.fromkeys(name for type_ in types for name in interfaces[type_] if name != parent.name)
    return [*types, *others]
