"""A partner's key makes its tools: its own operations, over its part of the graph, on its own bill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from msgspec.structs import replace

from router.config import (
    AccessLogConfig,
    AuthenticationConfig,
    JWKSConfig,
    JWTConfig,
    MCPConfig,
    MCPOAuthConfig,
    MCPSessionsConfig,
    TelemetryConfig,
)
from router.config.file import parse_config
from router.errors import ConfigError
from router.partners.partner import Limits, Partner
from tests.support.partners import EMAIL, ME, add_partner, operations, router, store
from tests.support.tools import ACCEPT, INITIALIZE, LIST, call_of, client, serving

USER = "query User($id: ID!) { user(id: $id) { name } }"
TOOLS = MCPConfig(enabled=True)


async def ask(url: str, key: str, body: Any = LIST, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as http:
        own = {**ACCEPT, "authorization": f"Bearer {key}", **headers}
        return await http.post(url, json=body, headers=own)


def names(answer: httpx.Response) -> list[str]:
    return [tool["name"] for tool in answer.json()["result"]["tools"]]


def codes(answer: httpx.Response) -> list[str]:
    told = answer.json()
    errors = told["error"]["data"] if "error" in told else told["result"]["structuredContent"]
    return [error["extensions"]["code"] for error in errors["errors"]]


async def test_a_key_makes_the_tools_of_its_partner_as_its_contract_shows_them(
    tmp_path: Path,
) -> None:
    acme = add_partner(store(tmp_path), texts={"me-1": ME, "email-1": EMAIL})
    other = add_partner(store(tmp_path), name="other", texts={"user-1": USER})
    async with serving(router(tmp_path, mcp=TOOLS)) as url:
        assert names(await ask(url, acme)) == ["Me"]
        assert names(await ask(url, other)) == ["User"]
        told = (await ask(url, acme, call_of("User"))).json()["error"]["message"]
        assert told == "There is no tool 'User' for you."
        async with client(url, headers={"authorization": f"Bearer {acme}"}) as tools:
            told = await tools.call_tool("Me", {})
    assert told.structured_content == {"data": {"me": {"name": "Ada"}}}


async def test_beside_tokens_keys_go_on_working_and_need_no_scope(tmp_path: Path) -> None:
    acme = add_partner(store(tmp_path), texts={"me-1": ME})
    keys = tmp_path / "issuer" / "keys.json"
    keys.parent.mkdir()
    keys.write_text('{"keys": []}')
    resource = "https://graph.example/mcp"
    jwks = JWKSConfig(file=str(keys), audiences=(resource,))
    oauth = MCPOAuthConfig(("https://auth.example",), resource, ("tools",))
    sections = {
        "mcp": MCPConfig(enabled=True, callers="authenticated", oauth=oauth),
        "authentication": AuthenticationConfig(jwt=JWTConfig(jwks=(jwks,))),
    }
    async with serving(router(tmp_path, **sections)) as url:
        assert names(await ask(url, acme)) == ["Me"]
        refused = await ask(url, f"{acme}x")
    assert refused.status_code == 401
    assert "resource_metadata" not in refused.headers["www-authenticate"], "a key is mended, not replaced"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(daily_operations=1), "PARTNER_QUOTA_EXCEEDED"),
        (Limits(max_cost=1), "COST_ESTIMATED_TOO_EXPENSIVE"),
    ],
)
async def test_quota_and_budget_of_a_partner_hold_for_its_tools(
    tmp_path: Path, limits: Limits, code: str
) -> None:
    text = "query Me { me { name } again: me { name } }"
    key = add_partner(store(tmp_path), limits=limits, texts={"me-1": text})
    async with serving(router(tmp_path, mcp=TOOLS)) as url:
        await ask(url, key, call_of("Me"))
        assert codes(await ask(url, key, call_of("Me"))) == [code]


async def test_a_key_that_is_not_good_is_refused_with_its_own_code(tmp_path: Path) -> None:
    add_partner(store(tmp_path))
    async with serving(router(tmp_path, mcp=TOOLS)) as url:
        refused = await ask(url, "plait_pk_nonsense")
    assert (refused.status_code, codes(refused)) == (401, ["PARTNER_KEY_MALFORMED"])
    assert "www-authenticate" in refused.headers


async def test_pages_of_a_partner_are_its_own_matter(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path), origins=("https://shop.example",))
    async with serving(router(tmp_path, mcp=TOOLS)) as url:
        statuses = [
            (await ask(url, key, origin=origin)).status_code
            for origin in ("https://shop.example", "https://evil.example")
        ]
    assert statuses == [200, 403]


async def test_calls_are_told_apart_in_the_log_and_counted_for_the_partner(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    telemetry = TelemetryConfig(access_log=AccessLogConfig(enabled=True, file=str(log)))
    key = add_partner(store(tmp_path))
    made = router(tmp_path, mcp=TOOLS, telemetry=telemetry)
    async with serving(made) as url:
        await ask(url, key, call_of("Me"))
        assert made.partners is not None
        (today,) = await made.partners.use("acme")
    assert (today.operations, today.by_operation) == (1, {"me-1": 1})
    assert json.loads(log.read_text())["partner"] == "acme"
    assert key not in log.read_text()


async def test_a_session_is_of_one_partner(tmp_path: Path) -> None:
    acme, other = add_partner(store(tmp_path)), add_partner(store(tmp_path), name="other")
    settings = MCPConfig(enabled=True, sessions=MCPSessionsConfig(enabled=True))
    async with serving(router(tmp_path, mcp=settings)) as url:
        session = (await ask(url, acme, INITIALIZE)).headers["mcp-session-id"]
        statuses = [
            (await ask(url, key, LIST, **{"mcp-session-id": session})).status_code for key in (acme, other)
        ]
    assert statuses == [200, 404]


async def test_a_partner_hears_of_what_is_published_for_it(tmp_path: Path) -> None:
    kept = store(tmp_path)
    key = add_partner(kept)
    made = router(tmp_path, mcp=TOOLS)
    assert made.partners is not None

    def published(before: Partner | None) -> Partner:
        assert before is not None
        return replace(before, operations=operations(**{"me-1": ME, "user-1": USER}))

    async with serving(made) as url, client(url, headers={"authorization": f"Bearer {key}"}) as tools:
        assert [tool.name for tool in (await tools.list_tools()).tools] == ["Me"]
        async with tools.listen(tools_list_changed=True) as changes:
            kept.change("acme", published)
            await made.partners.refresh()
            await anext(changes)
        listed = await tools.list_tools()
    assert [tool.name for tool in listed.tools] == ["Me", "User"]


def test_a_file_whose_tools_nobody_could_call_is_refused() -> None:
    with pytest.raises(ConfigError, match="nobody is a partner without"):
        parse_config("mcp: {enabled: true}", {})


def test_sessions_of_several_processes_are_refused() -> None:
    text = "{mcp: {enabled: true, callers: anyone, sessions: {enabled: true}}, server: {workers: 2}}"
    with pytest.raises(ConfigError, match="a session is one process's own"):
        parse_config(text, {})
