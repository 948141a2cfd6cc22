"""How code reads structures: what is at a place is known, so a field is an attribute of one class."""

from __future__ import annotations

from router.executor.code.layout import TYPENAME, is_one_of
from router.executor.code.source import Source
from router.executor.store.positions import Position
from router.executor.store.turn import plain


class StructLayout:
    def __init__(self, root: Position) -> None:
        self.root = root

    def inner(self, place: Position, key: str) -> Position:
        return place.child(key)

    def value(self, place: Position, variable: str, key: str) -> str:
        return f"{variable}.{place.attribute(key)}"

    def is_object(self, source: Source, place: Position, variable: str) -> str:
        """The decoder lets nothing else stand there, but null and what is not known yet."""
        return variable

    def is_of(self, source: Source, place: Position, variable: str, types: frozenset[str]) -> str | None:
        if not place.is_abstract:
            return None
        return is_one_of(source, f"{variable}.{place.attribute(TYPENAME)}", types)

    def plain(self, source: Source, place: Position, variable: str, keys: tuple[str, ...]) -> str:
        return f"{source.constant(plain)}({variable}, {source.constant(keys)})"
