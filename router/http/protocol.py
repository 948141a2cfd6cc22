"""uvicorn's HTTP/1.1 protocol with limits: bytes of a head, time to arrive, requests ahead of their answers.

uvicorn with httptools has none of its own: a header of any size is collected, a request may take for ever to
arrive, and requests sent without waiting for answers pile up. What is refused is answered and the connection
closed. A request that arrives in one piece, as nearly all do, sets no timer.
"""

from __future__ import annotations

import asyncio
import contextlib
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from router.config import ServerConfig

MAX_PIPELINED = 32
"""Requests of one connection that wait for the answers to those before."""


class Refusal(Exception):
    """What arrives is not served. httptools wraps it, so the protocol keeps the status itself."""


class LimitedProtocol(HttpToolsProtocol):
    """Set up by `with_limits`."""

    limits: ServerConfig

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._refused: HTTPStatus | None = None
        self._arrived = 0
        self._head_bytes = 0
        self._hosts = 0
        self._in_head = False
        self._in_message = False
        self._arriving: asyncio.TimerHandle | None = None

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.limits.max_connections:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self.timeout_keep_alive_task = self.loop.call_later(
            self.limits.idle_timeout_seconds, self.timeout_keep_alive_handler
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._arrived = self._head_bytes + len(data)
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.limits.max_header_bytes:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if self._in_message and self._arriving is None and not self.transport.is_closing():
            self._arriving = self.loop.call_later(self.limits.receive_timeout_seconds, self._too_slow)

    # httptools

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = self._hosts = 0
        self._in_head = self._in_message = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """uvicorn's own, written out: it runs for every header of every request."""
        name = name.lower()
        if name == b"host":
            self._hosts += 1
        elif name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))
        if not self._in_head:  # A trailer, after the body.
            self._head_bytes += len(name) + len(value)
            if self._head_bytes > self.limits.max_header_bytes:
                self._stop_parsing(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._hosts != 1 and (self._hosts or self.parser.get_http_version() == "1.1"):
            self._stop_parsing(HTTPStatus.BAD_REQUEST)
        if (
            self._arrived > self.limits.max_header_bytes
            and self._size_of_head() > self.limits.max_header_bytes
        ):
            self._stop_parsing(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if len(self.pipeline) >= MAX_PIPELINED:
            self._stop_parsing(HTTPStatus.TOO_MANY_REQUESTS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_message = False
        self._stop_timer()
        super().on_message_complete()

    def _size_of_head(self) -> int:
        """Worked out only when as many bytes have come as a head may have."""
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    # refusing

    def _stop_parsing(self, status: HTTPStatus) -> None:
        self._refused = status
        raise Refusal

    def _too_slow(self) -> None:
        self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answers unless an answer has begun, and closes."""
        self._stop_timer()
        if self.transport.is_closing():
            return
        text = status.phrase.encode()
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            head = b"content-type: text/plain\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(text)
            self.transport.write(STATUS_LINE[status] + head + text)
        self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """uvicorn's, for everything the parser refuses: ours knows better why."""
        self._refuse(self._refused or HTTPStatus.BAD_REQUEST)

    def _unsupported_upgrade_warning(self) -> None:
        """Whoever asks for a WebSocket gets an HTTP answer, and the log no advice that would not help."""

    def _stop_timer(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None


def with_limits(limits: ServerConfig) -> type[LimitedProtocol]:
    """The class that uvicorn makes one of per connection."""
    return type("LimitedProtocol", (LimitedProtocol,), {"limits": limits})


def raise_open_files() -> None:
    """As many files as the system allows this process: each connection is one."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # Some systems promise more than they give.
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
