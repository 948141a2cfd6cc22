"""Checks of a client's input. They collect: the client hears everything that is wrong, each under the input's
name.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from subgraphs.kit.errors import BadUserInput


class Checks:
    """`text`, `require` … then `done()`, which raises BadUserInput if any failed."""

    def __init__(self) -> None:
        self._problems: dict[str, str] = {}

    def require(self, holds: bool, name: str, problem: str) -> None:
        """The first problem of an input is the one reported."""
        if not holds:
            self._problems.setdefault(name, problem)

    def text(self, value: str | None, name: str, label: str, *, least: int = 0, most: int) -> None:
        """Length in characters; no control characters but line breaks and tabs; no NUL for PostgreSQL."""
        if value is None:
            return
        self.require(len(value.strip()) >= least, name, f"{label} must not be empty.")
        self.require(len(value) <= most, name, f"{label} has at most {most} characters.")
        controls = any(character < " " and character not in "\n\r\t" for character in value)
        self.require(not controls, name, f"{label} has control characters.")
        self.require(is_storable(value), name, f"{label} is not valid text.")

    def web_address(self, value: str | None, name: str, label: str) -> None:
        if value is None:
            return
        self.text(value, name, label, least=1, most=512)
        self.require(_is_web_address(value), name, f"{label} must be an http(s) address.")

    def done(self) -> None:
        if self._problems:
            raise BadUserInput(self._problems)


def is_storable(value: str) -> bool:
    """PostgreSQL's text has no NUL and, like UTF-8, no half surrogate pairs. Nothing stored equals such a
    value.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in value)
