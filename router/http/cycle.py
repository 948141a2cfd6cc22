"""One request and its answer on a connection of uvicorn's, with the answer in one write.

uvicorn writes the head when it gets it and the body after: two system calls, and a client that is woken
twice. ASGI lets a server keep the head back until the first of the body comes. An answer that is whole then,
as all of ours are, goes out at once; any other goes uvicorn's way.

Where nobody stands between a connection and the endpoint, which `straight` tells, they talk without
messages: the body that has come is taken, the answer is written with the headers it always has, and a client
that leaves is told of at once. A middleware that wraps `receive` or `send` sees ASGI's messages, as it must.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from functools import lru_cache
from typing import Any, TypeVar

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    STATUS_LINE,
    RequestResponseCycle,
)
from uvicorn.protocols.http.httptools_impl import (
    HEADER_VALUE_RE as HEADER_VALUE_RE,
)

from router.http.exchange import ClientLeft, Receive, Scope, Send
from router.http.heads import Head

T = TypeVar("T")
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


class Arrival:
    """What a cycle asks of `asyncio.Event`, which is made only for somebody who has to wait."""

    __slots__ = ("_event", "_is_set")

    def __init__(self) -> None:
        self._is_set = False
        self._event: asyncio.Event | None = None

    def set(self) -> None:
        self._is_set = True
        if self._event is not None:
            self._event.set()

    def clear(self) -> None:
        self._is_set = False
        if self._event is not None:
            self._event.clear()

    async def wait(self) -> None:
        if not self._is_set:
            if self._event is None:
                self._event = asyncio.Event()
            await self._event.wait()


class Cycle(RequestResponseCycle):
    """Says nothing before the first message with a body, and then all it has."""

    loop: asyncio.AbstractEventLoop
    tasks: set[asyncio.Task[None]]
    """Those of the server, which waits for them at its end; the cycle's own among them while it runs."""
    task: asyncio.Task[None] | None = None
    head: Head | None = None
    """Where its bytes came before."""
    _start: Any = None
    _working: asyncio.Task[Any] | None = None
    _client_left = False

    async def run_asgi(self, app: Any) -> None:
        """As uvicorn's, which is told what went wrong. The task is taken out of `tasks` here: a callback of
        its own would be one more turn of the loop for every request.
        """
        try:
            result = await app(self.scope, self.receive, self.send)
        except BaseException as error:  # noqa: BLE001 - it is uvicorn's to answer
            await super().run_asgi(_raising(error))
        else:
            if result is not None or not self.response_complete:
                await super().run_asgi(_returning(result))
        finally:
            self.on_response = _nothing
            if self.task is not None:
                self.tasks.discard(self.task)

    def headers_of(self, scope: Scope) -> dict[str, str] | None:
        """The request's headers as they were read before; None where they were not, or were changed since."""
        head = self.head
        return head.texts.copy() if head is not None and scope["headers"] == head.pairs else None

    def take_body(self) -> bytes | None:
        """All of the request's, where it has come; None where it is to be received."""
        if self.more_body or self.disconnected or self.response_complete:
            return None
        self.message_event.clear()  # Who receives now waits for the client's leaving.
        if self.flow.read_paused:
            self.flow.resume_reading()
        body, self.body = bytes(self.body), bytearray()
        return body

    async def unless_client_leaves(self, work: Awaitable[T], _receive: Receive) -> T:
        """Awaits `work`, cancelled when the connection is lost. Raises `ClientLeft` then (as leaving.py)."""
        self._working = asyncio.current_task(self.loop)
        try:
            return await work
        except asyncio.CancelledError:
            if self._client_left and self._working is not None and self._working.uncancel() == 0:
                raise ClientLeft from None
            raise
        finally:
            self._working = None

    def leave(self) -> None:
        """The connection is lost."""
        self.disconnected = True
        self.message_event.set()
        if self._working is not None:
            self._client_left = True
            self._working.cancel()

    def write_whole(self, status: int, lines: bytes, body: bytes) -> bool:
        """Whether the answer went out. `lines` are its headers but for the length, each with its end."""
        if self._start is not None or self.response_started or self.default_headers or not self._is_plain():
            return False
        self._write(b"%b%bcontent-length: %d\r\n\r\n" % (STATUS_LINE[status], lines, len(body)), body)
        return True

    def _is_plain(self) -> bool:
        """Nothing about this request or its connection needs uvicorn's way of sending."""
        return (
            self.keep_alive
            and self.scope["method"] != "HEAD"
            and not (self.disconnected or self.flow.write_paused or self.access_log)
        )

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
        if message.get("more_body") or not self._is_plain():
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


def straight(way: Receive | Send) -> Cycle | None:
    """The connection's own cycle, where nobody wrapped what it gave the application."""
    cycle = getattr(way, "__self__", None)
    return cycle if cycle.__class__ is Cycle else None


def _raising(error: BaseException) -> Any:
    """An application that fails so."""

    async def app(*_: Any) -> None:
        raise error

    return app


def _returning(result: Any) -> Any:
    """An application that has done what it does, and returns this."""

    async def app(*_: Any) -> Any:
        return result

    return app


def _nothing() -> None:
    """What a cycle calls when it answers after its end."""
