"""Who may call for tools: callers, hosts, pages of other origins, methods."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from router import Router
from router.config import (
    AuthenticationConfig,
    AuthorizationConfig,
    JWKSConfig,
    JWTConfig,
    MCPCallers,
    MCPConfig,
    ServerConfig,
)
from router.errors import RequestError
from router.mcp.doors import Doors
from router.persisted.lists import OperationLists
from router.persisted.manifest import PersistedOperation
from tests.support.federation import SUPERGRAPH, posts, users
from tests.support.protected import ClaimsInHeader
from tests.support.tools import ACCEPT, LIST, call_of, client, config, serving

WHO = {"x-claims": '{"sub": "ada"}'}


def routed(folder: Path, callers: MCPCallers = "anyone", **sections: Any) -> Router:
    """Tokens are claims in a header."""
    settings = config(folder, MCPConfig(enabled=True, callers=callers), **sections)
    return Router(
        SUPERGRAPH, {"users": users(), "posts": posts()}, config=settings, authenticator=ClaimsInHeader()
    )


async def answer(url: str, headers: Mapping[str, str] | None = None, body: Any = LIST) -> tuple[int, Any]:
    async with httpx.AsyncClient() as http:
        response = await http.post(url, json=body, headers={**ACCEPT, **(headers or {})})
    return response.status_code, response.json()


def codes(told: Any) -> list[str]:
    return [error["extensions"]["code"] for error in told["error"]["data"]["errors"]]


@pytest.mark.parametrize(
    ("callers", "anonymous", "known"),
    [("partners", 401, 401), ("authenticated", 401, 200), ("anyone", 200, 200)],
)
async def test_who_is_served_is_configured(
    tmp_path: Path, callers: MCPCallers, anonymous: int, known: int
) -> None:
    async with serving(routed(tmp_path, callers)) as url:
        status, told = await answer(url)
        assert (status, (await answer(url, WHO))[0]) == (anonymous, known)
    if status == 401:
        assert codes(told) == ["UNAUTHENTICATED"]


async def test_a_caller_that_is_refused_hears_why_and_how_to_come_in(tmp_path: Path) -> None:
    async with serving(routed(tmp_path, "partners")) as url, httpx.AsyncClient() as http:
        response = await http.post(url, json=LIST, headers=ACCEPT)
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["cache-control"] == "no-store"
    assert "send a partner key" in response.json()["error"]["message"]


async def test_a_bad_token_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text('{"keys": []}')
    jwt = JWTConfig(jwks=(JWKSConfig(file=str(keys)),))
    settings = config(tmp_path, authentication=AuthenticationConfig(jwt=jwt))
    async with serving(Router(SUPERGRAPH, {"users": users()}, config=settings)) as url:
        status, told = await answer(url, {"authorization": "Bearer eyJhbGciOiJub25lIn0.e30."})
    assert (status, codes(told)) == (401, ["UNAUTHENTICATED"])


async def test_where_everybody_needs_a_token_tools_do_too(tmp_path: Path) -> None:
    strict = AuthorizationConfig(require_authentication=True)
    async with serving(routed(tmp_path, authorization=strict)) as url:
        assert (await answer(url))[0] == 401
        async with client(url, headers=WHO) as tools:
            assert len((await tools.list_tools()).tools) == 4


async def test_an_operation_of_one_client_is_its_tool_alone(tmp_path: Path) -> None:
    router = routed(tmp_path)
    entry = PersistedOperation("1", "query Mine { me { name } }", client_name="web")
    await router.replace_operations(OperationLists([entry]))
    async with serving(router) as url:
        assert (await answer(url))[1]["result"]["tools"] == []
        ours = {"apollographql-client-name": "web"}
        assert [tool["name"] for tool in (await answer(url, ours))[1]["result"]["tools"]] == ["Mine"]
        told = (await answer(url, ours, call_of("Mine")))[1]
    assert told["result"]["structuredContent"] == {"data": {"me": {"name": "Ada"}}}


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"host": "evil.example"}, 421, "MCP_HOST_NOT_ALLOWED"),
        ({"host": "127.0.0.1.evil.example:4000"}, 421, "MCP_HOST_NOT_ALLOWED"),
        ({"origin": "https://evil.example"}, 403, "MCP_ORIGIN_NOT_ALLOWED"),
        ({"origin": "null"}, 403, "MCP_ORIGIN_NOT_ALLOWED"),
    ],
)
async def test_names_and_pages_that_are_not_ours_are_refused(
    tmp_path: Path, headers: dict[str, str], status: int, code: str
) -> None:
    async with serving(routed(tmp_path)) as url:
        got, told = await answer(url, headers)
    assert (got, codes(told)) == (status, [code])


async def test_our_own_page_and_one_that_is_allowed_may_call(tmp_path: Path) -> None:
    router = routed(tmp_path)
    async with serving(router) as url:
        own = url.removesuffix("/mcp")
        assert (await answer(url, {"origin": own}))[0] == 200
    doors = Doors(MCPConfig(allowed_origins=("https://App.example",)), "0.0.0.0:4000")
    doors.check_origin({"origin": "https://app.example", "host": "x"}, "https")


@pytest.mark.parametrize(
    ("listen", "allowed", "host", "is_open"),
    [
        ("127.0.0.1:4000", (), "LocalHost:4000", True),
        ("[::1]:4000", (), "[::1]:4000", True),
        ("[::1]:4000", (), "[::1]", True),
        ("127.0.0.1:4000", (), "", False),
        ("0.0.0.0:4000", (), "graph.example", True),
        ("0.0.0.0:4000", ("graph.example",), "graph.example:443", True),
        ("0.0.0.0:4000", ("graph.example",), "localhost", False),
        ("127.0.0.1:4000", ("graph.example",), "graph.example", True),
    ],
)
def test_the_names_of_a_router_are_configured_or_those_of_where_it_listens(
    listen: str, allowed: tuple[str, ...], host: str, is_open: bool
) -> None:
    doors = Doors(MCPConfig(allowed_hosts=allowed), listen)
    try:
        doors.check_host({"host": host})
    except RequestError:
        assert not is_open
    else:
        assert is_open


def test_where_any_name_is_ours_no_page_is_ours() -> None:
    doors = Doors(MCPConfig(), "0.0.0.0:4000")
    with pytest.raises(RequestError):
        doors.check_origin({"origin": "http://rebound.example:4000", "host": "rebound.example:4000"}, "http")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_without_sessions_tools_are_asked_for_with_post_alone(tmp_path: Path, method: str) -> None:
    async with serving(routed(tmp_path)) as url, httpx.AsyncClient() as http:
        response = await http.request(method, url, headers=ACCEPT)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_tools_are_off_unless_they_are_turned_on(tmp_path: Path) -> None:
    settings = config(tmp_path, MCPConfig(), server=ServerConfig())
    router = Router(SUPERGRAPH, {"users": users()}, config=settings)
    async with serving(router) as url, httpx.AsyncClient() as http:
        assert (await http.post(url, json=LIST, headers=ACCEPT)).status_code == 404
