"""A subgraph over HTTP: what is executed, and what is refused before it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx2 as httpx
import pytest

from db.config import DomainStore
from subgraphs.registry import build_domain
from tests.subgraphs.support import config_in


@pytest.fixture
async def client(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        build_domain("users", config_in(tmp_path), stores["users"]) as subgraph,
        httpx.AsyncClient(transport=httpx.ASGITransport(subgraph.asgi), base_url="http://users") as client,
    ):
        yield client


async def test_an_operation_is_answered(client: httpx.AsyncClient) -> None:
    body = {"query": "query Me { me { id } }", "variables": None, "operationName": "Me"}
    response = await client.post("/graphql", json=body)
    assert (response.status_code, response.json()) == (200, {"data": {"me": None}})
    assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"query": 5}', "application/json", 400),
        (b'{"query": "{me{id}}", "variables": [1]}', "application/json", 400),
        (b'{"query": "{me{id}}", "operationName": 1}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"query": "{me{id}}"}', "text/plain", 415),
        (b" " * (5 * 1024 * 1024), "application/json", 413),
    ],
)
async def test_what_is_not_graphql_over_http_is_refused_before_execution(
    client: httpx.AsyncClient, content: bytes, kind: str, status: int
) -> None:
    response = await client.post("/graphql", content=content, headers={"content-type": kind})
    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_only_post_is_allowed(client: httpx.AsyncClient) -> None:
    assert (await client.get("/graphql?query={me{id}}")).status_code == 405


async def test_health_says_that_the_process_is_up_and_its_store_answers(client: httpx.AsyncClient) -> None:
    for path in ("/health", "/health/live", "/health/ready"):
        response = await client.get(path)
        assert (response.status_code, response.json()) == (200, {"status": "UP", "subgraph": "users"})


async def test_a_store_that_is_away_is_not_ready_and_an_operation_says_so(tmp_path: Path) -> None:
    away = "postgresql://plait_users@/x?host=/nowhere"
    store = DomainStore("users", away, away, redis="redis://127.0.0.1:1")
    async with build_domain("users", config_in(tmp_path), store) as subgraph:
        transport = httpx.ASGITransport(subgraph.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://users") as client:
            assert (await client.get("/health/live")).status_code == 200
            assert (await client.get("/health/ready")).status_code == 503
        answer = await subgraph.execute("{ users { nodes { id } } }")
    assert answer["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE"}
    assert "nowhere" not in str(answer)


async def test_the_public_keys_are_served(client: httpx.AsyncClient, tmp_path: Path) -> None:
    response = await client.get("/.well-known/jwks.json")
    (key,) = response.json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
    assert "d" not in key
    assert response.text == (tmp_path / "jwks.json").read_text()
