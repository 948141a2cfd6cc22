"""Authorization, limits and rates as HTTP clients meet them: statuses, headers, one kept connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2 as httpx
import pytest

from router.config import (
    AuthorizationConfig,
    BatchingConfig,
    DemandConfig,
    LimitsConfig,
    RateLimit,
    RateLimitsConfig,
    RouterConfig,
)
from tests.support.protected import caller, protected

SDL = "type Query { me: User  all: [User] } type User { name: String  mail: String @authenticated }"
SIMPLE = {"apollo-require-preflight": "true"}
STRICT = {"accept": "application/graphql-response+json"}


@asynccontextmanager
async def client(config: RouterConfig | None = None) -> AsyncIterator[httpx.AsyncClient]:
    answers = {"a": {"me": lambda: {"name": "Ada", "mail": "a@b"}, "all": []}}
    routed, _ = protected({"a": SDL}, answers, whole=config or RouterConfig())
    transport = httpx.ASGITransport(app=routed.asgi())
    async with routed, httpx.AsyncClient(transport=transport, base_url="http://router") as http:
        yield http


async def test_callers_on_one_kept_connection_get_each_their_own() -> None:
    query = {"query": "query ($x: Boolean!) { me { name mail @include(if: $x) } }"}
    async with client() as http:
        for headers, wanted, me in [
            (caller(), True, {"name": "Ada", "mail": "a@b"}),
            ({}, True, {"name": "Ada", "mail": None}),
            (caller(), False, {"name": "Ada"}),
            ({}, False, {"name": "Ada"}),
            (caller(), True, {"name": "Ada", "mail": "a@b"}),
        ]:
            response = await http.post(
                "/graphql", json={**query, "variables": {"x": wanted}}, headers=headers
            )
            assert response.status_code == 200
            assert response.json()["data"] == {"me": me}


async def test_an_answer_that_depends_on_who_asks_is_kept_by_no_cache() -> None:
    async with client() as http:
        for headers in ({}, caller()):
            answer = await http.get(
                "/graphql", params={"query": "{ me { mail } }"}, headers={**headers, **SIMPLE}
            )
            assert answer.headers["cache-control"] == "no-store"
        public = await http.get("/graphql", params={"query": "{ me { name } }"}, headers=SIMPLE)
    assert public.json() == {"data": {"me": {"name": "Ada"}}}
    assert public.headers.get("cache-control") != "no-store"


async def test_operations_of_a_batch_are_judged_one_by_one() -> None:
    config = RouterConfig(
        batching=BatchingConfig(enabled=True), authorization=AuthorizationConfig(on_denied="reject")
    )
    async with client(config) as http:
        response = await http.post(
            "/graphql", json=[{"query": "{ me { mail } }"}, {"query": "{ me { name } }"}]
        )
    refused, served = response.json()
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHORIZED_FIELD_OR_TYPE"
    assert served == {"data": {"me": {"name": "Ada"}}}


REFUSED: list[Any] = [
    pytest.param(
        RouterConfig(authorization=AuthorizationConfig(on_denied="reject")), 403, "UNAUTHORIZED_FIELD_OR_TYPE"
    ),
    pytest.param(
        RouterConfig(authorization=AuthorizationConfig(require_authentication=True)), 401, "UNAUTHENTICATED"
    ),
    pytest.param(RouterConfig(limits=LimitsConfig(max_depth=1)), 400, "MAX_DEPTH_LIMIT"),
    pytest.param(
        RouterConfig(demand=DemandConfig(mode="enforce", max_cost=1)), 400, "COST_ESTIMATED_TOO_EXPENSIVE"
    ),
]


@pytest.mark.parametrize(("config", "status", "code"), REFUSED)
async def test_a_refusal_has_its_status_and_code(config: RouterConfig, status: int, code: str) -> None:
    async with client(config) as http:
        response = await http.post("/graphql", json={"query": "{ me { mail } all { mail } }"}, headers=STRICT)
    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == code
    assert ("www-authenticate" in response.headers) is (status == 401)


async def test_who_asks_too_often_gets_429_and_when_to_come_again() -> None:
    rule = RateLimit(name="all", by="client", count=1, seconds=60.0)
    async with client(RouterConfig(rate_limits=RateLimitsConfig(rules=(rule,)))) as http:
        statuses = []
        for name in ("web", "web", "app"):
            response = await http.post(
                "/graphql", json={"query": "{ me { name } }"}, headers={"graphql-client-name": name}
            )
            statuses.append(response.status_code)
            if response.status_code == 429:
                assert 50 < int(response.headers["retry-after"]) <= 60
    assert statuses == [200, 429, 200]
