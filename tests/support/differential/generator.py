"""What the stages of schema generation share: the seeded choices, and making types known to subgraphs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.differential.model import Declaration, Field, Key, Model, Type

ROOTS = ("Query", "Mutation")
INTERFACE_OBJECTS = "o"
"""The subgraph of interface objects: it may not know the interface's members, so it does nothing else."""
SCALARS = ("String", "Int", "Float", "Boolean", "ID")
KEY_FIELDS = ("id", "sku", "x", "y", "ref")


@dataclass(slots=True)
class Generator:
    random: random.Random
    model: Model
    names: int = 0

    @classmethod
    def of(cls, seed: int) -> Generator:
        chooser = random.Random(seed)
        return cls(chooser, Model(seed, list("abcd"[: chooser.randint(2, 4)])))

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def some(self, items: Sequence[str], low: int = 1, high: int | None = None) -> list[str]:
        """Some of the items, in their order."""
        count = self.random.randint(low, min(high or len(items), len(items)))
        chosen = set(self.random.sample(items, count))
        return [item for item in items if item in chosen]

    def fresh(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def add(self, type_: Type) -> Type:
        self.model.types[type_.name] = type_
        return type_

    def of_kind(self, kind: str) -> list[Type]:
        types = self.model.types.values()
        match kind:
            case "entity":
                return [t for t in types if t.is_entity and t.name.startswith("E")]
            case "value":
                return [t for t in types if t.kind == "object" and t.name.startswith("V")]
            case _:
                return [t for t in types if t.kind == kind]

    def is_leaf(self, field: Field) -> bool:
        named = self.model.types.get(field.named_type)
        return named is None or named.kind == "enum"

    # -- fields

    def any_field(self, kinds: Sequence[str]) -> Field:
        kind = self.random.choice(kinds)
        named = self.random.choice((*SCALARS, "Color"))
        targets = [] if kind == "scalar" else self.of_kind(kind)
        if targets:
            named = self.random.choice(targets).name
        return Field(self.fresh("f"), self.wrapped(named), self.any_arguments())

    def any_arguments(self) -> dict[str, str]:
        arguments = {}
        for name, type_, percent in (("n", "Int = 1", 20), ("c", "Color", 12), ("i", "In", 8)):
            if self.chance(percent):
                arguments[name] = type_
        return arguments

    def wrapped(self, named: str) -> str:
        if self.chance(30):
            named += "!"
        if self.chance(25):
            named = f"[{named}]"
            if self.chance(8):
                named = f"[{named}]"
            if self.chance(30):
                named += "!"
        return named

    def declare(self, type_: Type, field: Field, subgraphs: Sequence[str]) -> None:
        """The named subgraphs resolve the field, shared when there are several."""
        type_.fields[field.name] = field
        for subgraph in subgraphs:
            self.ensure(type_.name, subgraph)
            self.ensure_type_of(field, subgraph)
            field.declared[subgraph] = Declaration(shareable=len(subgraphs) > 1)

    def share(self, field: Field, subgraph: str) -> None:
        """A further subgraph resolves the field."""
        field.declared.setdefault(subgraph, Declaration())
        if field.name not in KEY_FIELDS:
            for declaration in field.declared.values():
                declaration.shareable = declaration.shareable or len(field.declared) > 1

    # -- types in subgraphs

    def ensure_type_of(self, field: Field, subgraph: str) -> None:
        if field.named_type in self.model.types:
            self.ensure(field.named_type, subgraph)

    def ensure(self, name: str, subgraph: str) -> None:
        """Makes a type known to a subgraph: an entity as a stub, a value type whole."""
        type_ = self.model.types[name]
        if subgraph in type_.subgraphs:
            return
        type_.subgraphs.append(subgraph)
        if type_.is_entity:
            keys = [key.fields for declared in type_.keys.values() for key in declared]
            self.add_key(type_, subgraph, self.random.choice(keys), resolvable=self.chance(50))
        elif type_.kind in ("interface", "union"):
            self._abstract_in(type_, subgraph)
        elif type_.kind == "object" and name not in ROOTS:
            for field in type_.fields.values():
                self.ensure_type_of(field, subgraph)
                field.declared[subgraph] = Declaration(shareable=True)

    def _abstract_in(self, type_: Type, subgraph: str) -> None:
        """The members and fields of a subgraph that has the type already."""
        source = type_.subgraphs[0]
        type_.members[subgraph] = list(type_.members[source])
        for member in type_.members[subgraph]:
            self.ensure(member, subgraph)
        for field in type_.fields.values():
            if source not in field.declared:
                continue
            self.ensure_type_of(field, subgraph)
            field.declared[subgraph] = Declaration()
            for member in type_.members[subgraph]:
                self.share(self.model.types[member].fields[field.name], subgraph)

    def add_key(self, type_: Type, subgraph: str, fields: str, resolvable: bool = True) -> None:
        if any(key.fields == fields for key in type_.keys.get(subgraph, [])):
            return
        type_.keys.setdefault(subgraph, []).append(Key(fields, resolvable))
        names = ["ref"] if fields.startswith("ref") else fields.split()
        for name in names:
            if name == "ref":
                self.ensure(f"{type_.name}Ref", subgraph)
            type_.fields[name].declared.setdefault(subgraph, Declaration(shareable=True))

    def entered(self, type_: Type) -> list[str]:
        """Subgraphs that resolve the entity by a key."""
        return [
            s
            for s in type_.subgraphs
            if s != INTERFACE_OBJECTS and any(k.resolvable for k in type_.keys.get(s, []))
        ]
