"""Browsers of other origins: each group of origins by a policy of its own."""

from __future__ import annotations

import pytest

from router.config import CORSConfig, CORSPolicy, RouterConfig
from tests.router.http.test_graphql_endpoint import ME, client

ALLOWED = "access-control-allow-origin"
SAFE = "Accept, Accept-Language, Content-Language, Content-Type"
CONFIG = RouterConfig(
    cors=CORSConfig(
        allow_origins=("https://partner.example",),
        expose_headers=("x-request-id",),
        policies=(
            CORSPolicy(allow_origins=("https://app.example",), allow_credentials=True, max_age_seconds=5),
            CORSPolicy(match_origins=(r"https://[a-z]+\.preview\.example", "null"), allow_headers=("x-a",)),
        ),
    )
)


def preflight(origin: str) -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, x-a",
    }


@pytest.mark.parametrize(
    ("origin", "credentials", "max_age", "headers"),
    [
        ("https://app.example", "true", "5", "content-type, x-a"),
        ("https://a.preview.example", None, "600", SAFE + ", x-a"),
        ("https://partner.example", None, "600", "content-type, x-a"),
    ],
)  # fmt: skip
async def test_the_first_policy_that_knows_the_origin_answers(
    origin: str, credentials: str | None, max_age: str, headers: str
) -> None:
    async with client(CONFIG) as http:
        asked = await http.options("/graphql", headers=preflight(origin))
        answered = await http.post("/graphql", json=ME, headers={"origin": origin})
    assert (asked.status_code, asked.headers[ALLOWED]) == (200, origin)
    assert asked.headers.get("access-control-allow-credentials") == credentials
    assert asked.headers["access-control-max-age"] == max_age
    assert asked.headers["access-control-allow-headers"] == headers
    assert answered.headers[ALLOWED] == origin
    assert answered.headers.get("access-control-allow-credentials") == credentials


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://app.example.evil.example",
        "https://a.preview.example.evil.example",
        "https://x@a.preview.example",
        "http://app.example",
        "HTTPS://APP.EXAMPLE",
    ],
)
async def test_an_origin_no_policy_knows_is_allowed_nothing(origin: str) -> None:
    async with client(CONFIG) as http:
        asked = await http.options("/graphql", headers=preflight(origin))
        answered = await http.post("/graphql", json=ME, headers={"origin": origin})
    assert asked.status_code == 400
    assert ALLOWED not in asked.headers
    assert ALLOWED not in answered.headers


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://app.example"}, {"origin": "https://evil.example"}]
)
async def test_caches_keep_answers_to_different_origins_apart(headers: dict[str, str]) -> None:
    async with client(CONFIG) as http:
        response = await http.post("/graphql", json=ME, headers=headers)
    assert "origin" in response.headers["vary"].lower()


async def test_any_origin_may_call_where_that_is_said() -> None:
    async with client(RouterConfig(cors=CORSConfig(allow_origins=("*",)))) as http:
        response = await http.post("/graphql", json=ME, headers={"origin": "https://any.example"})
    assert response.headers[ALLOWED] == "*"
