"""Keyset pages: the part of Relay's connections that services and repositories speak, without GraphQL.

A page is the `limit` items after (or before) a position in an ordering. A position is the tuple of values the
list is ordered by, so a page costs the same at any depth and does not shift when rows are added. A cursor is
that position, opaque and marked with its ordering: the cursor of another list is refused rather than misread.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from math import isfinite
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from db.shapes import OfTheShape
from db.uuids import uuid_of
from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.text import is_storable

Item = TypeVar("Item")
Parent = TypeVar("Parent", bound=Hashable)
Position = tuple[object, ...]

DEFAULT_SIZE = 20
MAXIMUM_SIZE = 100
MAXIMUM_CURSOR_LENGTH = 1000


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("without an offset")
    return moment.astimezone(UTC)


def _text(text: str) -> str:
    if not is_storable(text):
        raise ValueError("not a text that is stored")
    return text


def _serial(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 2**31):
        raise ValueError("not a serial")
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError("not a number that is stored")
    return number


READERS: dict[type, Callable[[str], object]] = {
    datetime: _moment,
    date: date.fromisoformat,
    UUID: uuid_of,
    str: _text,
    int: _serial,
    float: _number,
}


@dataclass(frozen=True, slots=True)
class Ordering(OfTheShape):
    """How a list is ordered: a name for its cursors, the types of its values (the last one unique), and
    direction.
    """

    name: str
    kinds: tuple[type, ...]
    descending: bool = False

    def cursor(self, position: Sequence[object]) -> str:
        values = [value if isinstance(value, str) else _written(value) for value in position]
        packed = msgspec.json.encode([self.name, *values])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def position(self, cursor: str, argument: str) -> Position:
        """Raises BadUserInput for anything this ordering did not write."""
        try:
            if len(cursor) > MAXIMUM_CURSOR_LENGTH:
                raise ValueError("too long")
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            name, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            if name != self.name or len(values) != len(self.kinds):
                raise ValueError("of another list")
            return tuple(READERS[kind](value) for kind, value in zip(self.kinds, values, strict=True))
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise BadUserInput({argument: f"{argument} is not a cursor of this list."}) from error


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A window on an ordered list. Hashable: loaders group parents that ask for the same window."""

    ordering: Ordering
    limit: int = DEFAULT_SIZE
    after: Position | None = None
    before: Position | None = None
    backward: bool = False
    _hash: int | None = field(default=None, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        """Made once: a loader's keys have the same window for each of their parents."""
        known = self._hash
        if known is None:
            known = hash((self.ordering, self.limit, self.after, self.before, self.backward))
            object.__setattr__(self, "_hash", known)
        return known


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """Items in list order, and whether there are more on either side."""

    items: tuple[Item, ...]
    has_next: bool
    has_previous: bool

    @classmethod
    def cut(cls, found: Sequence[Item], request: PageRequest) -> Page[Item]:
        """From up to `limit + 1` items, nearest to the starting point first: the extra one proves there is
        more.
        """
        items = tuple(found[: request.limit])
        more = len(found) > request.limit
        if request.backward:
            return cls(items[::-1], has_next=request.before is not None, has_previous=more)
        return cls(items, has_next=more, has_previous=request.after is not None)


def pages_of(
    parents: Sequence[Parent], found: Iterable[tuple[Parent, Item]], request: PageRequest
) -> dict[Parent, Page[Item]]:
    """Items of many parents, each parent's in order from its starting point → a page for every parent, empty
    or not.
    """
    items: dict[Parent, list[Item]] = {parent: [] for parent in parents}
    for parent, item in found:
        items[parent].append(item)
    return {parent: Page.cut(listed, request) for parent, listed in items.items()}


def page_request(
    ordering: Ordering,
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> PageRequest:
    """Relay's four arguments → a window. Raises BadUserInput, listing everything wrong with them."""
    problems: dict[str, str] = {}
    if first is not None and last is not None:
        problems["last"] = "Give first or last, not both."
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= MAXIMUM_SIZE:
            problems.setdefault(name, f"{name} is between 0 and {MAXIMUM_SIZE}.")
    if problems:
        raise BadUserInput(problems)
    backward = last is not None
    size = last if last is not None else first
    return PageRequest(
        ordering,
        DEFAULT_SIZE if size is None else size,
        None if after is None else ordering.position(after, "after"),
        None if before is None else ordering.position(before, "before"),
        backward,
    )


def window(items: Sequence[Item], request: PageRequest, position: Callable[[Item], Position]) -> Page[Item]:
    """The page of a list that is in memory. O(n log n)."""
    ordered = sorted(items, key=position, reverse=request.ordering.descending)
    kept = [item for item in ordered if _between(position(item), request)]
    return Page.cut(kept[::-1] if request.backward else kept, request)


def _between(position: Position, request: PageRequest) -> bool:
    low, high = request.after, request.before
    if request.ordering.descending:
        low, high = high, low
    return (low is None or position > low) and (high is None or position < high)
