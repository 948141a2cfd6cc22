"""Generated code over structures: gathering representations, merging entities, hiding what was not asked for.

The loops over an operation's lists are written out for each place. An attribute of a structure is read in a
quarter of the time a dict takes, and what was checked when it was decoded is not checked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from router.executor.codegen import Source
from router.executor.paths import PathStep
from router.executor.projection.shape import ListShape
from router.executor.typed.demote import MISSING
from router.executor.typed.positions import Position
from router.executor.typed.structs import Structs, StructType
from router.json import dumps

Gather = Callable[[Any], tuple[list[dict[str, Any]], list[tuple[list[Any], list[int]]]]]
"""From the root of the data to the representations, equal ones once, and for each path of the fetch
the objects that have one and which it is.
"""
Merge = Callable[[list[Any], list[int], list[Any]], None]
"""`merge(owners, indices, entities)` gives every owner the fields of its entity."""
Hide = Callable[[Any], None]
"""`hide(root)` takes hidden fields out of the data."""


@dataclass(frozen=True, slots=True)
class Represented:
    """Objects at a path, and what makes their representations. Nobody reads the keys in `consumed` after."""

    path: tuple[PathStep, ...]
    position: Position
    keys: tuple[str, ...]
    consumed: frozenset[str]


def compile_gather(root: Position, structs: Structs, places: Iterable[Represented]) -> Gather:
    """O(objects) at run time."""
    source = _source()
    source.line(0, "def gather(root):")
    source.line(1, "known, representations, places = {}, [], []")
    source.line(1, "find = known.get")
    for place in places:
        source.line(1, "owners, indices = [], []")
        source.line(1, "places.append((owners, indices))")
        source.line(1, "own, index = owners.append, indices.append")
        depth, variable = _write_loops(source, structs, root, place.path)
        _write_represent(source, depth, variable, place)
    source.line(1, "return representations, places")
    return source.compile("gather")


def compile_merge(struct: StructType, target: Position) -> Merge:
    """Entities of the structure `struct` into objects at `target`."""
    source = _source()
    source.line(0, "def merge(owners, indices, entities):")
    source.line(1, "for o, i in zip(owners, indices):")
    source.line(2, "e = entities[i]")
    source.line(2, "if e is not None:")
    for name, key in zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True):
        # Type names come from everyone; one that is not repeated stays.
        guard = f"if e.{name} is not missing: " if key == "__typename" else ""
        source.line(3, f"{guard}o.{target.attribute(key)} = e.{name}")
    return source.compile("merge")


def compile_hide(root: Position, structs: Structs, hidden: dict[Position, tuple[str, ...]]) -> Hide:
    """`hidden` says what to take out where. O(objects on the way) at run time."""
    source = _source()
    source.line(0, "def hide(root):")
    for path, position in _paths(root, ()):
        if hidden.get(position):
            depth, variable = _write_loops(source, structs, root, path)
            for key in hidden[position]:
                source.line(depth, f"{variable}.{position.attribute(key)} = unset")
    source.line(1, "return")
    return source.compile("hide")


def _source() -> Source:
    return Source(dumps=dumps, missing=MISSING, unset=msgspec.UNSET)


def _paths(position: Position, path: tuple[PathStep, ...]) -> Iterable[tuple[tuple[PathStep, ...], Position]]:
    yield path, position
    for key, child in position.children.items():
        yield from _paths(child, (*path, PathStep(key), *_lists(position, key)))


def _lists(position: Position, key: str) -> tuple[PathStep, ...]:
    type_, depth = position.fields[key].type, 0
    while isinstance(type_, ListShape):
        type_, depth = type_.of, depth + 1
    return (PathStep(None),) * depth


def _write_loops(
    source: Source, structs: Structs, root: Position, path: tuple[PathStep, ...]
) -> tuple[int, str]:
    """Nested loops to the objects at a path: the depth inside them, and the variable of the object.

    A list that several objects share is gone through once.
    """
    position, depth, variable = root, 1, "root"
    lists = [number for number, step in enumerate(path) if step.key is None]
    if len(lists) > 1:
        source.line(1, "seen = set()")
    for number, step in enumerate(path):
        current, variable = variable, f"v{number}"
        if step.key is not None:
            source.line(depth, f"{variable} = {current}.{position.attribute(step.key)}")
            position = position.child(step.key)
        else:
            is_new = f" and id({current}) not in seen" if number != lists[0] else ""
            source.line(depth, f"if {current}.__class__ is list{is_new}:")
            if is_new:
                source.line(depth + 1, f"seen.add(id({current}))")
            source.line(depth + 1, f"for {variable} in {current}:")
            depth += 2
        if number + 1 == len(path) or path[number + 1].key is not None:
            source.line(depth, f"if {variable}.__class__ is {source.constant(structs.of(position))}:")
            depth += 1
    return depth, variable


def _write_represent(source: Source, depth: int, variable: str, place: Represented) -> None:
    position = place.position
    for number, key in enumerate(("__typename", *place.keys)):
        attribute = f"{variable}.{position.attribute(key)}"
        source.line(depth, f"k{number} = {attribute}")
        if key in place.consumed:
            source.line(depth, f"{attribute} = unset")
    values = [f"k{number}" for number in range(1, len(place.keys) + 1)]
    present = " and ".join(
        ["k0.__class__ is str", *(f"{value} is not missing and {value} is not unset" for value in values)]
    )
    source.line(depth, f"if {present}:")
    # Strings and integers identify themselves; 1, 1.0 and True are equal in Python, so the rest goes by text.
    hashable = " and ".join(f"({value}.__class__ is str or {value}.__class__ is int)" for value in values)
    whole = values[0] if len(values) == 1 else f"({', '.join(values)})"
    source.line(depth + 1, f"k = {whole} if {hashable or True} else dumps([{', '.join(values)}])")
    items = "".join(f", {key!r}: {value}" for key, value in zip(place.keys, values, strict=True))
    source.line(depth + 1, "i = find(k)")
    source.line(depth + 1, "if i is None:")
    source.line(depth + 2, "i = known[k] = len(representations)")
    source.line(depth + 2, f"representations.append({{'__typename': k0{items}}})")
    source.line(depth + 1, f"own({variable})")
    source.line(depth + 1, "index(i)")
