"""What every object of an answer holds: the fields of its shape, and the keys that fetches add.

A position is a place in the operation, lists aside. Fields that the client did not ask for are hidden: they
are there for representations and never part of the answer; what lies inside of one is held as it came. Where
an object may be of several types a position holds the fields of all of them, in an order that is right for
each; those of other types stay unset.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from router.executor.possible_types import PossibleTypes
from router.executor.projection.shape import FieldShape, ListShape, ObjectShape, TypeShape
from router.executor.selection import KeyTree
from schema.model.type_references import base_name

MAX_POSITIONS = 2_000
MAX_VARIETY = 20_000
"""Kinds of objects at one place, times their fields together: the code that tells them apart grows so."""
MAX_DEPTH = 32
"""Code for the objects of a place goes down to it from the root: for deeper ones it is too much."""
TYPENAME = "__typename"


class NoStructures(Exception):
    """The operation has something that structures do not know; the message says what."""


@dataclass(slots=True, eq=False)
class Position:
    """Objects at one place. `hidden` are keys the client did not ask for; `fetched` counts who answers a key.

    `types` are those the objects may be of, each with the keys of its own fields. `names_itself`: an object
    may tell an interface's name for its type, until another subgraph knows better. `hidden_lists` are hidden
    keys that paths go through, each with how many lists its objects are in. `by_parent` has the types with
    their keys for each type of the object around, where they are not the same for all.
    """

    name: str
    is_abstract: bool
    types: dict[str, frozenset[str]] = field(default_factory=dict)
    fields: dict[str, FieldShape] = field(default_factory=dict)
    children: dict[str, Position] = field(default_factory=dict)
    hidden: dict[str, None] = field(default_factory=dict)
    fetched: Counter[str] = field(default_factory=Counter)
    names_itself: bool = False
    hidden_lists: dict[str, int] = field(default_factory=dict)
    by_parent: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    _numbers: dict[str, int] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """The answer's own, in order, then the hidden ones."""
        return (*self.fields, *self.hidden)

    def attribute(self, key: str) -> str:
        """The structure's attribute for a key of an answer."""
        if len(self._numbers) != len(self.fields) + len(self.hidden):
            self._numbers = {own: number for number, own in enumerate(self.keys)}
        return f"f{self._numbers[key]}"

    def child(self, key: str) -> Position:
        """Raises `NoStructures` when the operation has no objects there."""
        if key not in self.children:
            raise NoStructures(f"no objects at {self.name}.{key}")
        return self.children[key]

    def is_common(self, key: str) -> bool:
        """Whether the field is every type's, whatever is around."""
        return key in self.common

    @property
    def introspected(self) -> tuple[str, ...]:
        """The keys whose values graphql-core makes."""
        return tuple(key for key, each in self.fields.items() if each.type is None)

    @property
    def varies(self) -> bool:
        """Whether objects have different fields."""
        return len(self.common) < len(self.fields)

    @property
    def needs_type(self) -> bool:
        """Whether the answer depends on an object's type."""
        return self.varies or any(each.name == TYPENAME for each in self.fields.values())

    def add(self, tree: KeyTree) -> None:
        """What a fetch answers here. Raises `NoStructures` for fields of what the operation has as a leaf."""
        for key, below in tree.children.items():
            self.fetched[key] += 1
            if key not in self.fields:
                self.hidden.setdefault(key)
            if key in self.children:
                self.children[key].add(below)
            elif key in self.fields and below.children:
                raise NoStructures(f"{self.name}.{key} is a leaf to the client")

    def all(self) -> Iterator[Position]:
        yield self
        for child in self.children.values():
            yield from child.all()

    def reveal(self, key: str, field_name: str, possible: PossibleTypes) -> Position:
        """The objects at a key; those of a hidden one get a position too.

        Raises `NoStructures` when there are none.
        """
        if key not in self.children:
            types = {possible.fields.get(name, {}).get(field_name, "") for name in self.types} - {""}
            names = {base_name(type_) for type_ in types}
            depths = {type_.count("[") for type_ in types}
            members = frozenset().union(*(possible.members.get(name, (name,)) for name in names))
            if key in self.fields or len(depths) != 1 or not members <= possible.objects:
                raise NoStructures(f"fetches below {self.name}.{key}, whose type is not known")
            name, *others = sorted(names)
            position = Position(name, bool(others) or name in possible.members)
            position.types = dict.fromkeys(sorted(members), frozenset())
            self.children[key] = position
            self.hidden_lists[key] = depths.pop()
        return self.children[key]

    def is_complete(self) -> bool:
        """Every field that all objects have gets a value: fetched, or the name of the only type there is.

        What only some types have and nobody fetches belongs to types that there never are.
        """
        if self.is_abstract and (self.needs_type or TYPENAME in self.fetched):
            return TYPENAME in self.fetched and all(
                key in self.fetched for key in self.fields if self.is_common(key)
            )
        return all(
            each.name == TYPENAME or each.type is None or key in self.fetched
            for key, each in self.fields.items()
        )


def positions(root: ObjectShape) -> Position:
    """The tree of positions, at most `MAX_POSITIONS`. Raises `NoStructures`. O(positions)."""
    return _position((("", root),), 0, [MAX_POSITIONS])


_Around = tuple[tuple[str, ObjectShape], ...]
"""The shapes of the objects at one place, each with the type of the objects that hold them."""


def _position(around: _Around, depth: int, left: list[int]) -> Position:
    left[0] -= 1
    if depth > MAX_DEPTH or left[0] < 0:
        raise NoStructures("too much, or too deep")
    variants = _variants(around)
    types = dict.fromkeys(name for own in variants.values() for name in own)
    position = Position(around[0][1].name, len(types) > 1 or any(shape.is_abstract for _, shape in around))
    by_parent = {
        parent: {name: frozenset(each.key for each in fields) for name, fields in own.items()}
        for parent, own in variants.items()
    }
    position.types = {
        name: frozenset().union(*(own.get(name, ()) for own in by_parent.values())) for name in types
    }
    if any(position.types[name] != keys for own in by_parent.values() for name, keys in own.items()):
        position.by_parent = by_parent
    same: dict[str, list[tuple[str, FieldShape]]] = {}
    for _, shape in around:
        for name, fields in shape.variants.items():
            for each in fields:
                same.setdefault(each.key, []).append((name, each))
    kinds = {keys for own in by_parent.values() for keys in own.values()}
    if len(kinds) * len(same) > MAX_VARIETY:
        raise NoStructures("too many kinds of objects at one place")
    position.common = frozenset(same).intersection(*kinds)
    for key in _in_order(fields for own in variants.values() for fields in own.values()):
        position.fields[key] = _one_field([each for _, each in same[key]])
        inner = ((name, _objects(each)) for name, each in same[key])
        objects = tuple(dict.fromkeys((name, found) for name, found in inner if found is not None))
        if objects:
            position.children[key] = _position(objects, depth + 1, left)
    return position


def _variants(around: _Around) -> dict[str, dict[str, tuple[FieldShape, ...]]]:
    """The fields by the type of the object around and the object's own."""
    variants: dict[str, dict[str, tuple[FieldShape, ...]]] = {}
    for parent, shape in around:
        own = variants.setdefault(parent, {})
        for name, fields in shape.variants.items():
            if _names(own.setdefault(name, fields)) != _names(fields):
                raise NoStructures("a type has other fields by the types further around it")
    if not any(variants.values()):
        raise NoStructures("a type without objects")
    return variants


def _names(fields: tuple[FieldShape, ...]) -> list[tuple[str, str]]:
    return [(each.key, each.name) for each in fields]


def _in_order(variants: Iterable[tuple[FieldShape, ...]]) -> list[str]:
    """All keys, in an order that is each type's own. Raises `NoStructures` when there is none."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for fields in variants:
        for number, each in enumerate(fields):
            sorter.add(each.key, *(before.key for before in fields[number - 1 : number] if number))
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise NoStructures("types contradict each other in the order of fields") from error


def _one_field(same: list[FieldShape]) -> FieldShape:
    """A key's field, which must be of one kind for all types."""
    first = same[0]
    for other in same[1:]:
        is_typename = first.name == TYPENAME
        if is_typename != (other.name == TYPENAME) or not (is_typename or _is_alike(first.type, other.type)):
            raise NoStructures("a key means different things by type")
    return first


def _is_alike(first: TypeShape | None, second: TypeShape | None) -> bool:
    """Lists and nulls in the same places, and the same leaves in them."""
    if first is None or second is None or first.nullable != second.nullable:
        return False
    if isinstance(first, ListShape) or isinstance(second, ListShape):
        return (
            isinstance(first, ListShape) and isinstance(second, ListShape) and _is_alike(first.of, second.of)
        )
    if isinstance(first.named, ObjectShape) or isinstance(second.named, ObjectShape):
        return isinstance(first.named, ObjectShape) and isinstance(second.named, ObjectShape)
    return first.named == second.named


def _objects(each: FieldShape) -> ObjectShape | None:
    """The shape of the objects in a field's value, however deep in lists; None for leaves."""
    type_ = each.type
    while isinstance(type_, ListShape):
        type_ = type_.of
    return type_.named if type_ is not None and isinstance(type_.named, ObjectShape) else None
