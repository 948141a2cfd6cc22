"""Which object types satisfy a type condition, from the supergraph (inaccessible types included)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schema.model.definitions import InterfaceType, ObjectType, Schema, UnionType
from schema.model.type_references import is_non_null


@dataclass(frozen=True, slots=True)
class PossibleTypes:
    """`members` maps each interface and union to its object types; `objects` are all object types.

    `non_null` maps object types to their fields that are never null, `fields` to the type references of all.
    """

    members: Mapping[str, frozenset[str]]
    objects: frozenset[str]
    non_null: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def matching(self, type_condition: str) -> frozenset[str]:
        """Names a `__typename` may have under this condition.

        The condition's own name is one of them: an `@interfaceObject` subgraph answers with the
        interface's name until another subgraph tells the runtime type.
        """
        return self.members.get(type_condition, frozenset()) | {type_condition}

    def matching_any(self, type_conditions: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(self.matching(name) for name in type_conditions))


def possible_types(supergraph: Schema) -> PossibleTypes:
    """O(definitions)."""
    members: dict[str, set[str]] = {}
    non_null: dict[str, frozenset[str]] = {}
    fields: dict[str, dict[str, str]] = {}
    for name, definition in supergraph.types.items():
        match definition:
            case ObjectType():
                own = definition.fields.values()
                non_null[name] = frozenset(field.name for field in own if is_non_null(field.type))
                fields[name] = {field.name: field.type for field in own}
                for interface in definition.interfaces:
                    members.setdefault(interface, set()).add(name)
            case UnionType():
                members.setdefault(name, set()).update(definition.members)
            case InterfaceType():
                members.setdefault(name, set())
            case _:
                pass
    return PossibleTypes(
        {name: frozenset(types) for name, types in members.items()}, frozenset(non_null), non_null, fields
    )
