"""Which object types satisfy a type condition, from the supergraph (inaccessible types included)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
)


@dataclass(frozen=True, slots=True)
class PossibleTypes:
    """`members` maps each interface and union to its object types; `objects` are all object types."""

    members: Mapping[str, frozenset[str]]
    objects: frozenset[str]

    def matching(self, type_condition: str) -> frozenset[str]:
        """Names a `__typename` may have under this condition.

        The condition's own name is one of them: an `@interfaceObject` subgraph answers with the
        interface's name until another subgraph tells the runtime type.
        """
        return self.members.get(type_condition, frozenset()) | {type_condition}

    def matching_any(self, type_conditions: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(self.matching(name) for name in type_conditions))


def possible_types(supergraph: DocumentNode) -> PossibleTypes:
    """O(definitions)."""
    members: dict[str, set[str]] = {}
    objects: set[str] = set()
    for definition in supergraph.definitions:
        match definition:
            case ObjectTypeDefinitionNode() | ObjectTypeExtensionNode():
                objects.add(definition.name.value)
                for interface in definition.interfaces or ():
                    members.setdefault(interface.name.value, set()).add(definition.name.value)
            case UnionTypeDefinitionNode() | UnionTypeExtensionNode():
                types = members.setdefault(definition.name.value, set())
                types.update(member.name.value for member in definition.types or ())
            case InterfaceTypeDefinitionNode() | InterfaceTypeExtensionNode():
                members.setdefault(definition.name.value, set())
            case _:
                pass
    return PossibleTypes({name: frozenset(types) for name, types in members.items()}, frozenset(objects))
