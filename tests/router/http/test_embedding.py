"""The router inside a user's own application: middleware, mounts, lifespans, contexts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from router import Router
from router.config import RouterConfig, ServerConfig, SubgraphDefaults, SubgraphsConfig
from router.transport.asgi import ASGIApp, ASGITransport
from tests.support.federation import router, users
from tests.support.http_server import byte_server, http_message

ME = {"query": "{ me { name } }"}
ADA = {"data": {"me": {"name": "Ada"}}}


def client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://router")  # type: ignore[arg-type]


async def test_a_middleware_of_the_user_sees_operations() -> None:
    async def stamp(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers["x-seen"] = request.url.path
        return response

    app = router().asgi()
    app.add_middleware(BaseHTTPMiddleware, dispatch=stamp)
    async with client(app) as http:
        response = await http.post("/graphql", json=ME)
    assert (response.json(), response.headers["x-seen"]) == (ADA, "/graphql")


async def test_mounted_in_another_application_it_is_ready_and_answers() -> None:
    app = Starlette(routes=[Mount("/api", router().asgi())])
    async with client(app) as http:
        assert (await http.get("/api/health/ready")).status_code == 200
        assert (await http.post("/api/graphql", json=ME)).json() == ADA
        visit = await http.get("/api/graphql", headers={"accept": "text/html"})
    assert visit.headers["location"] == "/api/"


async def test_an_application_may_be_started_more_than_once() -> None:
    app = router().asgi()

    async def one_life(number: int) -> None:
        lifespan = ASGITransport(app)
        await lifespan.start()
        async with client(app) as http:
            query = f"query Q{number} {{ me {{ name }} }}"
            assert (await http.post("/graphql", json={"query": query})).json() == ADA
        await lifespan.aclose()

    for number in range(3):
        await asyncio.to_thread(asyncio.run, one_life(number))  # Each in an event loop of its own.


async def test_a_router_may_be_started_more_than_once() -> None:
    routed = router()
    for number in range(3):
        async with routed:
            assert await routed.execute({"query": f"query Q{number} {{ me {{ name }} }}"}) == ADA


async def test_a_router_that_asks_over_http_works_in_one_event_loop_after_another() -> None:
    defaults = SubgraphDefaults(max_connections=1, deduplicate=False)
    answer = http_message(b'{"data":{"me":{"name":"Ada"}}}')
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    config = RouterConfig(subgraphs=SubgraphsConfig(defaults=defaults))
    routed = router(config, users=f"http://127.0.0.1:{port}/graphql")

    async def ask_at_once(number: int) -> None:
        async with byte_server(lambda _: answer, port=port), routed:
            queries = [{"query": f"query Q{number}x{n} {{ me {{ name }} }}"} for n in range(5)]
            assert await asyncio.gather(*map(routed.execute, queries)) == [ADA] * 5

    for number in range(2):
        await asyncio.to_thread(asyncio.run, ask_at_once(number))


async def test_a_path_with_a_slash_too_many_is_not_found_rather_than_sent_to_the_host_of_the_client() -> None:
    async with client(router().asgi()) as http:
        response = await http.post("/graphql/", json=ME, headers={"host": "evil.example"})
    assert response.status_code == 404
    assert "location" not in response.headers


async def test_head_is_answered_as_get_and_mutates_nothing() -> None:
    watched = users()
    async with client(router(users=watched).asgi()) as http:
        http.headers["apollo-require-preflight"] = "true"
        good = await http.head("/graphql", params={"query": "{ me { name } }"})
        bad = await http.head("/graphql", params={"query": 'mutation { rename(name: "x") { name } }'})
    assert (good.status_code, bad.status_code) == (200, 405)
    assert len(watched.requests) == 1


async def test_operations_are_served_where_the_configuration_says() -> None:
    async with client(router(RouterConfig(server=ServerConfig(graphql_path="/api"))).asgi()) as http:
        assert (await http.post("/api", json=ME)).json() == ADA
        assert (await http.post("/graphql", json=ME)).status_code == 404


strawberry = pytest.importorskip("strawberry", reason="pip install strawberry-graphql to run its schemas")


def schema() -> Any:
    from strawberry.extensions import SchemaExtension
    from strawberry.permission import BasePermission

    from tests.support.strawberry_context import make_schema

    class IsAda(BasePermission):
        message = "Ada only."

        def has_permission(self, source: Any, info: Any, **_: Any) -> bool:
            return bool(info.context["request"].headers.get("x-user") == "ada")

    class Stamp(SchemaExtension):
        def on_operation(self) -> Any:
            self.execution_context.context["response"].headers["x-extension"] = "ran"
            yield

    return make_schema(IsAda, Stamp)


async def test_a_status_set_on_the_response_of_the_context_is_the_answers() -> None:
    def teapot(request: Request, response: Response) -> dict[str, Any]:
        response.status_code = 418
        return {"request": request, "response": response}

    routed = Router.from_subgraphs({"shop": schema()}, context_getter=teapot)
    async with client(routed.asgi()) as http:
        answer = await http.post("/graphql", json={"query": "{ whoami }"}, headers={"x-user": "ada"})
    assert (answer.status_code, answer.json()) == (418, {"data": {"whoami": "ada"}})


async def test_a_strawberry_schema_finds_its_usual_context() -> None:
    routed = Router.from_subgraphs({"shop": schema()})
    async with client(routed.asgi()) as http:
        asked = {"query": "{ whoami secret }"}
        allowed = await http.post("/graphql", json=asked, headers={"x-user": "ada"})
        refused = await http.post("/graphql", json=asked, headers={"x-user": "eve"})
    assert allowed.json() == {"data": {"whoami": "ada", "secret": "42"}}
    assert allowed.headers["set-cookie"].startswith("seen=yes")
    assert allowed.headers["x-extension"] == "ran"
    assert refused.json()["data"] == {"whoami": "eve", "secret": None}


async def test_a_context_getter_makes_the_context_once_per_request() -> None:
    made: list[str] = []

    async def get_context(request: Request, response: Response) -> dict[str, Any]:
        made.append(request.headers["x-user"])
        return {"request": request, "response": response, "mine": len(made)}

    routed = Router.from_subgraphs({"shop": schema()}, context_getter=get_context)
    async with client(routed.asgi()) as http:
        for _ in range(2):
            await http.post("/graphql", json={"query": "{ whoami }"}, headers={"x-user": "ada"})
        answers = [
            (await http.post("/graphql", json={"query": "{ mine }"}, headers={"x-user": user})).json()
            for user in ("ada", "eve")
        ]
    assert made == ["ada", "ada", "ada", "eve"]
    assert answers == [{"data": {"mine": 3}}, {"data": {"mine": 4}}]


async def test_execute_takes_a_context_or_makes_one_from_the_headers() -> None:
    async with Router.from_subgraphs({"shop": schema()}) as routed:
        assert await routed.execute({"query": "{ whoami }"}, {"x-user": "bob"}) == {"data": {"whoami": "bob"}}
        context = {"mine": 7, "response": Response()}
        assert await routed.execute({"query": "{ mine }"}, context=context) == {"data": {"mine": 7}}


async def test_clients_at_the_same_time_never_share_a_context() -> None:
    async with client(Router.from_subgraphs({"shop": schema()}).asgi()) as http:
        asked = {"query": "{ whoami }"}
        names = [f"user{number}" for number in range(20)]
        answers = await asyncio.gather(
            *(http.post("/graphql", json=asked, headers={"x-user": name}) for name in names)
        )
    assert [answer.json()["data"]["whoami"] for answer in answers] == names
