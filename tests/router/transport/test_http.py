"""The keep-alive client against servers that behave, and against those that do not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from router.errors import MalformedResponse, ResponseTooLarge, TransportError
from router.transport.base import SubgraphDocument, SubgraphRequest, Transport
from router.transport.http import HTTPTransport
from router.transport.httpx_client import HTTPXTransport
from tests.support.http_server import byte_server, http_message

QUERY = SubgraphDocument("{ a }", None)
MUTATION = SubgraphDocument("mutation { a }", None, is_mutation=True)
OK = http_message(b'{"data":{"a":1}}')
Client = Callable[..., Transport]


def request(document: SubgraphDocument = QUERY, max_bytes: int = 1000) -> SubgraphRequest:
    return SubgraphRequest(document, {}, (), max_bytes)


@asynccontextmanager
async def client(
    url: str, kind: Client = HTTPTransport, max_connections: int = 10
) -> AsyncIterator[Transport]:
    transport = kind(url, max_connections=max_connections)
    try:
        yield transport
    finally:
        await transport.aclose()


@pytest.mark.parametrize("kind", [HTTPTransport, HTTPXTransport])
async def test_a_query_is_posted_as_json_with_its_variables_and_headers(kind: Client) -> None:
    async with byte_server(lambda _: OK) as server, client(server.url, kind) as transport:
        document = SubgraphDocument("query Q($x: Big) { a }", "Q")
        sent = SubgraphRequest(document, {"x": 2**70}, (("authorization", "Bearer t"),), 1000)
        response = await transport.send(sent)
    assert response.body == b'{"data":{"a":1}}'
    assert server.requests == [
        b'{"query":"query Q($x: Big) { a }","operationName":"Q","variables":{"x":1180591620717411303424}}'
    ]
    assert "authorization: Bearer t" in server.heads[0]
    assert "content-type: application/json" in server.heads[0]


async def test_a_connection_is_reused() -> None:
    async with byte_server(lambda _: OK) as server, client(server.url) as transport:
        for _ in range(3):
            await transport.send(request())
    assert (len(server.requests), server.connections) == (3, 1)


async def test_a_header_value_cannot_bring_headers_of_its_own() -> None:
    async with byte_server(lambda _: OK) as server, client(server.url) as transport:
        await transport.send(SubgraphRequest(QUERY, {}, (("x", "1\r\nevil: 2"),), 1000))
    assert "\r\nevil" not in server.heads[0]


async def test_a_query_is_sent_again_when_the_idle_connection_was_closed() -> None:
    async with byte_server(lambda _: OK) as server, client(server.url) as transport:
        await transport.send(request())
        answers = iter([None, OK])
        server.answer = lambda _: next(answers)
        response = await transport.send(request())
    assert response.body == b'{"data":{"a":1}}'
    assert len(server.requests) == 3


async def test_a_mutation_is_never_sent_again() -> None:
    async with byte_server(lambda _: None) as server, client(server.url) as transport:
        with pytest.raises(TransportError, match="closed the connection"):
            await transport.send(request(MUTATION))
    assert len(server.requests) == 1


async def test_nobody_listening_is_a_transport_error() -> None:
    async with byte_server(lambda _: OK) as server:
        url = server.url
    async with client(url) as transport:
        with pytest.raises(TransportError, match="could not be reached"):
            await transport.send(request())


@pytest.mark.parametrize("kind", [HTTPTransport, HTTPXTransport])
async def test_an_answer_larger_than_allowed_is_not_read_to_its_end(kind: Client) -> None:
    async with (
        byte_server(lambda _: http_message(b"x" * 2000)) as server,
        client(server.url, kind) as transport,
    ):
        with pytest.raises(ResponseTooLarge):
            await transport.send(request(max_bytes=1000))


async def test_a_chunked_answer_is_put_together_and_bounded() -> None:
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n3\r\nefg\r\n0\r\n\r\n"
    async with byte_server(lambda _: chunked) as server, client(server.url) as transport:
        assert (await transport.send(request())).body == b"abcdefg"
        with pytest.raises(ResponseTooLarge):
            await transport.send(request(max_bytes=5))


async def test_an_answer_without_length_ends_with_the_connection() -> None:
    message = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nto the end"
    async with byte_server(lambda _: message) as server, client(server.url) as transport:
        assert (await transport.send(request())).body == b"to the end"
        assert (await transport.send(request())).body == b"to the end"
    assert server.connections == 2


async def test_half_an_answer_is_an_error() -> None:
    half = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100\r\n\r\n{"
    async with byte_server(lambda _: half) as server, client(server.url) as transport:
        with pytest.raises(TransportError, match="closed the connection"):
            await transport.send(request())


async def test_an_answer_that_is_not_http_is_an_error() -> None:
    async with byte_server(lambda _: b"SSH-2.0-OpenSSH_9\r\n") as server, client(server.url) as transport:
        with pytest.raises(MalformedResponse, match="not HTTP"):
            await transport.send(request())


async def test_a_request_that_is_given_up_closes_its_connection_and_frees_its_place() -> None:
    async with byte_server(lambda _: OK) as server, client(server.url, max_connections=1) as transport:
        server.hold = asyncio.Event()
        waiting = asyncio.create_task(transport.send(request()))
        await server.received.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        server.hold.set()
        server.hold = None
        assert (await transport.send(request())).body == b'{"data":{"a":1}}'
    assert server.connections == 2


async def test_no_more_connections_than_allowed_are_made() -> None:
    async with byte_server(lambda _: OK) as server, client(server.url, max_connections=2) as transport:
        await asyncio.gather(*(transport.send(request()) for _ in range(8)))
    assert len(server.requests) == 8
    assert server.connections <= 2


def test_an_address_that_is_not_http_is_refused() -> None:
    with pytest.raises(ValueError, match="not an HTTP address"):
        HTTPTransport("ftp://example.com", max_connections=1)


def test_credentials_in_an_address_are_refused_not_dropped() -> None:
    with pytest.raises(ValueError, match="insert a header"):
        HTTPTransport("http://user:secret@example.com", max_connections=1)


def test_it_works_on_uvloop_whose_transports_are_their_own() -> None:
    uvloop = pytest.importorskip("uvloop", reason="pip install uvloop, which the router's server runs on")

    async def ask() -> bytes | None:
        async with byte_server(lambda _: OK) as server, client(server.url) as transport:
            return (await transport.send(request())).body

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(ask()) == b'{"data":{"a":1}}'
