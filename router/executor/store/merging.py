"""Filling structures with what fetches answered.

Where another fetch writes the same keys values are joined: objects key by key, lists element by element, and
null never replaces a value (as `merge.deep_merge` does with dicts).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from router.executor.code.gather import Owning
from router.executor.code.layout import MISSING, TYPENAME, new_source
from router.executor.code.source import Source
from router.executor.merge import deep_merge
from router.executor.selection import KeyTree
from router.executor.store.positions import Position
from router.executor.store.structs import Structs
from router.json import clone

Merge = Callable[[list[Any], Owning, list[Any]], None]
"""`merge(entities, owners, absent)` gives every object the fields of its entity; `absent` gets those whose
entity is null.
"""
UNSET = msgspec.UNSET


@dataclass(frozen=True, slots=True)
class Filled:
    """A field of an entity and the field of an object that it fills.

    `joins`: something else fills it as well. `holds_objects`: itself or in lists.
    """

    attribute: str
    key: str
    joins: bool
    holds_objects: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """`own_copies`: of the entity for every object; `copies`: one for the slot."""

    target: Position
    own_copies: bool
    copies: bool


def compile_merge(filled: Sequence[Filled], slots: Sequence[Slot], object_types: frozenset[str]) -> Merge:
    """`slots` are those of the owners. O(objects) at run time, and what is copied for them."""
    join = partial(joined, object_types=object_types)
    source = new_source(unset=UNSET, copied=copied, join=join, known=object_types)
    source.line(0, "def merge(entities, owners, absent):")
    for number, slot in enumerate(slots if filled else ()):  # Conditions may leave nothing to fetch.
        source.line(1, f"for e, objects in zip(entities, owners[{number}]):")
        source.line(2, "if e is None: absent.extend(objects); continue")
        if slot.own_copies:
            _write_apart(source, filled, slot, is_first=number == 0)
            continue
        if slot.copies:
            source.line(2, "e = copied(e)")
        for each in filled:
            source.line(2, f"{each.attribute} = e.{each.attribute}")
        source.line(2, "for o in objects:")
        for each in filled:
            _write_fill(source, each, slot.target)
    source.line(1, "return")
    return source.compile("merge")


def _write_apart(source: Source, filled: Sequence[Filled], slot: Slot, *, is_first: bool) -> None:
    source.line(2, f"own = {'e' if is_first else None}")
    source.line(2, "for o in objects:")
    source.line(3, "if own is None: own = copied(e)")
    for each in filled:
        source.line(3, f"{each.attribute} = own.{each.attribute}")
        _write_fill(source, each, slot.target)
    source.line(3, "own = None")


def _write_fill(source: Source, each: Filled, target: Position) -> None:
    value, place = each.attribute, f"o.{target.attribute(each.key)}"
    guard = f"if {value} is not missing"
    if each.key == TYPENAME:
        # Type names come from everyone; one that is not repeated stays, and so does an object type's.
        known = f" and ({value} in known or {place} is missing)" if target.names_itself else ""
        source.line(3, f"{guard}{known}: {place} = {value}")
    elif each.joins and each.holds_objects:
        source.line(3, f"{place} = join({place}, {value})")
    elif each.joins:
        is_free = f"{value} is not None or {place} is missing or {place} is unset"
        source.line(3, f"{guard} and ({is_free}): {place} = {value}")
    elif target.is_abstract or target.varies:  # Types have fields of their own.
        source.line(3, f"{guard}: {place} = {value}")
    else:
        source.line(3, f"{place} = {value}")


def joined(existing: Any, value: Any, object_types: frozenset[str]) -> Any:
    """The value of a field that two fetches answer. Changes `existing`. O(size of `value`)."""
    if value is MISSING or value is UNSET:
        return existing
    if existing is None or existing is MISSING or existing is UNSET:
        return value
    if value is None:
        return existing
    if existing.__class__ is value.__class__:
        if isinstance(existing, msgspec.Struct):
            _join_structs(existing, value, object_types)
            return existing
        if existing.__class__ is list and len(existing) == len(value):
            return [joined(old, new, object_types) for old, new in zip(existing, value, strict=True)]
        if existing.__class__ is dict:
            deep_merge(existing, value, object_types)
            return existing
    return value


def _join_structs(existing: Any, value: Any, object_types: frozenset[str]) -> None:
    typename = existing.attributes.get(TYPENAME)
    for name in existing.__struct_fields__:
        new = getattr(value, name)
        if name == typename and new not in object_types and getattr(existing, name) in object_types:
            continue  # An interface's name: a subgraph with an interface object knows no better.
        setattr(existing, name, joined(getattr(existing, name), new, object_types))


def copied(value: Any) -> Any:
    """A copy of the containers of an answer. O(size)."""
    if isinstance(value, msgspec.Struct):
        own = copy(value)
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            if isinstance(inner, (list, dict, msgspec.Struct)):
                setattr(own, name, copied(inner))
        return own
    if value.__class__ is list:
        return [copied(element) for element in value]
    return clone(value)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a fetch asks for in objects of one structure: `others` is what it does not, as it begins."""

    others: tuple[tuple[str, Any], ...]
    inner: tuple[tuple[str, Kept], ...]


def kept_of(structs: Structs, position: Position, tree: KeyTree) -> Kept | None:
    """None where a fetch asks for all that is held there. O(positions)."""
    others = [
        (position.attribute(key), structs.beginning(position, key))
        for key in position.keys
        if key in position.fetched and key not in tree.children
    ]
    inner = _inner_kept(structs, position, tree)
    return Kept(tuple(others), inner) if others or inner else None


def _inner_kept(structs: Structs, position: Position, tree: KeyTree) -> tuple[tuple[str, Kept], ...]:
    pairs = (
        (position.attribute(key), kept_of(structs, child, tree.children[key]))
        for key, child in position.children.items()
        if key in tree.children
    )
    return tuple((attribute, kept) for attribute, kept in pairs if kept is not None)


def keep_asked(value: Any, kept: Kept) -> None:
    """Takes out what the fetch did not ask for: it would be merged with another fetch's. O(size)."""
    if value.__class__ is list:
        for element in value:
            keep_asked(element, kept)
    elif isinstance(value, msgspec.Struct):
        for attribute, beginning in kept.others:
            setattr(value, attribute, beginning)
        for attribute, inner in kept.inner:
            keep_asked(getattr(value, attribute), inner)
