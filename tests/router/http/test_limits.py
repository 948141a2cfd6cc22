"""What one client may take: bytes, time, connections, requests ahead of their answers. On real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from router.config import RouterConfig, ServerConfig
from router.http.protocol import raise_open_files
from router.http.server import SignalFreeServer, bind, make_server
from tests.support.federation import Subgraph, router

BODY = json.dumps({"query": "{ me { name } }"}).encode()
POST = (
    b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    + f"content-length: {len(BODY)}\r\n\r\n".encode()
    + BODY
)


class Served:
    def __init__(self, server: SignalFreeServer, port: int) -> None:
        self.server = server
        self.port = port

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def send(self, *parts: bytes) -> bytes:
        """Everything that is answered until the server closes."""
        reader, writer = await self.connect()
        for part in parts:
            writer.write(part)
        try:
            return await reader.read()
        finally:
            writer.close()


@asynccontextmanager
async def served(subgraph: Subgraph | None = None, **limits: Any) -> AsyncIterator[Served]:
    config = ServerConfig(**limits)
    routed = router(RouterConfig(server=config), **({"users": subgraph} if subgraph else {}))
    listener = bind("127.0.0.1:0")
    server = make_server(routed.asgi(), config, lifespan="on")
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: bool(server.started))
    try:
        yield Served(server, listener.getsockname()[1])
    finally:
        server.should_exit = server.force_exit = True
        await serving


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - nobody tells the test
        await asyncio.sleep(0)


def status(answer: bytes) -> bytes:
    return answer.split(b" ", 2)[1] if answer else b""


async def test_answers_go_out_at_once_on_accepted_connections() -> None:
    async with served() as site:
        _, writer = await site.connect()
        await until(lambda: bool(site.server.server_state.connections))
        (connection,) = site.server.server_state.connections
        accepted = connection.transport.get_extra_info("socket")  # type: ignore[union-attr]
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        writer.close()


def test_a_listening_socket_hands_on_that_answers_go_out_at_once() -> None:
    with bind("127.0.0.1:0") as listener:
        assert listener.proto == socket.IPPROTO_TCP
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


async def test_a_header_larger_than_allowed_is_refused_before_it_has_arrived() -> None:
    head = b"POST /graphql HTTP/1.1\r\nhost: x\r\nx: " + b"a" * 5000
    async with served(max_header_bytes=1000) as site:
        assert status(await site.send(head)) == b"431"


async def test_many_small_headers_and_a_long_address_are_refused_too() -> None:
    many = b"GET / HTTP/1.1\r\nhost: x\r\n" + b"".join(b"x%d: y\r\n" % n for n in range(500)) + b"\r\n"
    long = b"GET /graphql?query=" + b"a" * 5000 + b" HTTP/1.1\r\nhost: x\r\n\r\n"
    async with served(max_header_bytes=1000) as site:
        assert status(await site.send(many)) == b"431"
        assert status(await site.send(long)) == b"431"


async def test_trailers_count_as_headers() -> None:
    head = b"POST /graphql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
    async with served(max_header_bytes=1000) as site:
        answer = await site.send(head + b"".join(b"t%d: y\r\n" % n for n in range(500)) + b"\r\n")
    assert status(answer) in (b"431", b"415")
    assert answer.count(b"HTTP/1.1 200") == 0


@pytest.mark.parametrize("part", [POST[:20], POST[:-5]], ids=["half a head", "half a body"])
async def test_a_request_that_does_not_arrive_is_given_up(part: bytes) -> None:
    async with served(receive_timeout_seconds=0.05) as site:
        assert status(await site.send(part)) == b"408"


async def test_a_connection_without_a_request_is_closed() -> None:
    async with served(idle_timeout_seconds=0.05) as site:
        assert await site.send() == b""


async def test_connections_beyond_the_limit_are_told_so() -> None:
    async with served(max_connections=2) as site:
        kept = [await site.connect() for _ in range(2)]
        await until(lambda: len(site.server.server_state.connections) == 2)
        assert status(await site.send(POST)) == b"503"
        kept[0][1].write(POST)
        assert status(await kept[0][0].readuntil(b"\r\n\r\n")) == b"200"
        for _, writer in kept:
            writer.close()


async def test_requests_ahead_of_their_answers_are_bounded() -> None:
    waiting = Subgraph({"me": None})
    waiting.gate = asyncio.Event()
    async with served(waiting) as site:
        reader, writer = await site.connect()
        writer.write(POST)
        await waiting.asked.wait()
        (connection,) = site.server.server_state.connections
        writer.write(POST * 2000)
        await until(lambda: bool(connection.transport.is_closing()))  # type: ignore[union-attr]
        assert len(connection.pipeline) <= 32  # type: ignore[union-attr]
        assert len(waiting.requests) == 1
        waiting.gate.set()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()


async def test_requests_sent_together_are_answered_in_order_on_a_kept_connection() -> None:
    async with served() as site:
        reader, writer = await site.connect()
        for _ in range(3):
            writer.write(POST * 3)
            for _ in range(3):
                head = await reader.readuntil(b"\r\n\r\n")
                assert status(head) == b"200"
                assert await reader.readexactly(len(b'{"data":{"me":{"name":"Ada"}}}'))
                assert b"server:" not in head
        writer.close()


@pytest.mark.parametrize(
    "request_",
    [b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", b"nonsense\r\n\r\n"],
)
async def test_what_is_not_http_with_one_host_is_a_bad_request(request_: bytes) -> None:
    async with served() as site:
        assert status(await site.send(request_)) == b"400"


async def test_a_websocket_client_gets_an_http_answer_and_the_log_no_advice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    upgrade = b"GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n"
    async with served() as site:
        assert status(await site.send(upgrade)) == b"400"
    assert not [record for record in caplog.records if "pip install" in record.getMessage()]


def may_open(files: int) -> bool:
    try:
        import resource
    except ImportError:
        return False
    raise_open_files()
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= files


IDLE = 5000


@pytest.mark.skipif(not may_open(2 * IDLE + 500), reason="needs 10,500 open files (ulimit -n)")
async def test_five_thousand_idle_connections_keep_nobody_waiting() -> None:
    async with served(max_connections=IDLE + 1) as site:
        idle = [await site.connect() for _ in range(IDLE)]
        try:
            await until(lambda: len(site.server.server_state.connections) == IDLE)
            assert (
                status(await site.send(POST.replace(b"host: x", b"host: x\r\nconnection: close"))) == b"200"
            )
            one_more = await site.connect()
            assert status(await site.send(POST)) == b"503"
            one_more[1].close()
        finally:
            for _, writer in idle:
                writer.close()
