"""Heads that came before are not parsed again, and nobody can tell by the answers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.config import ServerConfig
from router.http.cycle import straight
from router.http.heads import MOST, Heads
from router.http.server import make_server
from tests.router.http.test_cycle import Recording

HEAD = b"POST /a?b=c HTTP/1.1\r\nhost: x\r\nx-one: 1\r\ncontent-length: 4\r\n\r\n"


class Counting:
    """A parser that counts what it is fed."""

    def __init__(self, parser: Any) -> None:
        self._parser = parser
        self.fed = 0

    def feed_data(self, data: bytes) -> None:
        self.fed += 1
        self._parser.feed_data(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)


class Served:
    """A connection to an application that says what it was asked, and answers with the body."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                return
            self.scopes.append(scope)
            body, more = b"", True
            while more:
                message = await receive()
                body, more = body + message["body"], message["more_body"]
            self.bodies.append(body)
            length = (b"content-length", b"%d" % len(body))
            await send({"type": "http.response.start", "status": 200, "headers": [length]})
            await send({"type": "http.response.body", "body": body})

        server = make_server(app, ServerConfig(), lifespan="auto")
        server.config.load()
        made: Any = server.config.http_protocol_class
        self.protocol = made(config=server.config, server_state=server.server_state, app_state={})
        self.protocol.connection_made(Recording())
        self.parser = self.protocol.parser = Counting(self.protocol.parser)

    async def comes(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.protocol.data_received(piece)
            await self.rest()

    async def rest(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


async def met() -> Served:
    """Where HEAD is known."""
    served = Served()
    await served.comes(HEAD + b"1st.", HEAD + b"2nd.")
    assert served.parser.fed == 2
    return served


async def test_the_third_time_is_not_parsed_and_is_the_same_request() -> None:
    served = await met()
    await served.comes(HEAD + b"3rd.", HEAD + b"4th.")
    assert served.parser.fed == 2
    assert served.bodies == [b"1st.", b"2nd.", b"3rd.", b"4th."]
    assert served.scopes[3] == served.scopes[0]


async def test_a_body_in_pieces_is_parsed_and_so_is_what_follows_a_body() -> None:
    served = await met()
    await served.comes(HEAD + b"in", b"to", HEAD + b"4th." + HEAD, b"5th.")
    assert served.bodies[2:] == [b"into", b"4th.", b"5th."]
    assert served.parser.fed == 6


async def test_a_body_that_reads_like_a_known_request_is_a_body() -> None:
    served = await met()
    inner = HEAD + b"evil"
    outer = HEAD.replace(b": 4", b": %d" % len(inner))
    await served.comes(outer, inner)
    assert served.bodies[2:] == [inner]


async def test_a_chunk_that_reads_like_a_known_request_is_a_chunk() -> None:
    served = await met()
    inner = HEAD + b"evil"
    chunked = HEAD.replace(b"content-length: 4", b"transfer-encoding: chunked")
    await served.comes(chunked, b"%x\r\n" % len(inner), inner, b"\r\n0\r\n\r\n")
    assert served.bodies[2:] == [inner]


async def test_requests_sent_ahead_are_answered_in_turn() -> None:
    served = await met()
    for body in (b"3rd.", b"4th.", b"5th."):
        served.protocol.data_received(HEAD + body)
    for _ in range(4):
        await served.rest()
    assert served.bodies[2:] == [b"3rd.", b"4th.", b"5th."]


@pytest.mark.parametrize(
    "line",
    [b"connection: close", b"connection: keep-alive", b"expect: 100-continue", b"x-one: 2", b"upgrade: h2c"],
    ids=lambda line: line.decode(),
)
async def test_a_head_that_says_more_than_a_length_is_parsed_each_time(line: bytes) -> None:
    head = HEAD.replace(b"host: x\r\n", b"host: x\r\n" + line + b"\r\n")
    for _ in range(2):
        served = Served()
        for number in range(4):
            await served.comes(head + b"%d..." % number)
        assert served.protocol.heads.find(head) is None


async def test_what_is_no_request_is_refused_wherever_it_comes() -> None:
    served = await met()
    await served.comes(HEAD.replace(b"host: x\r\n", b"host: x\r\nhost: y\r\n") + b"3rd.")
    assert served.protocol.transport.writes[-1].startswith(b"HTTP/1.1 400")
    assert served.protocol.transport.is_closed


async def test_a_head_longer_than_is_remembered_is_parsed_each_time() -> None:
    served = Served()
    head = HEAD.replace(b"x-one: 1", b"x-one: " + b"1" * 5000)
    await served.comes(*[head + b"body"] * 4)
    assert served.parser.fed == 4
    assert served.bodies == [b"body"] * 4


async def test_headers_that_a_middleware_changed_are_read_anew() -> None:
    served = await met()
    served.protocol.data_received(HEAD + b"3rd.")
    cycle = served.protocol.cycle
    assert straight(cycle.receive) is cycle
    expected = {"host": "x", "x-one": "1", "content-length": "4"}
    assert cycle.headers_of(cycle.scope) == expected
    cycle.headers_of(cycle.scope)["x-one"] = "kept apart"
    assert cycle.headers_of(cycle.scope) == expected
    cycle.scope["headers"].append((b"x-two", b"2"))
    assert cycle.headers_of(cycle.scope) is None
    await served.rest()


def test_heads_are_bounded() -> None:
    heads = Heads()
    scope = {"method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "http_version": "1.1"}
    for number in range(3 * MOST):
        heads.learn(b"%d" % number, 0, scope | {"headers": [(b"x", b"%d" % number)]})
    known = [number for number in range(3 * MOST) if heads.find(b"%d" % number) is not None]
    assert 0 < len(known) <= MOST
