"""Heads of answers that came before, byte for byte: what the parser made of one is known.

As router/http/heads.py has it for requests. A subgraph's answers differ in their bodies and in how long these
are; of one operation that is asked again and again they often differ in nothing that the head says.
"""

from __future__ import annotations

import msgspec

from router.transport.base import Headers

END = b"\r\n\r\n"
MAX_HEAD = 2048
"""Bytes of a head that is remembered."""
MOST = 256
"""Heads of a subgraph, a megabyte with what was made of them. All are forgotten when there are more."""


class HTTPResponse(msgspec.Struct, frozen=True):
    status: int
    content_type: str
    body: bytes
    encoding: str = ""
    headers: Headers = ()


class KnownHead(msgspec.Struct, frozen=True):
    """`about` is an answer with this head, without its body of `body_bytes`."""

    about: HTTPResponse
    body_bytes: int


class KnownHeads:
    """Of the connections to one subgraph."""

    __slots__ = ("_by_bytes",)

    def __init__(self) -> None:
        self._by_bytes: dict[bytes, KnownHead] = {}

    def find(self, head: bytes) -> KnownHead | None:
        return self._by_bytes.get(head)

    def learn(self, head: bytes, answer: HTTPResponse) -> None:
        """What the parser made of an answer with that head, which said how long its body is."""
        if len(self._by_bytes) >= MOST:
            self._by_bytes.clear()
        about = msgspec.structs.replace(answer, body=b"")
        self._by_bytes[head] = KnownHead(about, len(answer.body))
