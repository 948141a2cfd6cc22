"""Subgraphs in this process: Strawberry schemas, ASGI applications, anything with `execute`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from router.config import SubgraphConfig, SubgraphDefaults
from router.errors import ConfigError, ResponseTooLarge, TransportError
from router.transport.asgi import ASGITransport
from router.transport.base import SubgraphDocument, SubgraphRequest
from router.transport.factory import make_transport
from router.transport.in_process import InProcessTransport

HELLO = SubgraphDocument("query Hello($name: String!) { hello(name: $name) }", "Hello")


def request(max_bytes: int = 1000) -> SubgraphRequest:
    return SubgraphRequest(HELLO, {"name": "Ada"}, (("authorization", "Bearer t"),), max_bytes)


class Greeter:
    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> Mapping[str, Any]:
        self.asked.append((query, variables, operation_name, headers))
        return {"data": {"hello": "Hello Ada"}}


class Broken(Greeter):
    async def execute(self, *_: Any) -> Mapping[str, Any]:
        raise RuntimeError("the database password is hunter2")


async def test_an_object_with_execute_gets_text_variables_name_and_headers() -> None:
    greeter = Greeter()
    response = await InProcessTransport(greeter).send(request())
    assert response.payload == {"data": {"hello": "Hello Ada"}}
    assert greeter.asked == [(HELLO.text, {"name": "Ada"}, "Hello", {"authorization": "Bearer t"})]


async def test_what_a_subgraph_raises_is_not_told_to_the_client() -> None:
    with pytest.raises(TransportError) as caught:
        await InProcessTransport(Broken()).send(request())
    assert caught.value.message == "The subgraph failed."


async def test_a_strawberry_schema_runs_in_process_and_sees_the_headers() -> None:
    strawberry = pytest.importorskip(
        "strawberry", reason="pip install strawberry-graphql to test it as a subgraph"
    )

    @strawberry.type
    class Query:
        @strawberry.field
        def hello(self, info: strawberry.Info, name: str) -> str:
            return f"{name} {info.context['headers']['authorization']}"

    transport = make_transport("s", strawberry.Schema(Query), SubgraphConfig(), SubgraphDefaults())
    assert (await transport.send(request())).payload == {"data": {"hello": "Ada Bearer t"}}


async def test_errors_of_a_strawberry_schema_keep_path_and_message() -> None:
    strawberry = pytest.importorskip(
        "strawberry", reason="pip install strawberry-graphql to test it as a subgraph"
    )

    @strawberry.type
    class Query:
        @strawberry.field
        def hello(self, name: str) -> str | None:
            raise ValueError("no")

    transport = make_transport("s", strawberry.Schema(Query), SubgraphConfig(), SubgraphDefaults())
    payload = (await transport.send(request())).payload
    assert payload["data"] == {"hello": None}
    assert (payload["errors"][0]["message"], payload["errors"][0]["path"]) == ("no", ["hello"])


def greeting_app(events: list[str]) -> Starlette:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        events.append("started")
        yield
        events.append("stopped")

    async def graphql(request: Request) -> JSONResponse:
        body = await request.json()
        return JSONResponse(
            {"data": {"hello": body["variables"]["name"], "auth": request.headers["authorization"]}}
        )

    return Starlette(routes=[Route("/graphql", graphql, methods=["POST"])], lifespan=lifespan)


async def test_an_asgi_application_is_posted_to_and_its_lifespan_is_run() -> None:
    events: list[str] = []
    transport = ASGITransport(greeting_app(events))
    await transport.start()
    response = await transport.send(request())
    await transport.aclose()
    assert response.body == b'{"data":{"hello":"Ada","auth":"Bearer t"}}'
    assert events == ["started", "stopped"]


async def test_an_asgi_application_is_bounded_too() -> None:
    with pytest.raises(ResponseTooLarge):
        await ASGITransport(greeting_app([])).send(request(max_bytes=10))


def test_something_that_is_no_subgraph_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=r'Subgraph "s": expected a URL.*found int'):
        make_transport("s", 5, SubgraphConfig(), SubgraphDefaults())
