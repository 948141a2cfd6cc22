"""One keep-alive HTTP/1.1 connection: writes a request, parses the response with httptools.

Our own because of what it costs: about a tenth of the CPU time of a general client per request (figures in
docs/execution.md). It does only what asking a subgraph takes: POST, no redirects.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import cast

import httptools

from router.errors import MalformedResponse, ResponseTooLarge, TransportError
from router.transport.base import Kept
from router.transport.heads import END, MAX_HEAD, HTTPResponse, KnownHeads


class ConnectionLost(TransportError):
    """The peer closed before it answered. `nothing_received`: it may never have seen the request."""

    def __init__(self, *, nothing_received: bool) -> None:
        super().__init__("The subgraph closed the connection before it answered.")
        self.nothing_received = nothing_received


class Connection(asyncio.Protocol):
    """At most one request at a time. Not reusable once `is_open` is false."""

    __slots__ = (
        "_answer",
        "_body",
        "_content_type",
        "_encoding",
        "_headers",
        "_headers_complete",
        "_heads",
        "_in_message",
        "_kept",
        "_last_head",
        "_length",
        "_loop",
        "_max_bytes",
        "_may_write",
        "_parser",
        "_received",
        "_size",
        "_transport",
        "is_open",
    )

    def __init__(self, kept: Kept = frozenset(), heads: KnownHeads | None = None) -> None:
        self._kept = kept
        self._heads = KnownHeads() if heads is None else heads
        self._last_head = b""
        self._in_message = False
        self._may_write: asyncio.Future[None] | None = None
        self._headers: list[tuple[str, str]] | None = None
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[HTTPResponse] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._received = False
        self._body: list[bytes] = []
        self._size = 0
        self._max_bytes = 0
        self._content_type = ""
        self._encoding = ""
        self._length: int | None = None
        self._headers_complete = False
        self.is_open = False

    async def request(self, message: bytes, max_bytes: int) -> HTTPResponse:
        """Sends a complete HTTP message. A caller that stops waiting closes the connection."""
        assert self._transport is not None
        assert self._answer is None, "a connection takes one request at a time"
        self._max_bytes = max_bytes
        self._received = False
        self._answer = self._loop.create_future()
        self._transport.write(message)
        try:
            return await self._answer
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            self._answer = None

    async def stream(self, head: bytes, body: AsyncIterable[bytes], max_bytes: int) -> HTTPResponse:
        """Sends a head and a body in chunks as they come, no faster than the peer reads.

        An answer that comes before all is sent ends the sending. A body that fails is not ended properly, so
        that the peer cannot take it for whole.
        """
        assert self._transport is not None
        self._max_bytes = max_bytes
        self._received = False
        self._answer = self._loop.create_future()
        sending = asyncio.ensure_future(self._send_chunks(head, body))
        try:
            await asyncio.wait((sending, self._answer), return_when=asyncio.FIRST_COMPLETED)
            if not self._answer.done():
                await sending
            return await self._answer
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            self._answer.cancel()
            self._answer = None

    async def _send_chunks(self, head: bytes, body: AsyncIterable[bytes]) -> None:
        assert self._transport is not None
        self._transport.write(head)
        async for chunk in body:
            self._transport.writelines((b"%x\r\n" % len(chunk), chunk, b"\r\n"))
            if self._may_write is not None:
                await self._may_write
        self._transport.write(b"0\r\n\r\n")

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.close()

    def _fail(self, error: TransportError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self.close()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass.
        self.is_open = True

    def pause_writing(self) -> None:
        self._may_write = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._may_write is not None and not self._may_write.done():
            self._may_write.set_result(None)
        self._may_write = None

    def data_received(self, data: bytes) -> None:
        answer = self._answer
        if answer is None:
            self.close()  # Nobody asked: who knows whose answer it is.
            return
        if self._received or self._in_message:
            self._parse(data)
            return
        self._received = True
        end = data.find(END, 0, MAX_HEAD) + len(END)
        known = self._heads.find(data[:end])
        if known is None:
            self._parse(data)
            if self._length == len(data) - end and self.is_open and end >= len(END):
                self._learn(answer, data[:end])
        elif known.body_bytes != len(data) - end or known.body_bytes > self._max_bytes or answer.done():
            self._parse(data)
        else:
            about = known.about
            answer.set_result(
                HTTPResponse(about.status, about.content_type, data[end:], about.encoding, about.headers)
            )

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(MalformedResponse("The subgraph's answer is not HTTP."))

    def _learn(self, answer: asyncio.Future[HTTPResponse], head: bytes) -> None:
        """Of an answer in one piece, the second time that its head is the same."""
        if answer.done() and not answer.cancelled() and answer.exception() is None and not self._in_message:
            if head == self._last_head:
                self._heads.learn(head, answer.result())
            self._last_head = head

    def eof_received(self) -> None:
        self._finish_at_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self.resume_writing()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionLost(nothing_received=not self._received))

    def _finish_at_eof(self) -> None:
        """A body without a length ends with the connection; one cut short is an error."""
        if self._answer is None or self._answer.done():
            return
        if self._received and self._length is None and self._headers_complete:
            self.on_message_complete()
            self.close()

    # httptools callbacks

    def on_message_begin(self) -> None:
        self._in_message = True
        if self._answer is None or self._answer.done():
            self.close()  # More than was asked for.
        self._body = []
        self._size = 0
        self._content_type = ""
        self._encoding = ""
        self._headers = None
        self._length = None
        self._headers_complete = False

    def on_header(self, name: bytes, value: bytes) -> None:
        lowered = name.lower()
        if lowered == b"content-type":
            self._content_type = value.decode("latin-1")
        elif lowered == b"content-length":
            self._length = int(value) if value.isdigit() else -1
        elif lowered == b"content-encoding":
            self._encoding = value.decode("latin-1").strip().lower()
        elif lowered == b"transfer-encoding":
            self._length = -1
        if self._kept is None or lowered in self._kept:
            self._keep(lowered, value)

    def _keep(self, name: bytes, value: bytes) -> None:
        if self._headers is None:
            self._headers = []
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        self._headers_complete = True
        if self._length is not None and self._length > self._max_bytes:
            self._too_large()

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > self._max_bytes:
            self._too_large()
            return
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._in_message = False
        status = self._parser.get_status_code()
        if 100 <= status < 200:
            return
        self.is_open = self.is_open and self._parser.should_keep_alive()
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        if self._answer is not None and not self._answer.done():
            headers = tuple(self._headers) if self._headers is not None else ()
            self._answer.set_result(HTTPResponse(status, self._content_type, body, self._encoding, headers))

    def _too_large(self) -> None:
        self._fail(ResponseTooLarge("The subgraph's answer is larger than one operation may take."))
