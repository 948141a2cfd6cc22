"""There is no second way around the pipeline: a tool's call is counted, limited, granted and observed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from strawberry.extensions import SchemaExtension
from strawberry.permission import BasePermission

from router import Router
from router.config import (
    AccessLogConfig,
    DemandConfig,
    LimitsConfig,
    RateLimit,
    RateLimitsConfig,
    ServerConfig,
    TelemetryConfig,
)
from tests.support.federation import users
from tests.support.protected import ClaimsInHeader, composed
from tests.support.strawberry_context import make_schema
from tests.support.tools import ACCEPT, call_of, client, config, manifest, served, serving


async def result(url: str, call: Any, **headers: str) -> Any:
    async with httpx.AsyncClient() as http:
        return (await http.post(url, json=call, headers={**ACCEPT, **headers})).json()["result"]


def codes(told: Any) -> list[str]:
    return [error["extensions"]["code"] for error in told["structuredContent"]["errors"]]


async def test_a_rate_limit_counts_calls_and_says_when_to_come_again(tmp_path: Path) -> None:
    rules = (RateLimit(name="few", by="ip", count=1, seconds=60),)
    async with served(config(tmp_path, rate_limits=RateLimitsConfig(rules=rules))) as (url, _):
        first, second = await result(url, call_of("Me")), await result(url, call_of("Me"))
    assert not first["isError"]
    assert (second["isError"], codes(second)) == (True, ["REQUEST_RATE_LIMITED"])
    assert "Try again in 60 s" in second["structuredContent"]["errors"][0]["message"]


@pytest.mark.parametrize(
    ("sections", "code"),
    [
        ({"limits": LimitsConfig(mode="enforce", max_depth=1)}, "MAX_DEPTH_LIMIT"),
        ({"demand": DemandConfig(mode="enforce", max_cost=1)}, "COST_ESTIMATED_TOO_EXPENSIVE"),
    ],
)
async def test_limits_and_costs_hold_for_tools(tmp_path: Path, sections: dict[str, Any], code: str) -> None:
    async with served(config(tmp_path, **sections)) as (url, _):
        told = await result(url, call_of("User", id="1"))
    assert (told["isError"], codes(told)) == (True, [code])


async def test_what_is_not_granted_is_not_asked_for(tmp_path: Path) -> None:
    sdl = composed({"users": "type Query { me: String secret: String @authenticated }"})
    settings = config(tmp_path)
    manifest(tmp_path, {"1": "query Both { me secret }"})
    watched = users()
    watched.answer = {"me": "Ada", "secret": "42"}
    router = Router(sdl, {"users": watched}, config=settings, authenticator=ClaimsInHeader())
    async with serving(router) as url:
        anonymous = await result(url, call_of("Both"))
        known = await result(url, call_of("Both"), **{"x-claims": "{}"})
    assert anonymous["structuredContent"]["data"] == {"me": "Ada", "secret": None}
    assert codes(anonymous) == ["UNAUTHORIZED_FIELD_OR_TYPE"]
    assert known["structuredContent"] == {"data": {"me": "Ada", "secret": "42"}}
    assert "secret" not in watched.requests[0][0]


async def test_a_call_is_a_line_in_the_log_with_its_operation_and_codes(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    telemetry = TelemetryConfig(access_log=AccessLogConfig(enabled=True, file=str(log)))
    async with served(config(tmp_path, telemetry=telemetry)) as (url, _):
        await result(url, call_of("Me"), **{"x-request-id": "r-1", "graphql-client-name": "assistant"})
        await result(url, call_of("User"), **{"x-request-id": "r-2"})
    ran, refused = (json.loads(line) for line in log.read_text().splitlines())
    assert (ran["request_id"], ran["client_name"], ran["operation_name"]) == ("r-1", "assistant", "Me")
    assert (ran["status"], ran["fetches"], "codes" in ran) == (200, 1, False)
    assert refused["codes"] == ["VALIDATION_INVALID_TYPE_VARIABLE"]


async def test_the_answer_names_the_request(tmp_path: Path) -> None:
    async with served(config(tmp_path)) as (url, _), httpx.AsyncClient() as http:
        answer = await http.post(url, json=call_of("Me"), headers={**ACCEPT, "x-request-id": "r-1"})
    assert answer.headers["x-request-id"] == "r-1"


async def test_a_body_that_is_too_large_is_refused_while_it_arrives(tmp_path: Path) -> None:
    small = config(tmp_path, server=ServerConfig(max_request_bytes=300))
    async with served(small) as (url, _), httpx.AsyncClient() as http:
        answer = await http.post(url, json=call_of("Me", x="y" * 400), headers=ACCEPT)
    assert answer.status_code == 413
    assert answer.json()["error"]["data"]["errors"][0]["extensions"]["code"] == "REQUEST_TOO_LARGE"


class Anybody(BasePermission):
    def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:
        return True


async def test_schemas_in_this_process_get_the_context_of_the_call(tmp_path: Path) -> None:
    settings = config(tmp_path)
    manifest(tmp_path, {"1": "query Who { whoami }"})
    router = Router.from_subgraphs({"who": make_schema(Anybody, SchemaExtension)}, config=settings)
    async with serving(router) as url, client(url, headers={"x-user": "ada"}) as tools:
        told = await tools.call_tool("Who", {})
    assert told.structured_content == {"data": {"whoami": "ada"}}


async def test_a_client_that_leaves_takes_its_operation_with_it(tmp_path: Path) -> None:
    slow = users()
    slow.gate = asyncio.Event()
    async with served(config(tmp_path), users=slow) as (url, _), httpx.AsyncClient() as http:
        calling = asyncio.create_task(http.post(url, json=call_of("Me"), headers=ACCEPT))
        await asyncio.wait_for(slow.asked.wait(), 10)
        calling.cancel()
        await asyncio.wait_for(slow.cancelled.wait(), 10)
