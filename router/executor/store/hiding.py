"""The last pass over the structures of an answer: what was not asked for is hidden, by each object's type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from router.executor.code.layout import TYPENAME, is_one_of, new_source
from router.executor.code.loops import write_loops
from router.executor.code.source import Source
from router.executor.paths import PathStep
from router.executor.projection.shape import ListShape
from router.executor.store.layout import StructLayout
from router.executor.store.positions import Position

Hide = Callable[[Any, Callable[[tuple[Any, str, str]], None]], None]
"""`hide(root, remember)` takes hidden fields out of the data, and remembers type names that it takes.

Raises `TypeError` when an object lacks a field of its type, or its type is not known.
"""


def compile_hide(layout: StructLayout, hidden: Mapping[Position, tuple[str, ...]]) -> Hide:
    """`hidden` says what to take out where. O(objects on the way) at run time."""
    source = new_source(unset=msgspec.UNSET)
    source.line(0, "def hide(root, remember):")
    for path, position in _paths(layout.root, ()):
        checks = _checks_types(position)
        if hidden.get(position) or checks:
            found = write_loops(source, layout, path)
            if checks:
                _write_checks(source, found.depth, found.variable, position)
            for key in hidden[position]:
                _write_hide(source, found.depth, found.variable, position, key)
    source.line(1, "return")
    return source.compile("hide")


def _write_hide(source: Source, depth: int, variable: str, position: Position, key: str) -> None:
    attribute = position.attribute(key)
    if key == TYPENAME and position.is_abstract:
        source.line(depth, f"remember(({variable}, {attribute!r}, {variable}.{attribute}))")
    source.line(depth, f"{variable}.{attribute} = unset")


def _checks_types(position: Position) -> bool:
    if not position.is_abstract:
        return False
    tells = position.names_itself and any(each.name == TYPENAME for each in position.fields.values())
    return tells or position.varies or bool(_typename_aliases(position))


def _write_checks(source: Source, depth: int, variable: str, position: Position) -> None:
    """Every object has the fields of its type and no others."""
    for alias in _typename_aliases(position):
        _write_same_typename(source, depth, variable, position, alias)
    alike: dict[frozenset[str], list[str]] = {}
    for name, keys in position.types.items():
        alike.setdefault(keys, []).append(name)
    source.line(depth, f"t = {variable}.{position.attribute(TYPENAME)}")
    for number, (keys, names) in enumerate(alike.items()):
        source.line(depth, f"{'elif' if number else 'if'} {is_one_of(source, 't', names)}:")
        own = [key for key in position.fields if key in keys and not position.is_common(key)]
        others = [key for key in position.fields if key not in keys]
        lacks = " or ".join(f"{variable}.{position.attribute(key)} is unset" for key in own)
        if lacks:
            source.line(depth + 1, f"if {lacks}: raise TypeError")
        for key in others:
            _write_hide(source, depth + 1, variable, position, key)
        if not own and not others:
            source.line(depth + 1, "pass")
    source.line(depth, "elif t is not unset: raise TypeError")  # Unset: it is shared, and was here before.


def _typename_aliases(position: Position) -> list[str]:
    """Where an object's type is told under another key: two values that a subgraph could tell apart."""
    own = [key for key, field in position.fields.items() if field.name == TYPENAME]
    return [key for key in own if key != TYPENAME] if position.is_abstract else []


def _write_same_typename(source: Source, depth: int, variable: str, position: Position, alias: str) -> None:
    """Either is unset in a shared object that was here before, the alias also where the type has none."""
    told, name = (f"{variable}.{position.attribute(key)}" for key in (alias, TYPENAME))
    is_set = f"{told} is not unset and {name} is not unset"
    source.line(depth, f"if {is_set} and {told} != {name}: raise TypeError")


def _paths(position: Position, path: tuple[PathStep, ...]) -> Iterable[tuple[tuple[PathStep, ...], Position]]:
    yield path, position
    for key, child in position.children.items():
        if key in position.hidden_lists:
            continue  # It is taken out as a whole.
        yield from _paths(child, (*path, PathStep(key), *_lists(position, key)))


def _lists(position: Position, key: str) -> tuple[PathStep, ...]:
    type_, depth = position.fields[key].type, 0
    while isinstance(type_, ListShape):
        type_, depth = type_.of, depth + 1
    return (PathStep(None),) * depth
