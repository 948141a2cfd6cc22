"""Heads of requests that came before, byte for byte: what the parser made of one is known.

A backend that asks on a kept connection sends the same head with each request, and parsing it is a tenth of
a small operation's time (figures in docs/execution.md). Only the parser says what bytes mean: a head is known
once it parsed the same bytes before, at the same place between two messages. Messages of which more is to be
known than a head and a length (chunks, an expectation, an end of the connection) are always parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from router.http.exchange import decoded_headers

END = b"\r\n\r\n"
MAX_BYTES = 4096
"""Of a head that is remembered."""
MOST = 512
"""Heads of a server: with what was made of them some 6 MB at most. All are forgotten when there are more."""

METHODS = frozenset(("GET", "POST"))
PARSED = frozenset((b"transfer-encoding", b"expect", b"connection", b"upgrade", b"trailer"))
"""Headers of messages that are left to the parser."""


class Head(msgspec.Struct, frozen=True):
    """`scope` is what ASGI's scope has of it, `pairs` its headers, `texts` those as the endpoint reads them.

    `length` is how many bytes follow.
    """

    scope: Mapping[str, Any]
    pairs: list[tuple[bytes, bytes]]
    texts: dict[str, str]
    length: int


class Heads:
    """Of one server's connections."""

    __slots__ = ("_by_bytes",)

    def __init__(self) -> None:
        self._by_bytes: dict[bytes, Head] = {}

    def find(self, head: bytes) -> Head | None:
        return self._by_bytes.get(head)

    def learn(self, head: bytes, body_bytes: int, scope: Mapping[str, Any]) -> None:
        """What was made of a head that came with its whole body in one piece, unless it has to be parsed."""
        pairs: list[tuple[bytes, bytes]] = scope["headers"]
        found = dict(pairs)
        length = found.get(b"content-length", b"0")
        if len(found) != len(pairs) or not PARSED.isdisjoint(found):
            return
        if scope["method"] not in METHODS or scope["http_version"] != "1.1":
            return
        if not length.isdigit() or int(length) != body_bytes:
            return
        if len(self._by_bytes) >= MOST:
            self._by_bytes.clear()
        of_request = ("method", "path", "raw_path", "query_string")
        known = {name: scope[name] for name in of_request}
        self._by_bytes[head] = Head(known, list(pairs), decoded_headers(pairs), body_bytes)
