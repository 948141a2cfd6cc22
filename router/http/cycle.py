"""One request and its answer on a connection of uvicorn's, with the answer in one write.

uvicorn writes the head when it gets it and the body after: two system calls, and a client that is woken
twice. ASGI lets a server keep the head back until the first of the body comes. An answer that is whole then,
as all of ours are, goes out at once; any other goes uvicorn's way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    RequestResponseCycle,
)

MAX_COPIED_BYTES = 65536
"""A body up to here is copied behind its head; a larger one is handed over beside it."""

SPECIAL = frozenset((b"connection", b"transfer-encoding"))
"""Headers that decide how the answer is sent, or what becomes of the connection."""

NOT_PLAIN = b"\n"
"""No line may have it, so the check of the values finds it."""


@lru_cache(maxsize=256)
def start_of_line(name: bytes) -> bytes:
    """Of a header that is sent as it is, and only sent; `NOT_PLAIN` of any other."""
    is_plain = name == name.lower() and name not in SPECIAL and not HEADER_RE.search(name)
    return name + b": " if is_plain else NOT_PLAIN


class Cycle(RequestResponseCycle):
    """Says nothing before the first message with a body, and then all it has."""

    _start: Any = None

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start" and self._start is None and not self.response_started:
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            head = self._head_of_whole(start, message)
            if head is not None:
                self._write(head, message.get("body", b""))
                return
            await super().send(start)
        await super().send(message)

    async def send_500_response(self) -> None:
        """The application failed: what it had begun is not said."""
        self._start = None
        await super().send_500_response()

    def _head_of_whole(self, start: Any, message: Any) -> bytes | None:
        """None for what is uvicorn's to send: in parts, without a length, the last of a connection."""
        if message.get("more_body") or self.scope["method"] == "HEAD" or not self.keep_alive:
            return None
        if self.disconnected or self.flow.write_paused or self.access_log:
            return None
        headers = [*self.default_headers, *start.get("headers", ())]
        if (b"content-length", b"%d" % len(message.get("body", b""))) not in headers:
            return None
        lines = [start_of_line(name) + value for name, value in headers]
        if HEADER_VALUE_RE.search(b"".join(lines)):
            return None
        return b"\r\n".join((STATUS_LINE[start["status"]][:-2], *lines, b"\r\n"))

    def _write(self, head: bytes, body: bytes) -> None:
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        if len(body) <= MAX_COPIED_BYTES:
            self.transport.write(head + body)
        else:
            self.transport.writelines((head, body))
        self.message_event.set()
        self.on_response()
