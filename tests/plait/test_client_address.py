"""The address of a client reaches subgraphs in the same process as a proxy would tell it."""

from __future__ import annotations

from httpx import ASGITransport, AsyncClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from plait.cli.client_address import ForwardedClient


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    heard = Request(scope).headers.get("x-forwarded-for", "nothing")
    await PlainTextResponse(heard)(scope, receive, send)


async def heard(headers: dict[str, str]) -> str:
    transport = ASGITransport(ForwardedClient(echo), client=("10.1.2.3", 5))
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        return (await client.get("/", headers=headers)).text


async def test_the_address_of_the_connection_is_added() -> None:
    assert await heard({}) == "10.1.2.3"


async def test_what_proxies_said_comes_before_it() -> None:
    assert await heard({"x-forwarded-for": "192.0.2.1"}) == "192.0.2.1, 10.1.2.3"
