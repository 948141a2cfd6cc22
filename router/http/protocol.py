"""uvicorn's HTTP/1.1 protocol with limits: bytes of a head, time to arrive, requests ahead of their answers.

uvicorn with httptools has none of its own: a header of any size is collected, a request may take for ever to
arrive, and requests sent without waiting for answers pile up. What is refused is answered and the connection
closed. A request that arrives in one piece, as nearly all do, sets no timer.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import lru_cache
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from router.config import ServerConfig
from router.http.cycle import Arrival, Cycle
from router.http.exchange import ON_SHUTDOWN, Scope
from router.http.heads import END, MAX_BYTES, Head, Heads
from router.http.idle_timer import IdleTimer

MAX_SHORT_TARGET = 64
"""Bytes of a target that is worked out once: the endpoint's own, not an operation in a query string."""

VERSIONS = frozenset(("1.0", "1.1"))
"""The parser knows 0.9 and 2.0 too, whose messages it cannot tell the end of."""

MAX_PIPELINED = 32
"""Requests of one connection that wait for the answers to those before."""


class Refusal(Exception):
    """What arrives is not served. httptools wraps it, so the protocol keeps the status itself."""


class LimitedProtocol(HttpToolsProtocol):
    """Set up by `with_limits`."""

    limits: ServerConfig
    heads: Heads

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._refused: HTTPStatus | None = None
        self._arrived = 0
        self._head_bytes = 0
        self._in_head = False
        self._in_message = False
        self._arriving: asyncio.TimerHandle | None = None
        self._messages = 0
        """How many have ended in what came last."""
        self._last_head = b""
        self._idle: IdleTimer
        self._answered: Cycle | None = None
        """The request that is being answered, or was last: others may have come ahead of their turn."""

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._idle = IdleTimer(self.loop, self.limits.idle_timeout_seconds, self.timeout_keep_alive_handler)
        if len(self.connections) > self.limits.max_connections:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._idle.begin()

    def shutdown(self) -> None:
        """The server ends: answers are waited for, a stream is told so."""
        super().shutdown()
        leave = self.cycle.scope.get(ON_SHUTDOWN) if self.cycle is not None else None
        if callable(leave):
            leave()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._idle.close()
        super().connection_lost(exc)
        if self._answered is not None and not self._answered.response_complete:
            self._answered.leave()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._idle.end()
        if self._in_message or self.pipeline or not (self.cycle is None or self.cycle.response_complete):
            self._parse(data)
            return
        end = data.find(END, 0, MAX_BYTES) + len(END)
        head = data[:end]
        known = self.heads.find(head)
        if known is not None and len(data) == end + known.length:
            self._answer_known(known, data[end:])
            return
        self._messages = 0
        self._parse(data)
        if self._messages == 1 and not self._in_message and self.cycle.keep_alive and end >= len(END):
            if head == self._last_head:
                self.heads.learn(head, len(data) - end, self.cycle.scope)
            self._last_head = head

    def _answer_known(self, known: Head, body: bytes) -> None:
        """What came is a whole request, and its head is one that came before."""
        super().on_message_begin()
        cast(Scope, self.scope).update(known.scope)
        self.headers += known.pairs
        self.cycle = cycle = self._new_cycle(keep_alive=True)
        cycle.head, cycle.more_body = known, False
        cycle.body = body  # type: ignore[assignment]  # Nothing is added to it.
        cycle.message_event.set()
        self._answer(cycle)

    def _parse(self, data: bytes) -> None:
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
        self._head_bytes = 0
        self._in_head = self._in_message = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """For every header of every request: what is special is looked for once, in all of them."""
        self.headers.append((name.lower(), value))
        if not self._in_head:  # A trailer, after the body.
            self._head_bytes += len(name) + len(value)
            if self._head_bytes > self.limits.max_header_bytes:
                self._stop_parsing(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._in_head = False
        version = self.parser.get_http_version()
        self._check_head(version)
        if (
            self._arrived > self.limits.max_header_bytes
            and self._size_of_head() > self.limits.max_header_bytes
        ):
            self._stop_parsing(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if len(self.pipeline) >= MAX_PIPELINED:
            self._stop_parsing(HTTPStatus.TOO_MANY_REQUESTS)
        self._say_what_is_asked(version)
        begun = self.cycle
        self.cycle = cycle = self._new_cycle(keep_alive=version != "1.0" and self.parser.should_keep_alive())
        if begun is None or begun.response_complete:
            self._answer(cycle)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, self.app))

    def _check_head(self, version: str) -> None:
        """One host, a version and a framing that the parser can tell the end of."""
        headers = self.headers
        found = dict(headers)
        hosts = 1 if b"host" in found else 0
        if len(found) != len(headers):
            hosts = sum(name == b"host" for name, _ in headers)
        if hosts != 1 and (hosts or version == "1.1"):
            self._stop_parsing(HTTPStatus.BAD_REQUEST)
        if version not in VERSIONS or found.get(b"transfer-encoding", b"chunked").lower() != b"chunked":
            self._stop_parsing(HTTPStatus.BAD_REQUEST)
        if b"expect" in found and (b"expect", b"100-continue") in (
            (name, value.lower()) for name, value in headers
        ):
            self.expect_100_continue = True

    def on_body(self, body: bytes) -> None:
        """uvicorn's own without its WebSockets, as the next one."""
        cycle = self.cycle
        if not cycle.response_complete:
            cycle.body += body
            if len(cycle.body) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            cycle.message_event.set()

    def on_message_complete(self) -> None:
        self._in_message = False
        self._messages += 1
        if self._arriving is not None:
            self._stop_timer()
        cycle = self.cycle
        if not cycle.response_complete:
            cycle.more_body = False
            cycle.message_event.set()

    def _say_what_is_asked(self, version: str) -> None:
        scope = self.scope
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["http_version"] = version
        path, raw_path, query = (short_target if len(self.url) <= MAX_SHORT_TARGET else target)(self.url)
        if self.root_path:
            path, raw_path = self.root_path + path, self.root_path.encode("ascii") + raw_path
        scope["path"], scope["raw_path"], scope["query_string"] = path, raw_path, query

    def _new_cycle(self, *, keep_alive: bool) -> Cycle:
        cycle = Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=Arrival(),  # type: ignore[arg-type]
            expect_100_continue=self.expect_100_continue,
            keep_alive=keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.loop, cycle.tasks = self.loop, self.tasks
        return cycle

    def _answer(self, cycle: Cycle) -> None:
        self._answered = cycle
        cycle.task = self.loop.create_task(cycle.run_asgi(self.app))
        self.tasks.add(cycle.task)

    def on_response_complete(self) -> None:
        """uvicorn's own, written out: the next request of those that came ahead, or an idle connection."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if self.flow.read_paused:
            self.flow.resume_reading()
        if self.pipeline:
            self._answer(cast(Cycle, self.pipeline.pop()[0]))
        else:
            self._idle.begin()

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


def target(url: bytes) -> tuple[str, bytes, bytes]:
    """The path, unquoted and as it came, and the query of a request's target."""
    parsed = httptools.parse_url(url)
    return unquote(parsed.path.decode("ascii")), parsed.path, parsed.query or b""


short_target = lru_cache(maxsize=256)(target)


def with_limits(limits: ServerConfig) -> type[LimitedProtocol]:
    """The class that uvicorn makes one of per connection."""
    return type("LimitedProtocol", (LimitedProtocol,), {"limits": limits, "heads": Heads()})


def raise_open_files() -> None:
    """As many files as the system allows this process: each connection is one."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # Some systems promise more than they give.
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
