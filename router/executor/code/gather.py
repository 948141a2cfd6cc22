"""Gathering: from the root of the data to representations, equal ones once, and the objects they stand for.

One function per `_entities` field of a fetch, with the loops over the operation's lists written out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from router.executor.code.layout import MISSING, TYPENAME, Layout, P, is_one_of, new_source
from router.executor.code.loops import Found, write_loops
from router.executor.code.representation import LACKS, Kind
from router.executor.code.source import Source
from router.executor.paths import PathStep
from router.json import dumps

Owning = tuple[list[list[Any]], ...]
"""In each slot, for each representation, the objects that it stands for."""
Gather = Callable[[Any], tuple[list[dict[str, Any]], Owning, bool]]
"""From the root, or the objects of each path, to the representations and their objects.

The last says whether a null where the schema has none kept an object from having a representation.
"""


@dataclass(frozen=True, slots=True)
class Represented:
    """The objects at a path and how they are represented. `slot` is the list of owners they are in.

    `known_type` is the type of them all, where the plan knows it: their names are not read.
    """

    path: tuple[PathStep, ...]
    kinds: tuple[Kind, ...]
    slot: int
    known_type: str | None = None

    def possible_kinds(self) -> tuple[Kind, ...]:
        """The kinds of the objects that may be there."""
        known = self.known_type
        if known is None:
            return self.kinds
        return tuple(replace(kind, types=frozenset((known,))) for kind in self.kinds if known in kind.types)


def compile_gather(layout: Layout[P], represented: Sequence[Represented]) -> Gather:
    """O(objects) at run time."""
    return _compile(
        represented, lambda source, number: write_loops(source, layout, represented[number].path), layout
    )


def compile_gather_of(layout: Layout[P], represented: Sequence[Represented], places: Sequence[P]) -> Gather:
    """The same where the objects of each path are given: `gather([objects, …])`."""

    def loop(source: Source, number: int) -> Found[P]:
        source.line(1, f"for v in root[{number}]:")
        return Found(2, "v", places[number], ())

    return _compile(represented, loop, layout)


def _compile(
    represented: Sequence[Represented], loop: Callable[[Source, int], Found[P]], layout: Layout[P]
) -> Gather:
    slots = max((each.slot for each in represented), default=0) + 1
    names = {name for each in represented for kind in each.possible_kinds() for name in kind.names}
    source = new_source(identity=identity, LACKS=LACKS, unset=msgspec.UNSET)
    source.line(0, "def gather(root):")
    source.line(1, "known, representations = {}, []")
    source.line(1, "find, lacks = known.get, False")
    for slot in range(slots):
        source.line(1, f"owners{slot} = []")
    for number, each in enumerate(represented):
        kinds = each.possible_kinds()
        if kinds:
            body = _Body(
                source, layout, loop(source, number), each.slot, slots, len(names) > 1, each.known_type
            )
            body.write(kinds)
    owners = "".join(f"owners{slot}, " for slot in range(slots))
    source.line(1, f"return representations, ({owners}), lacks")
    return source.compile("gather")


@dataclass(frozen=True, slots=True)
class _Body:
    """What is done with one object. `several`: representations of more than one type name are made."""

    source: Source
    layout: Layout[Any]
    found: Found[Any]
    slot: int
    slots: int
    several: bool
    known_type: str | None

    def write(self, kinds: tuple[Kind, ...]) -> None:
        line, depth, found = self.source.line, self.found.depth, self.found
        if self.known_type is not None:
            (kind,) = kinds
            self._write_kind(depth, kind)
            return
        line(depth, f"t = {self.layout.value(found.place, found.variable, TYPENAME)}")
        if any(self._is_only(kind) or len(kind.types) > 1 for kind in kinds):
            line(depth, "if t.__class__ is str:")  # What equals a name is one anyway.
            depth += 1
        keyword = "if"
        for kind in kinds:
            inner = depth
            if not self._is_only(kind):
                line(depth, f"{keyword} {is_one_of(self.source, 't', kind.types)}:")
                inner, keyword = depth + 1, "elif"
            self._write_kind(inner, kind)

    def _write_kind(self, depth: int, kind: Kind) -> None:
        if kind.build is None:
            self._write_flat(depth, kind)
        else:
            self._write_built(depth, kind)

    @property
    def _own_name(self) -> str:
        """What gives the type name of the object."""
        return "t" if self.known_type is None else repr(self.known_type)

    def _is_only(self, kind: Kind) -> bool:
        return self.layout.is_of(self.source, self.found.place, self.found.variable, kind.types) is None

    def _write_flat(self, depth: int, kind: Kind) -> None:
        line, variable, place = self.source.line, self.found.variable, self.found.place
        values = [f"k{number}" for number in range(len(kind.keys))]
        for value, key in zip(values, kind.keys, strict=True):
            line(depth, f"{value} = {self.layout.value(place, variable, key)}")
        for key in sorted(kind.consumed):
            line(depth, f"{self.layout.value(place, variable, key)} = unset")
        name = self._own_name if kind.sent is None else repr(kind.sent)
        if len(values) == 1 and not self.several:
            depth = self._write_met_before(depth, values[0])
        self._write_identity(depth, kind, name, values)
        items = "".join(f", {key!r}: {value}" for key, value in zip(kind.keys, values, strict=True))
        line(depth, "if k is not None:")
        self._write_own(depth + 1, f"{{{TYPENAME!r}: {name}{items}}}")

    def _write_met_before(self, depth: int, value: str) -> int:
        """Most objects of a list are of few entities: a string that is known needs no closer look."""
        line = self.source.line
        line(depth, f"o = find({value}) if {value}.__class__ is str else None")
        line(depth, f"if o is not None: {self._owned}.append({self.found.variable})")
        line(depth, "else:")
        return depth + 1

    @property
    def _owned(self) -> str:
        """Where the objects of the representation `o` are kept."""
        return "o" if self.slots == 1 else f"o[{self.slot}]"

    def _write_identity(self, depth: int, kind: Kind, name: str, values: list[str]) -> None:
        line = self.source.line
        parts = [name, *values] if self.several or not values else values
        whole = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
        if not values:
            line(depth, f"k = {whole}")
            return
        # Strings and integers identify themselves; the rest, and what is missing, is looked at more closely.
        plain = " and ".join(f"({value}.__class__ is str or {value}.__class__ is int)" for value in values)
        line(depth, f"if {plain}: k = {whole}")
        line(depth, "else:")
        needed = self.source.constant(tuple(key in kind.non_null for key in kind.keys))
        line(depth + 1, f"k = identity({needed}, {', '.join(values)})")
        line(depth + 1, "if k is LACKS:")
        line(depth + 2, "k, lacks = None, True")
        self._write_restored(depth + 2, kind, values)
        if self.several:
            line(depth + 1, f"elif k is not None: k = ({name}, k)")

    def _write_restored(self, depth: int, kind: Kind, values: list[str]) -> None:
        """An object that lacks a key keeps the others: the dicts' way says what is wrong with it."""
        read = {TYPENAME: "t"} | dict(zip(kind.keys, values, strict=True))
        for key in sorted(kind.consumed):
            target = self.layout.value(self.found.place, self.found.variable, key)
            self.source.line(depth, f"{target} = {read[key]}")

    def _write_built(self, depth: int, kind: Kind) -> None:
        line = self.source.line
        builders = self.source.constant(kind.build)
        keys = kind.keys if self.known_type is not None else (TYPENAME, *kind.keys)
        plain = self.layout.plain(self.source, self.found.place, self.found.variable, keys)
        line(depth, f"b = {builders}[{self._own_name}]({plain})")
        line(depth, "if b is LACKS: lacks = True")
        line(depth, "elif b is not None:")
        line(depth + 1, "k = b[0]")
        self._write_own(depth + 1, "b[1]")

    def _write_own(self, depth: int, representation: str) -> None:
        line = self.source.line
        line(depth, "o = find(k)")
        line(depth, "if o is None:")
        line(depth + 1, f"representations.append({representation})")
        if self.slots == 1:
            line(depth + 1, "o = known[k] = []")
            line(depth + 1, "owners0.append(o)")
        else:
            line(depth + 1, f"o = known[k] = ({'[], ' * self.slots})")
            for slot in range(self.slots):
                line(depth + 1, f"owners{slot}.append(o[{slot}])")
        line(depth, f"{self._owned}.append({self.found.variable})")


def identity(needed: tuple[bool, ...], *values: Any) -> Any:
    """What is equal for equal values: 1, 1.0 and True are equal in Python, so it goes by text.

    None when one is missing, `LACKS` when one that is needed is null.
    """
    if any(value is MISSING or value is msgspec.UNSET for value in values):
        return None
    if any(value is None and need for value, need in zip(values, needed, strict=True)):
        return LACKS
    return dumps(values)
