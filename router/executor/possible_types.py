"""Which object types satisfy a type condition, from the supergraph (inaccessible types included)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
)


@dataclass(frozen=True, slots=True)
class PossibleTypes:
    """`members` maps each interface and union to its object types; `objects` are all object types.

    `non_null` maps object types to their fields that are never null, `named` to the types of their fields.
    """

    members: Mapping[str, frozenset[str]]
    objects: frozenset[str]
    non_null: Mapping[str, frozenset[str]] = field(default_factory=dict)
    named: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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
    non_null: dict[str, frozenset[str]] = {}
    named: dict[str, dict[str, str]] = {}
    for definition in supergraph.definitions:
        match definition:
            case ObjectTypeDefinitionNode() | ObjectTypeExtensionNode():
                objects.add(definition.name.value)
                non_null[definition.name.value] = _non_null(definition)
                named[definition.name.value] = {f.name.value: _named(f.type) for f in definition.fields or ()}
                for interface in definition.interfaces or ():
                    members.setdefault(interface.name.value, set()).add(definition.name.value)
            case UnionTypeDefinitionNode() | UnionTypeExtensionNode():
                types = members.setdefault(definition.name.value, set())
                types.update(member.name.value for member in definition.types or ())
            case InterfaceTypeDefinitionNode() | InterfaceTypeExtensionNode():
                members.setdefault(definition.name.value, set())
            case _:
                pass
    return PossibleTypes(
        {name: frozenset(types) for name, types in members.items()}, frozenset(objects), non_null, named
    )


def _non_null(definition: ObjectTypeDefinitionNode | ObjectTypeExtensionNode) -> frozenset[str]:
    return frozenset(f.name.value for f in definition.fields or () if isinstance(f.type, NonNullTypeNode))


def _named(type_: TypeNode) -> str:
    while isinstance(type_, NonNullTypeNode | ListTypeNode):
        type_ = type_.type
    assert isinstance(type_, NamedTypeNode)
    return type_.name.value
