"""The response keys at a path: which the client's operation uses there, and for what.

Keys of entities and inputs of @requires are put into the same objects as the client's fields. Where the
client uses the key's name for something else (an alias, other arguments), the internal field gets an alias of
its own, and the representation is renamed back by an input rewrite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from router.operation import TYPENAME, Field


@dataclass(eq=False, slots=True)
class ResponseKeys:
    """`sources` are the client's selections that meet at this path."""

    type_name: str
    sources: list[tuple[Field, ...]]
    children: dict[str, ResponseKeys] = field(default_factory=dict)
    aliases: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """(field name, arguments, type selected on) of an internal field → its response key."""

    def below(self, key: str, type_name: str) -> ResponseKeys:
        """The response keys of the objects at a key."""
        found = self.children.get(key)
        if found is None:
            sources = [f.children for f in self.fields() if f.key == key and f.children]
            found = self.children[key] = ResponseKeys(type_name, sources)
        return found

    def fields(self) -> Iterable[Field]:
        return (f for source in self.sources for f in source)

    def alias(self, name: str, arguments: str, on: str, possible: Mapping[str, frozenset[str]]) -> str:
        """The response key of an internal field selected on type `on`."""
        known = self.aliases.get((name, arguments, on))
        if known is None:
            free = name == TYPENAME or self._is_free(name)
            known = name if free else self._free_alias(name, arguments, on, possible)
            self.aliases[name, arguments, on] = known
        return known

    def _is_free(self, name: str) -> bool:
        """No field has it as its key, on whatever type."""
        return name not in self.aliases.values() and all(f.key != name for f in self.fields())

    def _free_alias(self, name: str, arguments: str, on: str, possible: Mapping[str, frozenset[str]]) -> str:
        """The name itself where it stands for the same field or meets no other, else with a number."""
        taken = self._taken(on, possible)
        known, number = name, 0
        while known in taken and taken[known] != {(name, arguments)}:
            known = f"{name}__internal_{number}"
            number += 1
        return known

    def _taken(self, on: str, possible: Mapping[str, frozenset[str]]) -> dict[str, set[tuple[str, str]]]:
        """Response keys that may meet an object of type `on` here, and the fields they stand for."""
        taken: dict[str, set[tuple[str, str]]] = {}
        for f in self.fields():
            if possible[f.on or self.type_name] & possible[on]:
                taken.setdefault(f.key, set()).add((f.name, f.arguments))
        for (name, arguments, other), key in self.aliases.items():
            if not possible[other] & possible[on]:
                continue
            taken.setdefault(key, set()).add((name, arguments))
        return taken

    def is_split(self, key: str, on: str, possible: Mapping[str, frozenset[str]]) -> bool:
        """Is the key used for something else where objects are not of type `on`? Then its path must say for
        which it is: one request cannot ask different things about the objects of one path.
        """
        mine = possible[on]
        here: list[Field] = []
        elsewhere: list[Field] = []
        for f in self.fields():
            if f.key == key:
                types = possible[f.on or self.type_name]
                (here if types <= mine else elsewhere).append(f)
        return any(not all(same_field(f, other) for other in elsewhere) for f in here)


def same_field(first: Field, second: Field) -> bool:
    """Do two fields ask the same, below as well? O(size)."""
    return (
        first.key == second.key
        and first.name == second.name
        and first.arguments == second.arguments
        and first.directives == second.directives
        and first.around == second.around
        and first.conditions == second.conditions
        and len(first.children) == len(second.children)
        and all(
            a.on == b.on and same_field(a, b) for a, b in zip(first.children, second.children, strict=True)
        )
    )
