"""An assistant that was told nothing but the address finds where to get a token, gets one and calls."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import jwt
import pytest
from mcp import Client
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from router import Router
from router.config import (
    AuthenticationConfig,
    JWKSConfig,
    JWTConfig,
    MCPConfig,
    MCPOAuthConfig,
    RouterConfig,
)
from router.config.faults import config_faults
from tests.router.auth.test_jwt import key, public
from tests.support.federation import SUPERGRAPH, posts, users
from tests.support.tools import ACCEPT, LIST, config

ISSUER, TOOLS = "https://auth.example", "https://graph.example/mcp"
METADATA = "https://graph.example/.well-known/oauth-protected-resource/mcp"


def token(scope: str = "tools", audience: str = TOOLS) -> str:
    claims = {"sub": "ada", "iss": ISSUER, "aud": audience, "exp": time.time() + 60, "scope": scope}
    return jwt.encode(claims, key("one"), algorithm="RS256", headers={"kid": "one"})


def authorization_server(asked: list[dict[str, str]]) -> Starlette:
    async def about(request: Request) -> Response:
        told = {"issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/a", "token_endpoint": f"{ISSUER}/t"}
        return JSONResponse({**told, "grant_types_supported": ["client_credentials"]})

    async def issue(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        asked.append(form)
        made = token(form.get("scope", ""), form["resource"])
        return JSONResponse({"access_token": made, "token_type": "Bearer", "expires_in": 60})

    paths = {"/.well-known/oauth-authorization-server": about, "/t": issue}
    return Starlette(routes=[Route(path, at, methods=["GET", "POST"]) for path, at in paths.items()])


class Remembered:
    """What an assistant keeps of itself: nothing yet."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


def settings(folder: Path, **oauth: Any) -> RouterConfig:
    keys = folder / "keys.json"
    keys.write_text(json.dumps({"keys": [public("one")]}))
    given = {"authorization_servers": (ISSUER,), "resource": TOOLS, "scopes": ("tools",), **oauth}
    mcp = MCPConfig(
        enabled=True,
        callers="authenticated",
        allowed_hosts=("graph.example",),
        oauth=MCPOAuthConfig(**given),
    )
    jwks = JWKSConfig(file=str(keys), issuers=(ISSUER,), audiences=(TOOLS,))
    return config(folder, mcp, authentication=AuthenticationConfig(jwt=JWTConfig(jwks=(jwks,))))


@asynccontextmanager
async def world(
    folder: Path, asked: list[dict[str, str]], auth: Any = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reaches the router and the authorization server by their names."""
    router = Router(SUPERGRAPH, {"users": users(), "posts": posts()}, config=settings(folder))
    mounts = {
        "https://graph.example": httpx.ASGITransport(router.asgi()),
        ISSUER: httpx.ASGITransport(authorization_server(asked)),
    }
    async with router, httpx.AsyncClient(mounts=mounts, auth=auth) as http:
        yield http


async def test_the_sdks_client_is_led_to_the_authorization_server_and_calls_with_its_token(
    tmp_path: Path,
) -> None:
    asked: list[dict[str, str]] = []
    auth = ClientCredentialsOAuthProvider(TOOLS, Remembered(), "assistant", "secret", issuer=ISSUER)
    async with (
        world(tmp_path, asked, auth) as http,
        Client(streamable_http_client(TOOLS, http_client=http)) as tools,
    ):
        assert "Me" in [tool.name for tool in (await tools.list_tools()).tools]
        told = (await tools.call_tool("Me", {})).structured_content
    assert told == {"data": {"me": {"name": "Ada"}}}
    assert [(form["resource"], form["scope"]) for form in asked] == [(TOOLS, "tools")]


@pytest.mark.parametrize(
    ("sent", "status", "challenge"),
    [
        (None, 401, f'Bearer resource_metadata="{METADATA}", scope="tools"'),
        ("junk", 401, f'Bearer error="invalid_token", resource_metadata="{METADATA}", scope="tools"'),
        (
            {"audience": "https://other.example"},
            401,
            f'Bearer error="invalid_token", resource_metadata="{METADATA}", scope="tools"',
        ),
        (
            {"scope": "mail"},
            403,
            f'Bearer error="insufficient_scope", scope="tools", resource_metadata="{METADATA}"',
        ),
        ({"scope": "mail tools"}, 200, None),
    ],
    ids=["no token", "no good one", "another's", "without the scope", "good"],
)
async def test_each_refusal_says_what_to_get_and_where(
    tmp_path: Path, sent: str | Mapping[str, str] | None, status: int, challenge: str | None
) -> None:
    bearer = token(**sent) if isinstance(sent, Mapping) else sent
    headers = ACCEPT | ({"authorization": f"Bearer {bearer}"} if bearer else {})
    async with world(tmp_path, []) as http:
        response = await http.post(TOOLS, json=LIST, headers=headers)
    assert (response.status_code, response.headers.get("www-authenticate")) == (status, challenge)


async def test_any_page_may_read_where_tokens_come_from(tmp_path: Path) -> None:
    async with world(tmp_path, []) as http:
        found = [await http.get(url) for url in (METADATA, METADATA.removesuffix("/mcp"))]
    assert found[0].json() == found[1].json()
    assert found[0].json() == {
        "resource": TOOLS,
        "authorization_servers": [ISSUER],
        "bearer_methods_supported": ["header"],
        "scopes_supported": ["tools"],
    }
    assert found[0].headers["access-control-allow-origin"] == "*"


def test_settings_that_would_let_tokens_for_others_in_are_refused(tmp_path: Path) -> None:
    good = settings(tmp_path)
    assert list(config_faults(good)) == []
    keys = good.authentication.jwt.jwks[0].file
    any_audience = AuthenticationConfig(jwt=JWTConfig(jwks=(JWKSConfig(file=keys),)))
    for wrong, told in [
        (
            {"mcp": good.mcp, "authentication": any_audience},
            "authentication.jwt.jwks[0].audiences: with mcp.oauth",
        ),
        ({"mcp": good.mcp}, "mcp.oauth: tokens are not looked at without authentication.jwt.jwks"),
        (
            {"mcp": MCPConfig(enabled=True, callers="anyone", oauth=MCPOAuthConfig(scopes=("tools",)))},
            "mcp.oauth.authorization_servers: nobody issues tokens",
        ),
        (
            {"mcp": MCPConfig(enabled=True, callers="anyone", oauth=MCPOAuthConfig((ISSUER,), "graph"))},
            "mcp.oauth.resource: expected an address",
        ),
    ]:
        assert any(fault.startswith(told) for fault in config_faults(RouterConfig(**wrong))), told
