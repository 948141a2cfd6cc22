"""A federated schema as a value: types, who declares which of their fields, and how.

The generator fills a `Model`; `sdl.py` prints a subgraph from it, `world.py` derives data from it. A field's
`declared` says, per subgraph, in which way that subgraph declares it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["object", "interface", "union", "enum", "input"]


@dataclass(slots=True)
class Declaration:
    """One subgraph's way of declaring a field."""

    external: bool = False
    shareable: bool = False
    requires: str | None = None
    provides: str | None = None
    override: str | None = None
    overridden: bool = False
    """Another subgraph took the field over: this one still declares it and must not be asked."""
    label: str | None = None
    """The override holds only while the label is on."""
    context: str | None = None
    """The argument `a` comes from the context: `$name { field }`."""
    type: str | None = None
    """As this subgraph has it, where that is not the field's: nullable where the field never is null."""

    @property
    def resolves(self) -> bool:
        return not self.external and (not self.overridden or self.label is not None)

    def may_be_asked(self, labels: frozenset[str]) -> bool:
        on = self.label is None or self.label in labels
        return not self.overridden if on else self.override is None


@dataclass(slots=True)
class Field:
    name: str
    type: str
    """As in SDL, e.g. `[E1!]`."""
    arguments: dict[str, str] = field(default_factory=dict)
    """Argument name to its type, with a default if it has one: `Int = 1`."""
    declared: dict[str, Declaration] = field(default_factory=dict)

    @property
    def named_type(self) -> str:
        return self.type.strip("[]!")


@dataclass(slots=True)
class Key:
    fields: str
    resolvable: bool = True


@dataclass(slots=True)
class Type:
    name: str
    kind: Kind = "object"
    fields: dict[str, Field] = field(default_factory=dict)
    subgraphs: list[str] = field(default_factory=list)
    keys: dict[str, list[Key]] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    """Interface or union: per subgraph, the object types that belong to it there."""
    interface_object_in: str | None = None
    contexts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Per subgraph the context's name the type sets, and the field it is taken from."""
    values: list[str] = field(default_factory=list)

    @property
    def is_entity(self) -> bool:
        return bool(self.keys) and self.kind == "object"

    def all_members(self) -> list[str]:
        return sorted({name for names in self.members.values() for name in names})


@dataclass(slots=True)
class Model:
    seed: int
    subgraphs: list[str]
    types: dict[str, Type] = field(default_factory=dict)

    def possible(self, name: str, subgraph: str) -> list[str]:
        """Concrete types an object of type `name` can have when `subgraph` returns it."""
        type_ = self.types[name]
        if type_.kind == "object":
            return [name]
        if type_.interface_object_in == subgraph:
            return type_.all_members()
        return type_.members.get(subgraph, [])

    def field_of(self, concrete: str, name: str) -> Field:
        """A concrete type's field: its own, or one an @interfaceObject adds to an interface it belongs to."""
        own = self.types[concrete].fields.get(name)
        if own is not None:
            return own
        for interface in self.types.values():
            if (
                interface.kind == "interface"
                and name in interface.fields
                and concrete in interface.all_members()
            ):
                return interface.fields[name]
        raise KeyError(f"{concrete}.{name}")
