"""The last pass over the structures of an answer: what was not asked for is hidden, by each object's type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from router.executor.code.layout import TYPENAME, is_one_of, new_source
from router.executor.code.loops import LONGEST, write_loops
from router.executor.code.source import Source
from router.executor.paths import PathStep
from router.executor.projection.shape import ListShape
from router.executor.store.layout import StructLayout
from router.executor.store.positions import Position

Remember = Callable[[tuple[Any, str, Any]], None]
Named = tuple[str, str, list[Any]]
"""An attribute, the type name that was in it, and the objects."""
Hide = Callable[[Any, Remember, list[Named]], None]
"""`hide(root, remember, named)` takes hidden fields out of the data and keeps what dicts would need:
`remember` is given an object, an attribute and the value that it had, `named` gets the type names.

Raises `TypeError` when an object lacks a field of its type, or its type is not known.
"""


def compile_hide(layout: StructLayout, hidden: Mapping[Position, tuple[str, ...]]) -> Hide:
    """`hidden` says what to take out where. O(objects of the answer) at run time: each is met once.

    What lies in objects comes before them: it may depend on their type.
    """
    return _Writer(layout, hidden).compile()


MOST_NAMED = 8
"""Types of one place: their lists are made for each request, which for many would cost more than it saves."""


class _Writer:
    """Loops within loops, as the answer is built; only as deep as there is something to do. Python nests no
    more than 20 loops, so what lies deeper is gone through from the root first, path by path.
    """

    def __init__(self, layout: StructLayout, hidden: Mapping[Position, tuple[str, ...]]) -> None:
        self._layout = layout
        self._hidden = hidden
        self._source = new_source(unset=msgspec.UNSET)
        self._variables = 0
        self._wanted: set[Position] = set()
        """Positions with something to do, there or beneath."""
        self._named: dict[tuple[str, str], str] = {}
        """What remembers the objects whose type's name is this, in this attribute."""

    def compile(self) -> Hide:
        self._source.line(0, "def hide(root, remember, named):")
        self._source.line(1, "seen = set()")
        root = self._layout.root
        for position in root.all():
            if self._hides_read_names(position) and len(position.types) <= MOST_NAMED:
                self._write_remembering(position)
        for path, position, parent in _paths(root, root, ()):
            if not self._hidden.get(position) and not _checks_types(position):
                continue
            if len(path) > LONGEST:
                found = write_loops(self._source, self._layout, path)
                self._write_object(found.depth, found.variable, position, parent, found.above[-1])
            else:
                self._want(path)
        self._write_below(1, "root", root, 0, is_shared=False)
        if root in self._wanted:
            self._write_object(1, "root", root, root, "root")
        self._source.line(1, "return")
        return self._source.compile("hide")

    def _want(self, path: tuple[PathStep, ...]) -> None:
        position = self._layout.root
        for step in path:
            if step.key is not None:
                position = position.children[step.key]
            self._wanted.add(position)
        if not path:
            self._wanted.add(position)

    def _write_below(
        self, depth: int, variable: str, position: Position, steps: int, *, is_shared: bool
    ) -> None:
        """`is_shared`: in a list, so that another object may hold the same lists; those are met once."""
        for key, child in position.children.items():
            if key in position.hidden_lists or child not in self._wanted:
                continue
            lists = _lists(position, key)
            below = steps + 1 + len(lists)
            if below > LONGEST:
                continue
            inside, current = depth, self._variable()
            self._source.line(depth, f"{current} = {self._layout.value(position, variable, key)}")
            for number in range(len(lists)):
                inside, current = self._write_list(inside, current, is_new=is_shared or number > 0)
            self._source.line(inside, f"if {self._layout.is_object(self._source, child, current)}:")
            self._write_below(inside + 1, current, child, below, is_shared=is_shared or bool(lists))
            self._write_object(inside + 1, current, child, position, variable)
            self._source.line(inside + 1, "pass")

    def _write_list(self, depth: int, current: str, *, is_new: bool) -> tuple[int, str]:
        check = f" and id({current}) not in seen" if is_new else ""
        self._source.line(depth, f"if {current}.__class__ is list{check}:")
        if is_new:
            self._source.line(depth + 1, f"seen.add(id({current}))")
        variable = self._variable()
        self._source.line(depth + 1, f"for {variable} in {current}:")
        return depth + 2, variable

    def _write_object(
        self, depth: int, variable: str, position: Position, parent: Position, above: str
    ) -> None:
        is_read = self._hides_read_names(position)
        if _checks_types(position):
            named = self._named if is_read else None
            _write_checks(self._source, depth, variable, position, parent, above, named)
        for key in self._hidden.get(position, ()):
            if key == TYPENAME and is_read:
                self._source.line(depth, f"{variable}.{position.attribute(key)} = unset")
            else:
                _write_hide(self._source, depth, variable, position, key)

    def _hides_read_names(self, position: Position) -> bool:
        """Whether type names there are hidden that are looked at in any case."""
        is_hidden = TYPENAME in self._hidden.get(position, ())
        return is_hidden and position.is_abstract and _checks_types(position)

    def _write_remembering(self, position: Position) -> None:
        attribute = position.attribute(TYPENAME)
        for name in position.types:
            if (attribute, name) not in self._named:
                variable = self._named[attribute, name] = f"r{len(self._named)}"
                self._source.line(1, f"{variable} = []")
                self._source.line(1, f"named.append(({attribute!r}, {name!r}, {variable}))")
                self._source.line(1, f"{variable} = {variable}.append")

    def _variable(self) -> str:
        self._variables += 1
        return f"w{self._variables}"


def _write_hide(source: Source, depth: int, variable: str, position: Position, key: str) -> None:
    """Type names are remembered, and what may be somebody else's to see."""
    attribute = position.attribute(key)
    if (key == TYPENAME and position.is_abstract) or (position.by_parent and key in position.fields):
        source.line(depth, f"remember(({variable}, {attribute!r}, {variable}.{attribute}))")
    source.line(depth, f"{variable}.{attribute} = unset")


def _checks_types(position: Position) -> bool:
    if not position.is_abstract:
        return bool(position.by_parent)
    tells = position.names_itself and any(each.name == TYPENAME for each in position.fields.values())
    return tells or position.varies or bool(_typename_aliases(position))


def _write_checks(
    source: Source,
    depth: int,
    variable: str,
    position: Position,
    parent: Position,
    above: str,
    named: Mapping[tuple[str, str], str] | None,
) -> None:
    """Every object has the fields of its type and no others. `above` is the variable of its parent, `named`
    what remembers objects whose type name will be hidden.
    """
    for alias in _typename_aliases(position):
        _write_same_typename(source, depth, variable, position, alias)
    if not position.by_parent:
        _write_types(source, depth, variable, position, position.types, named)
        return
    source.line(depth, f"p = {above}.{parent.attribute(TYPENAME)}")
    for number, (name, types) in enumerate(position.by_parent.items()):
        source.line(depth, f"{'elif' if number else 'if'} p == {name!r}:")
        _write_types(source, depth + 1, variable, position, types, named)
    source.line(depth, "elif p is not unset: raise TypeError")


def _write_types(
    source: Source,
    depth: int,
    variable: str,
    position: Position,
    types: Mapping[str, frozenset[str]],
    named: Mapping[tuple[str, str], str] | None,
) -> None:
    if not position.is_abstract:
        _write_fields(source, depth, variable, position, types[position.name])
        return
    alike: dict[frozenset[str], list[str]] = {}
    for name, keys in types.items():
        alike.setdefault(keys, []).append(name)
    attribute = position.attribute(TYPENAME)
    source.line(depth, f"t = {variable}.{attribute}")
    for number, (keys, names) in enumerate(alike.items()):
        source.line(depth, f"{'elif' if number else 'if'} {is_one_of(source, 't', names)}:")
        _write_fields(source, depth + 1, variable, position, keys)
        known = None if named is None or len(names) > 1 else named.get((attribute, names[0]))
        if known is not None:
            source.line(depth + 1, f"{known}({variable})")
        elif named is not None:
            source.line(depth + 1, f"remember(({variable}, {attribute!r}, t))")
    source.line(depth, "elif t is not unset: raise TypeError")  # Unset: it is shared, and was here before.


def _write_fields(
    source: Source, depth: int, variable: str, position: Position, keys: frozenset[str]
) -> None:
    own = [key for key in position.fields if key in keys and not position.is_common(key)]
    others = [key for key in position.fields if key not in keys]
    lacks = " or ".join(f"{variable}.{position.attribute(key)} is unset" for key in own)
    if lacks:
        source.line(depth, f"if {lacks}: raise TypeError")
    for key in others:
        _write_hide(source, depth, variable, position, key)
    if not own and not others:
        source.line(depth, "pass")


def _typename_aliases(position: Position) -> list[str]:
    """Where an object's type is told under another key: two values that a subgraph could tell apart."""
    own = [key for key, field in position.fields.items() if field.name == TYPENAME]
    return [key for key in own if key != TYPENAME] if position.is_abstract else []


def _write_same_typename(source: Source, depth: int, variable: str, position: Position, alias: str) -> None:
    """Either is unset in a shared object that was here before, the alias also where the type has none."""
    told, name = (f"{variable}.{position.attribute(key)}" for key in (alias, TYPENAME))
    is_set = f"{told} is not unset and {name} is not unset"
    source.line(depth, f"if {is_set} and {told} != {name}: raise TypeError")


def _paths(
    position: Position, parent: Position, path: tuple[PathStep, ...]
) -> Iterable[tuple[tuple[PathStep, ...], Position, Position]]:
    for key, child in position.children.items():
        if key not in position.hidden_lists:  # Those are taken out as a whole.
            yield from _paths(child, position, (*path, PathStep(key), *_lists(position, key)))
    yield path, position, parent


def _lists(position: Position, key: str) -> tuple[PathStep, ...]:
    type_, depth = position.fields[key].type, 0
    while isinstance(type_, ListShape):
        type_, depth = type_.of, depth + 1
    return (PathStep(None),) * depth
