"""What every object of an answer holds: the fields of its shape, and the keys that fetches add.

A position is a place in the operation, lists aside. Fields that the client did not ask for are hidden: they
are there for representations and never part of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from router.executor.projection.shape import FieldShape, ListShape, ObjectShape, TypeShape
from router.executor.selection import KeyTree

MAX_POSITIONS = 2_000
MAX_DEPTH = 16
"""Deeper answers would need more nested loops than Python compiles."""


class NotTyped(Exception):
    """The operation has something the quick way does not know."""


@dataclass(slots=True, eq=False)
class Position:
    """Objects at one place. `hidden` are keys of leaves; `fetched` all keys some fetch answers."""

    shape: ObjectShape
    fields: dict[str, FieldShape] = field(default_factory=dict)
    children: dict[str, Position] = field(default_factory=dict)
    hidden: dict[str, None] = field(default_factory=dict)
    fetched: set[str] = field(default_factory=set)

    @property
    def keys(self) -> tuple[str, ...]:
        """The answer's own, in order, then the hidden ones."""
        return (*self.fields, *self.hidden)

    def attribute(self, key: str) -> str:
        """The structure's attribute for a key of an answer."""
        return f"f{self.keys.index(key)}"

    def child(self, key: str) -> Position:
        """Raises `NotTyped` when the operation has no objects there."""
        if key not in self.children:
            raise NotTyped
        return self.children[key]

    def add(self, tree: KeyTree) -> None:
        """What a fetch answers here."""
        for key, below in tree.children.items():
            self.fetched.add(key)
            if key in self.children:
                self.children[key].add(below)
            elif below.children:
                raise NotTyped
            elif key not in self.fields:
                self.hidden.setdefault(key)

    def all(self) -> Iterator[Position]:
        yield self
        for child in self.children.values():
            yield from child.all()


def object_shape(type_: TypeShape) -> ObjectShape | None:
    """The shape of the objects in a value, however deep in lists; None for leaves."""
    while isinstance(type_, ListShape):
        type_ = type_.of
    return type_.named if isinstance(type_.named, ObjectShape) else None


def positions(root: ObjectShape) -> Position:
    """The tree of positions. Raises `NotTyped`. O(positions), of which there are at most `MAX_POSITIONS`."""
    left = [MAX_POSITIONS]
    return _position(root, 0, left)


def _position(shape: ObjectShape, depth: int, left: list[int]) -> Position:
    left[0] -= 1
    if shape.is_abstract or depth > MAX_DEPTH or left[0] < 0:
        raise NotTyped
    position = Position(shape)
    for each in shape.unknown:
        if each.type is None:
            raise NotTyped
        position.fields[each.key] = each
        inner = object_shape(each.type)
        if inner is not None:
            position.children[each.key] = _position(inner, depth + 1, left)
    return position
