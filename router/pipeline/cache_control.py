"""How long an answer may be kept: no longer and by no more caches than every subgraph said of its part.

A subgraph's answer without a lifetime makes the whole answer one that is not to be kept, as in Apollo's
gateways: what nobody called cacheable is not. RFC 9111, section 5.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from router.transport.base import Headers

NO_STORE = "no-store"
DIRECTIVE = re.compile(r'([A-Za-z-]+)(?:=(?:"([^"]*)"|([^\s,]*)))?')
AGE = "age"
RawHeaders = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What one answer allows. Times are in seconds; `shared` is for caches that many use."""

    own: int
    shared: int
    is_private: bool = False
    is_public: bool = False
    asks_again: bool = False
    revalidates: bool = False

    def restricted_by(self, other: Lifetime) -> Lifetime:
        return Lifetime(
            min(self.own, other.own),
            min(self.shared, other.shared),
            self.is_private or other.is_private,
            self.is_public and other.is_public,
            self.asks_again or other.asks_again,
            self.revalidates or other.revalidates,
        )

    def header(self) -> str:
        if self.is_private and not (self.own or self.asks_again):
            return NO_STORE
        if not (self.own or self.shared or self.asks_again):
            return NO_STORE
        parts = [f"max-age={self.own}"]
        if self.shared != self.own and not self.is_private:
            parts.append(f"s-maxage={self.shared}")
        if self.is_private or self.is_public:
            parts.append("private" if self.is_private else "public")
        if self.asks_again:
            parts.append("no-cache")
        if self.revalidates:
            parts.append("must-revalidate")
        return ", ".join(parts)


def merged(received: Sequence[Mapping[str, str]], answers: int) -> str | None:
    """The header for the client. `received` are the `cache-control` and `age` of the answers that had one,
    `answers` is how many there were. None where no subgraph said anything: that is the router's to decide.
    """
    said = [each for each in received if "cache-control" in each]
    if not said:
        return None
    lifetimes = [lifetime(each["cache-control"], each.get(AGE, "")) for each in said]
    first, *others = lifetimes
    if first is None or len(said) < answers or None in others:
        return NO_STORE
    for other in others:
        assert other is not None
        first = first.restricted_by(other)
    return first.header()


def for_one_client(headers: RawHeaders) -> RawHeaders:
    """Of an answer for who asked alone: kept as long as subgraphs say, by no cache that others use."""
    return tuple(
        (name, _private(value.decode("latin-1")).encode("latin-1"))
        if name == b"cache-control"
        else (name, value)
        for name, value in headers
    )


def _private(header: str) -> str:
    found = lifetime(header)
    return NO_STORE if found is None else replace(found, is_private=True, is_public=False).header()


def lifetime(header: str, age: str = "") -> Lifetime | None:
    """None for an answer that is not to be kept: it says so, or names no lifetime."""
    said = {name.lower(): quoted if quoted else plain for name, quoted, plain in DIRECTIVE.findall(header)}
    if "no-store" in said:
        return None
    asks_again = "no-cache" in said
    own = _seconds(said.get("max-age"))
    shared = _seconds(said.get("s-maxage"))
    if own is None and shared is None and not asks_again:
        return None
    spent = _seconds(age) or 0
    left = max((own or 0) - spent, 0)
    return Lifetime(
        left,
        left if shared is None else max(shared - spent, 0),
        "private" in said,
        "public" in said,
        asks_again,
        "must-revalidate" in said,
    )


def _seconds(text: str | None) -> int | None:
    return min(int(text), 31_536_000) if text is not None and text.isascii() and text.isdigit() else None


def cache_headers(headers: Iterable[Headers]) -> list[dict[str, str]]:
    """Several `cache-control` of one answer are one (RFC 9110, section 5.3)."""
    found = []
    for each in headers:
        one: dict[str, str] = {}
        for name, value in each:
            if name in ("cache-control", AGE):
                one[name] = f"{one[name]}, {value}" if name in one else value
        found.append(one)
    return found
