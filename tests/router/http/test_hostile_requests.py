"""Requests and answers of hostile shapes: an error that says what is wrong, never a fault of ours."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2 as httpx
import pytest

from router.config import ErrorsConfig, RouterConfig
from tests.support.federation import Subgraph, router
from tests.support.http_server import byte_server, http_message

STRICT = {"accept": "application/graphql-response+json"}
BOTH = {"query": "query Both { me { name } posts { title } }"}


@asynccontextmanager
async def client(config: RouterConfig | None = None, **subgraphs: Any) -> AsyncIterator[httpx.AsyncClient]:
    routed = router(config, **subgraphs)
    transport = httpx.ASGITransport(app=routed.asgi())
    async with (
        routed,
        httpx.AsyncClient(
            transport=transport, base_url="http://router", headers={"apollo-require-preflight": "true"}
        ) as http,
    ):
        yield http


@pytest.mark.parametrize("depth", [500, 1500, 20_000])
async def test_variables_that_nest_deeply_in_an_address_are_a_bad_request(depth: int) -> None:
    async with client() as http:
        response = await http.get("/graphql", params={"query": "{ __typename }", "variables": "[" * depth})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID_GRAPHQL_REQUEST"


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json; charset=utf-8", 200),
        ('application/json; charset="UTF-8"', 200),
        ("application/json; charset=utf8", 200),
        ("application/json; charset=notutf-8", 415),
        ("application/json; charset=utf-16", 415),
    ],
)
async def test_only_utf8_is_read_as_utf8(content_type: str, status: int) -> None:
    async with client() as http:
        response = await http.post(
            "/graphql", content=b'{"query":"{ __typename }"}', headers={"content-type": content_type}
        )
    assert response.status_code == status


async def test_a_huge_literal_is_not_sent_back() -> None:
    async with client() as http:
        response = await http.post(
            "/graphql", json={"query": '{ user(id: 1, mood: "%s") { id } }' % ("x" * 500_000)}
        )
    assert "errors" in response.json()
    assert len(response.content) < 2000


async def test_a_document_with_very_many_errors_says_that_there_are_more() -> None:
    async with client() as http:
        response = await http.post("/graphql", json={"query": "{" + " nope" * 500 + "}"})
    errors = response.json()["errors"]
    assert len(errors) == 101
    assert errors[-1]["message"] == "The document has more than 100 errors; these are the first."


DEEP = b'{"data":{"me":{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}}}"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http_message(DEEP), id="nests too deeply"),
        pytest.param(http_message(b"\x1f\x8bnonsense", extra="content-encoding: gzip\r\n"), id="not gzip"),
        pytest.param(http_message(b"x", extra="content-encoding: br\r\n"), id="another compression"),
    ],
)
async def test_an_answer_that_cannot_be_read_costs_nobody_else_his_data(answer: bytes) -> None:
    async with byte_server(lambda _: answer) as server, client(users=server.url) as http:
        response = (await http.post("/graphql", json=BOTH)).json()
    assert response["data"] == {"me": None, "posts": [{"title": "T"}]}
    (error,) = response["errors"]
    assert error["extensions"] == {"code": "SUBREQUEST_MALFORMED_RESPONSE", "service": "users"}


@pytest.mark.parametrize("compressed", [True, False])
async def test_a_compressed_answer_and_a_byte_order_mark_are_read(compressed: bool) -> None:
    import gzip

    text = b'\xef\xbb\xbf{"data":{"me":{"name":"Ada"}}}'
    packed = http_message(gzip.compress(text), extra="content-encoding: gzip\r\n")
    answer = packed if compressed else http_message(text)
    async with byte_server(lambda _: answer) as server, client(users=server.url) as http:
        response = await http.post("/graphql", json={"query": "{ me { name } }"})
    assert response.json() == {"data": {"me": {"name": "Ada"}}}


async def test_a_compressed_answer_is_never_larger_than_an_operation_may_take() -> None:
    import gzip

    from router.config import ExecutionConfig

    bomb = http_message(gzip.compress(b" " * 50_000_000), extra="content-encoding: gzip\r\n")
    config = RouterConfig(execution=ExecutionConfig(max_response_bytes=1_000_000))
    async with byte_server(lambda _: bomb) as server, client(config, users=server.url) as http:
        response = (await http.post("/graphql", json={"query": "{ me { name } }"})).json()
    assert response["errors"][0]["extensions"]["code"] == "SUBREQUEST_RESPONSE_TOO_LARGE"


class Failing(Subgraph):
    """Reports many errors of one kind beside its data."""

    def __init__(self, count: int, message: str = "SELECT secret FROM users") -> None:
        super().__init__({})
        self.count = count
        self.message = message

    async def execute(self, *arguments: Any) -> dict[str, Any]:
        errors = [{"message": self.message, "path": ["me", "name"]} for _ in range(self.count)]
        return {"data": {"me": {"name": None}}, "errors": errors}


async def test_a_hundred_thousand_errors_of_a_subgraph_are_told_in_part() -> None:
    async with client(RouterConfig(errors=ErrorsConfig(max_errors=10)), users=Failing(100_000)) as http:
        response = await http.post("/graphql", json={"query": "{ me { name } }"})
    errors = response.json()["errors"]
    assert len(errors) == 11
    assert errors[-1] == {
        "message": "There are 99990 more errors than are told.",
        "extensions": {"code": "TOO_MANY_ERRORS"},
    }


async def test_what_is_masked_for_clients_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    watched = Failing(3, "SELECT secret\nFAKE LINE")
    with caplog.at_level(logging.WARNING):
        async with client(users=watched) as http:
            response = await http.post(
                "/graphql", json={"query": "query Mine { me { name } }"}, headers={"x-request-id": "r-1"}
            )
    assert "SELECT" not in response.text
    (record,) = caplog.records
    assert record.getMessage() == (
        'Subgraph "users": DOWNSTREAM_SERVICE_ERROR at me.name: SELECT secret FAKE LINE'
        " (errors: 3, operation: Mine, request: r-1)"
    )


async def test_what_clients_are_shown_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    config = RouterConfig(errors=ErrorsConfig(show_subgraph_errors=True))
    async with client(config, users=Failing(1)) as http:
        assert "SELECT" in (await http.post("/graphql", json={"query": "{ me { name } }"})).text
    assert not caplog.records
