"""What a foreign page could make a browser send is not run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2 as httpx
import pytest

from router.config import CSRFConfig, RouterConfig
from tests.router.http.test_graphql_endpoint import client as client_that_shows_it
from tests.support.federation import Subgraph, users

QUERY = {"query": "{ me { name } }"}
ANSWER = {"data": {"me": {"name": "Ada"}}}


@asynccontextmanager
async def client(
    config: RouterConfig | None = None, **subgraphs: Subgraph
) -> AsyncIterator[httpx.AsyncClient]:
    """Sends no header that was not asked for."""
    async with client_that_shows_it(config, **subgraphs) as http:
        del http.headers["apollo-require-preflight"]
        yield http


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "TEXT/plain; charset=utf-8"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=b"},
        {"content-type": "nonsense"},
        {"x-apollo-operation-name": ""},
        {"origin": "https://evil.example", "accept": "application/json"},
    ],
)
async def test_an_operation_in_an_address_without_a_sign_of_its_own_page_is_not_run(
    headers: dict[str, str],
) -> None:
    watched = users()
    async with client(users=watched) as http:
        response = await http.get("/graphql", params=QUERY, headers=headers)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "CSRF_ERROR"
    assert "apollo-require-preflight" in error["message"]
    assert watched.requests == []


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": "application/graphql+json; charset=utf-8"},
        {"apollo-require-preflight": "true"},
        {"X-Apollo-Operation-Name": "Me", "content-type": "text/plain"},
    ],
)
async def test_what_a_browser_asks_about_first_is_run(headers: dict[str, str]) -> None:
    async with client() as http:
        response = await http.get("/graphql", params=QUERY, headers=headers)
    assert response.json() == ANSWER


async def test_the_headers_that_show_it_are_configured_and_the_whole_can_be_off() -> None:
    own = RouterConfig(csrf=CSRFConfig(headers=("X-Mine",)))
    async with client(own) as http:
        passed = await http.get("/graphql", params=QUERY, headers={"x-mine": "1"})
        refused = await http.get("/graphql", params=QUERY, headers={"apollo-require-preflight": "1"})
    async with client(RouterConfig(csrf=CSRFConfig(enabled=False))) as http:
        off = await http.get("/graphql", params=QUERY)
    assert (passed.status_code, refused.status_code, off.status_code) == (200, 400, 200)


async def test_operations_in_json_need_no_header_more() -> None:
    async with client() as http:
        assert (await http.post("/graphql", json=QUERY)).json() == ANSWER
