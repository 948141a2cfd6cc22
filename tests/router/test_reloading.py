"""A new configuration makes a new router behind the same application: nothing that runs is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2 as httpx
import pytest

from router import Router
from router.config import (
    AuthenticationConfig,
    BatchingConfig,
    ErrorsConfig,
    ExecutionConfig,
    IntrospectionConfig,
    JWKSConfig,
    JWTConfig,
    RouterConfig,
    ServerConfig,
    SubgraphConfig,
    SubgraphsConfig,
)
from router.errors import ConfigError
from router.reloading import ReloadingRouter
from tests.support.federation import SUPERGRAPH, posts, users

ME = {"query": "{ me { name } }"}
ADA = {"data": {"me": {"name": "Ada"}}}
SOON = RouterConfig(
    server=ServerConfig(receive_timeout_seconds=0.01),
    execution=ExecutionConfig(operation_timeout_seconds=0.05),
)


@asynccontextmanager
async def serving(
    config: RouterConfig | None = None, **subgraphs: Any
) -> AsyncIterator[tuple[ReloadingRouter[Router], httpx.AsyncClient]]:
    given = {"users": users(), "posts": posts(), **subgraphs}
    reloading = ReloadingRouter(Router(SUPERGRAPH, given, config=config))
    await reloading.router.start()
    transport = httpx.ASGITransport(reloading)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://router") as client:
            yield reloading, client
    finally:
        await reloading.aclose()


async def ask(client: httpx.AsyncClient, body: Any = ME, path: str = "/graphql") -> tuple[int, Any]:
    response = await client.post(path, json=body)
    return response.status_code, response.json() if "json" in response.headers["content-type"] else None


async def test_what_can_change_is_applied_to_the_next_request() -> None:
    async with serving() as (reloading, client):
        assert (await ask(client, [ME]))[0] == 400
        introspection = {"query": "{ __schema { queryType { name } } }"}
        assert "errors" not in (await ask(client, introspection))[1]
        await reloading.replace_config(
            RouterConfig(
                batching=BatchingConfig(enabled=True),
                introspection=IntrospectionConfig(enabled=False),
                server=ServerConfig(graphql_path="/api"),
                errors=ErrorsConfig(show_subgraph_errors=True),
            )
        )
        assert (await ask(client, [ME], "/api")) == (200, [ADA])
        assert "errors" in (await ask(client, introspection, "/api"))[1]
        assert (await ask(client, ME, "/graphql"))[0] == 404


async def test_a_request_that_runs_finishes_with_the_configuration_it_began_with() -> None:
    slow = users()
    slow.gate = asyncio.Event()
    async with serving(users=slow) as (reloading, client):
        running = asyncio.create_task(ask(client))
        await slow.asked.wait()
        await reloading.replace_config(RouterConfig(server=ServerConfig(graphql_path="/api")))
        slow.gate.set()
        assert await running == (200, ADA)


async def test_a_router_that_was_replaced_is_closed_when_its_requests_have_had_their_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(SOON) as (reloading, client):
        old, closed = reloading.router, asyncio.Event()
        close = old.aclose

        async def noted() -> None:
            await close()
            closed.set()

        monkeypatch.setattr(old, "aclose", noted)
        await reloading.replace_config(RouterConfig())
        assert not old.engine.is_stopped
        await asyncio.wait_for(closed.wait(), 5)
        assert old.engine.is_stopped
        assert await ask(client) == (200, ADA)


async def test_a_configuration_that_cannot_be_used_changes_nothing() -> None:
    async with serving() as (reloading, client):
        before = reloading.router
        nobody = SubgraphsConfig(by_name={"nobody": SubgraphConfig(url="http://nobody/")})
        with pytest.raises(ConfigError, match="Not in the supergraph: subgraph nobody"):
            await reloading.replace_config(RouterConfig(subgraphs=nobody))
        assert reloading.router is before
        assert await ask(client) == (200, ADA)


async def test_a_new_supergraph_stays_in_force_with_a_new_configuration() -> None:
    async with serving() as (reloading, client):
        await reloading.replace_supergraph(SUPERGRAPH.replace("  me: User", "  whoami: User"))
        await reloading.replace_config(RouterConfig(batching=BatchingConfig(enabled=True)))
        assert "Cannot query field 'me'" in str((await ask(client))[1])


async def test_changes_of_both_files_at_once_end_with_both() -> None:
    async with serving() as (reloading, client):
        await asyncio.gather(
            reloading.replace_config(RouterConfig(batching=BatchingConfig(enabled=True))),
            reloading.replace_supergraph(SUPERGRAPH.replace("  me: User", "  whoami: User")),
            reloading.replace_config(RouterConfig(server=ServerConfig(graphql_path="/api"))),
        )
        assert "Cannot query field 'me'" in str((await ask(client, path="/api"))[1])


def with_keys(url: str, **more: Any) -> RouterConfig:
    jwt = JWTConfig(jwks=(JWKSConfig(url=url),))
    return RouterConfig(authentication=AuthenticationConfig(jwt=jwt), **more)


async def test_key_sets_are_kept_where_they_are_configured_as_before() -> None:
    async with serving(with_keys("http://keys.invalid/a")) as (reloading, _):
        first = reloading.router.engine.authenticator
        await reloading.replace_config(
            with_keys("http://keys.invalid/a", batching=BatchingConfig(enabled=True))
        )
        assert reloading.router.engine.authenticator is first
        await reloading.replace_config(with_keys("http://keys.invalid/b"))
        assert reloading.router.engine.authenticator is not first
        await reloading.replace_config(RouterConfig())
        assert reloading.router.engine.authenticator is None


async def test_closing_closes_the_routers_that_still_had_time() -> None:
    async with serving() as (reloading, _):
        first = reloading.router
        await reloading.replace_config(RouterConfig(batching=BatchingConfig(enabled=True)))
        second = reloading.router
    assert first.engine.is_stopped
    assert second.engine.is_stopped
