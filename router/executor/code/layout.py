"""How code reads the objects of a store: what the writer asks of it.

A place (`P`) is what is known beforehand about the objects at one path: nothing where they are dicts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from router.executor.code.source import Source

P = TypeVar("P")
TYPENAME = "__typename"


class Missing:
    """The value of a field that no fetch has answered yet. It cannot be encoded, so none is overlooked."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


MISSING = Missing()


class Layout(Protocol[P]):
    """Each method gives an expression; in a place of `variable` there is such an object or something else."""

    @property
    def root(self) -> P: ...

    def inner(self, place: P, key: str) -> P: ...

    def value(self, place: P, variable: str, key: str) -> str:
        """The value at a key, `missing` when there is none."""
        ...

    def is_object(self, source: Source, place: P, variable: str) -> str: ...

    def is_of(self, source: Source, place: P, variable: str, types: frozenset[str]) -> str | None:
        """Whether an object is of these types; None when every object there is."""
        ...

    def plain(self, source: Source, place: P, variable: str, keys: tuple[str, ...]) -> str:
        """The object as a dict, with these fields at least."""
        ...


class DictLayout:
    """Objects as they came: dicts, of which nothing is known."""

    root = None

    def inner(self, place: None, key: str) -> None:
        return None

    def value(self, place: None, variable: str, key: str) -> str:
        return f"{variable}.get({key!r}, missing)"

    def is_object(self, source: Source, place: None, variable: str) -> str:
        return f"{variable}.__class__ is dict"

    def is_of(self, source: Source, place: None, variable: str, types: frozenset[str]) -> str | None:
        """A subgraph may have answered anything as a type name, even what is no key of a set."""
        return f"(t := {variable}.get({TYPENAME!r})).__class__ is str and {is_one_of(source, 't', types)}"

    def plain(self, source: Source, place: None, variable: str, keys: tuple[str, ...]) -> str:
        return variable


def is_one_of(source: Source, variable: str, names: Iterable[str]) -> str:
    """An expression that is true for these strings."""
    known = sorted(names)
    return (
        f"{variable} == {known[0]!r}"
        if len(known) == 1
        else f"{variable} in {source.constant(frozenset(known))}"
    )


def new_source(**namespace: Any) -> Source:
    return Source(missing=MISSING, **namespace)
