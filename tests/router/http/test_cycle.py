"""How answers leave a connection: whole ones in one write, all others as ASGI says."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.config import ServerConfig
from router.http.exchange import ClientLeft
from router.http.idle_timer import IdleTimer
from router.http.leaving import WATCH_AFTER_SECONDS, Watches
from router.http.server import make_server

ASKED = b"GET /a%20b?c=d HTTP/1.1\r\nhost: x\r\n"


class Recording:
    """A transport that keeps each write by itself."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.writes.append(bytes(data))

    def writelines(self, parts: Any) -> None:
        self.write(b"".join(parts))

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def answered(*messages: dict[str, Any] | Exception, request: bytes = ASKED + b"\r\n") -> Recording:
    """What is written when the application sends these messages; an exception is raised."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            assert (scope["path"], scope["raw_path"], scope["query_string"]) == ("/a b", b"/a%20b", b"c=d")
            for message in messages:
                if isinstance(message, Exception):
                    raise message
                await send(message)

    server = make_server(app, ServerConfig(), lifespan="auto")
    server.config.load()
    made: Any = server.config.http_protocol_class
    protocol = made(config=server.config, server_state=server.server_state, app_state={})
    transport = Recording()
    protocol.connection_made(transport)
    protocol.data_received(request)
    await asyncio.gather(*protocol.tasks)
    protocol.connection_lost(None)
    return transport


def start(status: int = 200, **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": pairs}


def body(text: bytes, **more: Any) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text, **more}


@pytest.mark.parametrize("size", [0, 4, 1_000_000])
async def test_a_whole_answer_is_one_write(size: int) -> None:
    written = await answered(start(content_length=str(size), vary="accept"), body(b"x" * size))
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nvary: accept\r\n\r\n" % size
    assert written.writes == [head + b"x" * size]


async def test_a_header_in_capitals_is_what_it_is_in_small_letters() -> None:
    written = await answered(start(Content_Length="4", Connection="close"), body(b"data"))
    assert b"".join(written.writes).endswith(b"\r\ncontent-length: 4\r\nconnection: close\r\n\r\ndata")
    assert written.is_closed


async def test_an_answer_in_parts_leaves_in_parts() -> None:
    written = await answered(start(), body(b"one", more_body=True), body(b"two"))
    assert written.writes == [
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        b"3\r\none\r\n",
        b"3\r\ntwo\r\n0\r\n\r\n",
    ]


async def test_an_application_that_fails_before_the_body_is_answered_500() -> None:
    written = await answered(start(content_length="4"), RuntimeError("failed"))
    assert b"".join(written.writes).startswith(b"HTTP/1.1 500 ")


async def test_a_value_that_would_end_its_line_is_not_sent() -> None:
    written = await answered(start(content_length="4", x_a="b\r\nset-cookie: c"), body(b"data"))
    assert b"set-cookie" not in b"".join(written.writes)


async def test_a_body_of_another_length_is_not_passed_off_as_whole() -> None:
    written = await answered(start(content_length="9"), body(b"data"))
    assert written.is_closed


async def test_the_last_answer_of_a_connection_says_so_and_closes_it() -> None:
    last = ASKED + b"connection: close\r\n\r\n"
    written = await answered(start(content_length="4"), body(b"data"), request=last)
    assert b"connection: close\r\n" in b"".join(written.writes)
    assert written.is_closed


async def test_the_answer_to_head_has_no_body() -> None:
    written = await answered(
        start(content_length="4"), body(b"data"), request=ASKED.replace(b"GET", b"HEAD") + b"\r\n"
    )
    assert b"".join(written.writes).endswith(b"content-length: 4\r\n\r\n")


class Clock:
    """A loop's clock and timers, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Any]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Any) -> Any:
        timer = (self.now + delay, callback)
        self.timers.append(timer)
        return timer

    def pass_to(self, now: float) -> None:
        self.now = now
        due = [timer for timer in self.timers if timer[0] <= now]
        self.timers = [timer for timer in self.timers if timer[0] > now]
        for _, callback in due:
            callback()


def test_an_idle_timer_counts_from_the_last_time_it_began_and_is_set_once() -> None:
    clock: Any = Clock()
    ended: list[float] = []
    timer = IdleTimer(clock, 10.0, lambda: ended.append(clock.now))
    for second in range(6):
        clock.now = float(second)
        timer.begin()
        timer.end()
        timer.begin()
    assert len(clock.timers) == 1
    clock.pass_to(10.0)
    assert ended == []
    clock.pass_to(15.0)
    assert ended == [15.0]


def test_an_idle_timer_that_was_ended_does_nothing_until_it_begins_again() -> None:
    clock: Any = Clock()
    ended: list[float] = []
    timer = IdleTimer(clock, 10.0, lambda: ended.append(clock.now))
    timer.begin()
    timer.end()
    clock.pass_to(10.0)
    clock.pass_to(30.0)
    assert ended == []
    assert clock.timers == []
    timer.begin()
    clock.pass_to(40.0)
    assert ended == [40.0]


async def test_clients_are_watched_when_their_operation_lasts_whoever_began_before() -> None:
    watches, left = Watches(asyncio.get_running_loop()), asyncio.Event()

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    quick = watches.unless_client_leaves(asyncio.sleep(0, "quick"), receive)
    never = watches.unless_client_leaves(asyncio.Event().wait(), receive)
    slow = watches.unless_client_leaves(asyncio.sleep(4 * WATCH_AFTER_SECONDS, "slow"), Forever())
    first, second = asyncio.create_task(never), asyncio.create_task(slow)
    assert await quick == "quick"
    left.set()
    with pytest.raises(ClientLeft):
        await first
    assert await second == "slow"


class Forever:
    """A client that stays."""

    async def __call__(self) -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")
