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

Owning = tuple[list[list[Any]], ...]
"""For each structure that the targets of a fetch are of: the objects that each representation stands for."""
Gather = Callable[[Any], tuple[list[dict[str, Any]], Owning, bool]]
"""From the root of the data to the representations, equal ones once, and their objects.

The last says whether a null where the schema has none kept an object from having a representation.
"""
Merge = Callable[[list[Any], Owning], None]
"""`merge(entities, owners)` gives every object the fields of its entity."""
Hide = Callable[[Any, Callable[[tuple[Any, str, str]], None]], None]
"""`hide(root, remember)` takes hidden fields out of the data, and remembers type names that it takes.

Raises `TypeError` when an object lacks a field of its type.
"""


@dataclass(frozen=True, slots=True)
class Represented:
    """Objects at a path that are of these types, and what makes their representations.

    Nobody reads the keys in `consumed` after; those in `non_null` are never null by the schema.
    """

    path: tuple[PathStep, ...]
    position: Position
    types: frozenset[str]
    keys: tuple[str, ...]
    consumed: frozenset[str]
    non_null: frozenset[str]


def compile_gather(root: Position, structs: Structs, places: list[Represented]) -> Gather:
    """O(objects) at run time."""
    source = _source()
    source.line(0, "def gather(root):")
    source.line(1, "known, representations = {}, []")
    source.line(1, "find, lacks = known.get, False")
    kinds = list(dict.fromkeys(structs.of(place.position) for place in places))
    for kind in range(len(kinds)):
        source.line(1, f"owners{kind} = []")
    for place in places:
        depth, variable = _write_loops(source, structs, root, place.path)
        if place.position.is_abstract:
            typename = f"{variable}.{place.position.attribute('__typename')}"
            source.line(depth, f"if {_is_one_of(source, typename, place.types)}:")
            depth += 1
        _write_represent(source, depth, variable, place)
        _write_own(source, depth + 1, variable, kinds.index(structs.of(place.position)), len(kinds))
    owners = "".join(f"owners{kind}, " for kind in range(len(kinds)))
    source.line(1, f"return representations, ({owners}), lacks")
    return source.compile("gather")


def compile_merge(entity: StructType, targets: Iterable[Position]) -> Merge:
    """`targets` has a position for each structure that `owners` have a list for."""
    source = _source()
    source.line(0, "def merge(entities, owners):")
    fields = list(zip(entity.__struct_fields__, entity.__struct_encode_fields__, strict=True))
    for number, target in enumerate(targets if fields else ()):  # Conditions may leave nothing to fetch.
        source.line(1, f"for e, objects in zip(entities, owners[{number}]):")
        source.line(2, "if e is None: continue")
        for name, _ in fields:
            source.line(2, f"{name} = e.{name}")
        source.line(2, "for o in objects:")
        for name, key in fields:
            # Type names come from everyone; one that is not repeated stays. Types have fields of their own.
            may_lack = key == "__typename" or target.is_abstract
            guard = f"if {name} is not missing: " if may_lack else ""
            source.line(3, f"{guard}o.{target.attribute(key)} = {name}")
    source.line(1, "return")
    return source.compile("merge")


def compile_hide(root: Position, structs: Structs, hidden: dict[Position, tuple[str, ...]]) -> Hide:
    """`hidden` says what to take out where. O(objects on the way) at run time."""
    source = _source()
    source.line(0, "def hide(root, remember):")
    for path, position in _paths(root, ()):
        varies = not all(map(position.is_common, position.fields))
        aliases = _typename_aliases(position)
        if hidden.get(position) or varies or aliases:
            depth, variable = _write_loops(source, structs, root, path)
            for alias in aliases:
                _write_same_typename(source, depth, variable, position, alias)
            if varies:
                _write_varying(source, depth, variable, position)
            for key in hidden[position]:
                attribute = position.attribute(key)
                if key == "__typename" and position.is_abstract:
                    source.line(depth, f"remember(({variable}, {attribute!r}, {variable}.{attribute}))")
                source.line(depth, f"{variable}.{attribute} = unset")
    source.line(1, "return")
    return source.compile("hide")


def _typename_aliases(position: Position) -> list[str]:
    """Where an object's type is told under another key: two values that a subgraph could tell apart."""
    own = [key for key, field in position.fields.items() if field.name == "__typename"]
    return [key for key in own if key != "__typename"] if position.is_abstract else []


def _write_same_typename(source: Source, depth: int, variable: str, position: Position, alias: str) -> None:
    """Either is unset in a shared object that was here before, the alias also where the type has none."""
    told, name = (f"{variable}.{position.attribute(key)}" for key in (alias, "__typename"))
    is_set = f"{told} is not unset and {name} is not unset"
    source.line(depth, f"if {is_set} and {told} != {name}: raise TypeError")


def _write_varying(source: Source, depth: int, variable: str, position: Position) -> None:
    """Every object has the fields of its type and no others."""
    alike: dict[frozenset[str], list[str]] = {}
    for name, keys in position.types.items():
        alike.setdefault(keys, []).append(name)
    source.line(depth, f"t = {variable}.{position.attribute('__typename')}")
    for number, (keys, names) in enumerate(alike.items()):
        source.line(depth, f"{'elif' if number else 'if'} {_is_one_of(source, 't', names)}:")
        own = [key for key in position.fields if key in keys and not position.is_common(key)]
        others = [key for key in position.fields if key not in keys]
        lacks = " or ".join(f"{variable}.{position.attribute(key)} is unset" for key in own)
        if lacks:
            source.line(depth + 1, f"if {lacks}: raise TypeError")
        for key in others:
            source.line(depth + 1, f"{variable}.{position.attribute(key)} = unset")
        if not own and not others:
            source.line(depth + 1, "pass")
    source.line(depth, "elif t is not unset: raise TypeError")  # Unset: it is shared, and was here before.


def _is_one_of(source: Source, variable: str, names: Iterable[str]) -> str:
    first, *others = sorted(names)
    return (
        f"{variable} in {source.constant(frozenset((first, *others)))}"
        if others
        else f"{variable} == {first!r}"
    )


def _source() -> Source:
    return Source(identity=identity, LACKS=LACKS, missing=MISSING, unset=msgspec.UNSET)


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
            if step.types is not None and position.is_abstract:
                typename = f"{variable}.{position.attribute('__typename')}"
                source.line(depth, f"if {_is_one_of(source, typename, step.types)}:")
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
    # Strings and integers identify themselves; the rest, and what is missing, is looked at more closely.
    plain = " and ".join(f"({value}.__class__ is str or {value}.__class__ is int)" for value in values)
    whole = values[0] if len(values) == 1 else f"({', '.join(values)})"
    if values:
        source.line(depth, f"if {plain}: k = {whole}")
        source.line(depth, "else:")
        _write_look_closely(source, depth + 1, variable, place, values)
    else:
        source.line(depth, "k = ()")
    source.line(depth, "if k is not None and k0.__class__ is str:")
    source.line(depth + 1, "o = find(k)")
    source.line(depth + 1, "if o is None:")
    items = "".join(f", {key!r}: {value}" for key, value in zip(place.keys, values, strict=True))
    source.line(depth + 2, f"representations.append({{'__typename': k0{items}}})")


def _write_look_closely(
    source: Source, depth: int, variable: str, place: Represented, values: list[str]
) -> None:
    """An object that lacks a key keeps the others: the careful way says what is wrong with it."""
    needed = source.constant(tuple(key in place.non_null for key in place.keys))
    source.line(depth, f"k = identity({needed}, {', '.join(values)})")
    source.line(depth, "if k is LACKS:")
    source.line(depth + 1, "k, lacks = None, True")
    for number, key in enumerate(("__typename", *place.keys)):
        if key in place.consumed:
            source.line(depth + 1, f"{variable}.{place.position.attribute(key)} = k{number}")


def _write_own(source: Source, depth: int, variable: str, kind: int, kinds: int) -> None:
    if kinds == 1:
        source.line(depth + 1, "o = known[k] = []")
        source.line(depth + 1, "owners0.append(o)")
        source.line(depth, f"o.append({variable})")
        return
    source.line(depth + 1, f"o = known[k] = ({'[], ' * kinds})")
    for number in range(kinds):
        source.line(depth + 1, f"owners{number}.append(o[{number}])")
    source.line(depth, f"o[{kind}].append({variable})")


LACKS = b"null"
"""Stands for what identifies an object that has a null where there may be none."""


def identity(needed: tuple[bool, ...], *values: Any) -> bytes | None:
    """What is equal for equal values: 1, 1.0 and True are equal in Python, so it goes by text.

    None when one is missing, `LACKS` when one that is needed is null.
    """
    if any(value is MISSING or value is msgspec.UNSET for value in values):
        return None
    if any(value is None and need for value, need in zip(values, needed, strict=True)):
        return LACKS
    return dumps(values)
