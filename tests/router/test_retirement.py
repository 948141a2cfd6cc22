"""A supergraph that was replaced is put away: its transports are closed, and nobody leaves while they are."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from router import Router
from router.config import ExecutionConfig, RouterConfig
from tests.support.federation import SUPERGRAPH

WITHOUT_POSTS = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }
enum join__Graph { USERS @join__graph(name: "users", url: "http://users.invalid/graphql") }
type Query @join__type(graph: USERS) { me: User }
type User @join__type(graph: USERS, key: "id") { id: ID! name: String }
"""
SOON = RouterConfig(execution=ExecutionConfig(operation_timeout_seconds=0.01))


class Transport:
    """Notes when it is stopped; `gate` holds the stop up, `failure` ends it."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.stopping, self.stopped = asyncio.Event(), asyncio.Event()
        self.failure: Exception | None = None

    async def start(self) -> None: ...

    async def aclose(self) -> None:
        self.stopping.set()
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        self.stopped.set()

    async def send(self, request: Any) -> Any:
        raise AssertionError("nothing is asked in these tests")


def routed(monkeypatch: pytest.MonkeyPatch, config: RouterConfig) -> tuple[Router, dict[str, Transport]]:
    made: dict[str, Transport] = {}

    def make(name: str, *_: Any) -> Transport:
        return made.setdefault(name, Transport())

    monkeypatch.setattr(f"{Router.__module__}.make_transport", make)
    return Router(SUPERGRAPH, config=config), made


async def test_a_subgraph_that_left_is_closed_when_running_operations_have_had_their_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    router, transports = routed(monkeypatch, SOON)
    async with router:
        await router.replace_supergraph(WITHOUT_POSTS)
        await asyncio.wait_for(transports["posts"].stopped.wait(), 5)
        assert not transports["users"].stopping.is_set()
    assert transports["users"].stopped.is_set()


async def test_closing_the_router_waits_for_a_retirement_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    router, transports = routed(monkeypatch, SOON)
    await router.start()
    transports["posts"].gate.clear()
    await router.replace_supergraph(WITHOUT_POSTS)
    await asyncio.wait_for(transports["posts"].stopping.wait(), 5)
    closing = asyncio.create_task(router.aclose())
    await asyncio.sleep(0)
    assert not closing.done()
    transports["posts"].gate.set()
    await closing
    assert transports["posts"].stopped.is_set()
    assert transports["users"].stopped.is_set()


async def test_supergraphs_replaced_one_after_another_are_all_put_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    router, transports = routed(monkeypatch, RouterConfig())
    async with router:
        await router.replace_supergraph(WITHOUT_POSTS)
        left = transports.pop("posts")
        await router.replace_supergraph(SUPERGRAPH)
        await router.replace_supergraph(WITHOUT_POSTS)
        assert transports["posts"] is not left
    assert left.stopped.is_set()
    assert transports["posts"].stopped.is_set()


async def test_a_transport_that_cannot_be_closed_is_logged_and_keeps_no_other_open(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    router, transports = routed(monkeypatch, RouterConfig())
    await router.start()
    transports["posts"].failure = OSError("the socket is gone")
    with caplog.at_level(logging.ERROR):
        await router.aclose()
    assert transports["users"].stopped.is_set()
    assert "posts" in caplog.text


async def test_a_retirement_that_fails_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    router, transports = routed(monkeypatch, SOON)
    async with router:
        transports["posts"].failure = OSError("the socket is gone")
        await router.replace_supergraph(WITHOUT_POSTS)
        await asyncio.wait_for(transports["posts"].stopping.wait(), 5)
    assert "posts" in caplog.text
