"""The audits of npm's graphql-http, from Node.js over a socket: each is passed, recommended ones too."""

from __future__ import annotations

import json

import pytest

from router.config import CSRFConfig, RouterConfig
from tests.support.federation import router
from tests.support.node import run, serving

pytestmark = pytest.mark.xdist_group("node")

SHOWN = {"apollo-require-preflight": "true"}
OFF = RouterConfig(csrf=CSRFConfig(enabled=False))


@pytest.mark.parametrize(
    ("config", "headers"),
    [
        pytest.param(RouterConfig(), SHOWN, id="as it comes"),
        pytest.param(OFF, {}, id="without CSRF prevention"),
    ],
)
async def test_every_audit_is_passed(config: RouterConfig, headers: dict[str, str]) -> None:
    async with serving(router(config)) as url:
        verdicts = await run("audit.js", url, json.dumps(headers))
    assert len(verdicts) > 50
    assert [verdict for verdict in verdicts if verdict["status"] != "ok"] == []


async def test_without_a_header_only_reading_with_get_is_refused_which_is_optional() -> None:
    async with serving(router(RouterConfig())) as url:
        verdicts = await run("audit.js", url)
    refused = {verdict["id"]: verdict["status"] for verdict in verdicts if verdict["status"] != "ok"}
    assert refused == {"5A70": "notice", "D6D5": "notice", "6A70": "notice"}
