"""Checks of a mutation's input. They collect: the client hears everything that is wrong, each with its place.

Text comes back the way it is stored (kit/text.py), so that checking and normalizing cannot differ.
"""

from __future__ import annotations

from typing import TypeVar, overload
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from db.uuids import uuid_of
from subgraphs.kit import text
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import Path, UserError, invalid

Text = TypeVar("Text", str, None)
NO_ID = UUID(int=0)
"""Stands for an id that was no id, until `done` refuses it."""

WEB_ADDRESS_CHARACTERS = 512
CONTROLS = frozenset(map(chr, range(32))) | {"\x7f"}


class Checks:
    """`line`, `require` … then `done()`, which raises Refused if any failed. A place in the input is a
    name or a path.
    """

    def __init__(self) -> None:
        self._problems: dict[Path, UserError] = {}

    def add(self, problem: UserError) -> None:
        """The first problem of a place is the one reported."""
        self._problems.setdefault(tuple(problem.path), problem)

    def require(self, holds: bool, at: str | Path, problem: str) -> None:
        if not holds:
            self.add(invalid(problem, *_path(at)))

    @overload
    def line(self, value: str, at: str | Path, label: str, *, least: int = 0, most: int) -> str: ...
    @overload
    def line(self, value: None, at: str | Path, label: str, *, least: int = 0, most: int) -> None: ...
    @overload
    def line(
        self, value: str | None, at: str | Path, label: str, *, least: int = 0, most: int
    ) -> str | None: ...
    def line(self, value: str | None, at: str | Path, label: str, *, least: int = 0, most: int) -> str | None:
        """One line of text, normalized. Lengths are in characters."""
        if value is None:
            return None
        self.require(not CONTROLS & set(value.strip()), at, f"{label} has control characters.")
        return self._text(value, text.line(value), at, label, least, most)

    @overload
    def prose(self, value: str, at: str | Path, label: str, *, least: int = 0, most: int) -> str: ...
    @overload
    def prose(
        self, value: str | None, at: str | Path, label: str, *, least: int = 0, most: int
    ) -> str | None: ...
    def prose(
        self, value: str | None, at: str | Path, label: str, *, least: int = 0, most: int
    ) -> str | None:
        """Several lines, normalized; tabs are kept."""
        if value is None:
            return None
        controls = CONTROLS - {"\n", "\r", "\t"}
        self.require(not controls & set(value), at, f"{label} has control characters.")
        return self._text(value, text.prose(value), at, label, least, most)

    def web_address(self, value: str | None, at: str | Path, label: str) -> str | None:
        if value is None:
            return None
        kept = self.line(value, at, label, least=1, most=WEB_ADDRESS_CHARACTERS)
        self.require(_is_web_address(kept), at, f"{label} must be an http(s) address.")
        return kept

    def time_zone(self, value: str, at: str | Path) -> str:
        """A name of the IANA time zone database."""
        self.require(_is_time_zone(value), at, "A time zone reads Europe/Berlin.")
        return value

    def id(self, value: str, at: str | Path) -> UUID:
        """An id the client sent; NO_ID when it is none, which `done` refuses."""
        try:
            return uuid_of(value)
        except ValueError:
            self.require(False, at, "This is not an id.")
            return NO_ID

    def serial(self, value: str, at: str | Path) -> int:
        """The id of one of the few lists that count; 0 when it is none, which `done` refuses."""
        is_serial = value.isascii() and value.isdigit() and len(value) <= 10 and int(value) < 2**31
        self.require(is_serial, at, "This is not an id.")
        return int(value) if is_serial else 0

    def done(self) -> None:
        if self._problems:
            raise Refused(*self._problems.values())

    def _text(self, value: str, kept: str, at: str | Path, label: str, least: int, most: int) -> str:
        self.require(text.is_storable(value), at, f"{label} is not valid text.")
        if least:
            self.require(not text.is_blank(kept), at, f"{label} must not be empty.")
            self.require(len(kept) >= least, at, f"{label} has at least {least} characters.")
        self.require(len(kept) <= most, at, f"{label} has at most {most} characters.")
        return kept


def _path(at: str | Path) -> Path:
    return (at,) if isinstance(at, str) else at


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in value)
