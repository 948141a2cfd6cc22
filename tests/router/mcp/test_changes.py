"""What clients hear when tools change, sessions, and an orderly end."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from mcp import types
from mcp.shared.subscriptions import ToolsListChanged

from router import Router
from router.config import MCPConfig, MCPSessionsConfig
from router.mcp import server
from router.persisted.lists import load
from router.reloading import ReloadingRouter
from tests.router.mcp.test_access import WHO
from tests.support.federation import SUPERGRAPH, posts, router, users
from tests.support.http_server import on_a_socket
from tests.support.protected import ClaimsInHeader
from tests.support.tools import ACCEPT, INITIALIZE, LIST, call_of, client, config, manifest, served, serving

NEW = {"now-1": "query Now { me { id } }"}


def with_sessions(folder: Path, max_sessions: int = 10, **sections: Any) -> Any:
    sessions = MCPSessionsConfig(enabled=True, max_sessions=max_sessions)
    return config(folder, MCPConfig(enabled=True, callers="anyone", sessions=sessions), **sections)


async def publish(routed: Router, folder: Path) -> None:
    """As following the sources does."""
    await routed.replace_operations(load([str(manifest(folder, NEW))]))


async def names(tools: Any) -> list[str]:
    return [tool.name for tool in (await tools.list_tools(cache_mode="refresh")).tools]


async def test_who_listens_hears_of_what_is_published(tmp_path: Path) -> None:
    async with served(config(tmp_path)) as (url, routed), client(url) as tools:
        assert len(await names(tools)) == 4
        async with tools.listen(tools_list_changed=True) as changes:
            await publish(routed, tmp_path)
            assert await asyncio.wait_for(anext(changes), 5) == ToolsListChanged()
            assert await names(tools) == ["Now"]


async def test_who_listens_hears_of_another_supergraph_that_lacks_a_field(tmp_path: Path) -> None:
    async with served(config(tmp_path)) as (url, routed), client(url) as tools:
        async with tools.listen(tools_list_changed=True) as changes:
            await routed.replace_supergraph(SUPERGRAPH.replace("me: User @join", "myself: User @join"))
            assert await asyncio.wait_for(anext(changes), 5) == ToolsListChanged()
        assert await names(tools) == ["User", "Find", "Rename"]


async def test_in_a_session_an_older_client_hears_of_what_is_published(tmp_path: Path) -> None:
    heard: asyncio.Queue[Any] = asyncio.Queue()
    async with (
        served(with_sessions(tmp_path)) as (url, routed),
        client(url, "legacy", message_handler=heard.put) as tools,
    ):
        assert tools.server_capabilities.tools == types.ToolsCapability(list_changed=True)
        assert len(await names(tools)) == 4
        told = await publish_until_heard(routed, tmp_path, heard)
        assert isinstance(told, types.ToolListChangedNotification)
        assert await names(tools) == ["Now"]


async def publish_until_heard(routed: Router, folder: Path, heard: asyncio.Queue[Any]) -> Any:
    """The client opens its stream when it likes, so what it hears may be the second publication."""
    for _ in range(50):
        await publish(routed, folder)
        try:
            return await asyncio.wait_for(heard.get(), 0.2)
        except TimeoutError:
            continue
    raise AssertionError("nothing was heard")


async def test_sessions_are_bounded_and_end_with_their_client(tmp_path: Path) -> None:
    async with served(with_sessions(tmp_path, max_sessions=1)) as (url, _), httpx.AsyncClient() as http:
        first = await http.post(url, json=INITIALIZE, headers=ACCEPT)
        assert (await http.post(url, json=INITIALIZE, headers=ACCEPT)).status_code == 503
        own = {**ACCEPT, "mcp-session-id": first.headers["mcp-session-id"]}
        assert (await http.delete(url, headers=own)).status_code == 200
        assert (await http.post(url, json=LIST, headers=own)).status_code == 404
        assert (await http.post(url, json=INITIALIZE, headers=ACCEPT)).status_code == 200


async def test_a_session_is_found_by_who_began_it_alone(tmp_path: Path) -> None:
    given = {"users": users(), "posts": posts()}
    routed = Router(SUPERGRAPH, given, config=with_sessions(tmp_path), authenticator=ClaimsInHeader())
    async with serving(routed) as url, httpx.AsyncClient() as http:
        begun = await http.post(url, json=INITIALIZE, headers={**ACCEPT, **WHO})
        session = {**ACCEPT, "mcp-session-id": begun.headers["mcp-session-id"]}
        statuses = [
            (await http.post(url, json=LIST, headers={**session, **who})).status_code
            for who in (WHO, {"x-claims": '{"sub": "eve"}'}, {})
        ]
    assert statuses == [200, 404, 404]


async def test_open_streams_do_not_hold_up_the_end_of_the_server(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.get_running_loop()
    routed = router(with_sessions(tmp_path))
    async with AsyncExitStack() as clients:
        async with on_a_socket(routed.asgi(), lifespan="on") as url:
            modern = await clients.enter_async_context(client(f"{url}/mcp"))
            await clients.enter_async_context(modern.listen(tools_list_changed=True))
            older = await clients.enter_async_context(client(f"{url}/mcp", "legacy"))
            await names(older)
            began = loop.time()
        assert loop.time() - began < 5, "it waited for as long as requests may take"
        assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_new_configuration_serves_tools_on(tmp_path: Path) -> None:
    first = config(tmp_path)
    reloading = ReloadingRouter(router(first))
    async with on_a_socket(reloading, lifespan="on") as url, client(f"{url}/mcp") as tools:
        assert len(await names(tools)) == 4
        other = MCPConfig(enabled=True, callers="anyone", max_listeners=5)
        await reloading.replace_config(config(tmp_path, other))
        assert len(await names(tools)) == 4
        assert not (await tools.call_tool("Me", {})).is_error
        await reloading.replace_operations(load([str(manifest(tmp_path, NEW))]))
        assert await names(tools) == ["Now"]


async def test_a_router_that_is_started_again_serves_tools_again(tmp_path: Path) -> None:
    routed = router(config(tmp_path))
    for _ in range(2):
        async with serving(routed) as url, client(url) as tools:
            assert not (await tools.call_tool("Me", {})).is_error


async def test_first_calls_that_come_at_once_are_all_answered(tmp_path: Path) -> None:
    async with served(config(tmp_path)) as (url, _), httpx.AsyncClient() as http:
        calls = (http.post(url, json=call_of("Me"), headers=ACCEPT) for _ in range(20))
        answers = await asyncio.gather(*calls)
    assert {answer.json()["result"]["isError"] for answer in answers} == {False}


async def test_a_long_list_comes_in_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PAGE", 3)
    async with served(config(tmp_path)) as (url, _), client(url) as tools:
        first = await tools.list_tools()
        last = await tools.list_tools(cursor=first.next_cursor)
    assert [len(page.tools) for page in (first, last)] == [3, 1]
    assert last.next_cursor is None
