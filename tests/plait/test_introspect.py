"""Asking a running subgraph for its SDL, and what it may answer instead."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx
import pytest
from click.testing import CliRunner

from plait.cli.main import main
from router import Router
from router.errors import SupergraphError
from router.subgraph_sdl import IntrospectionFailed, fetch_sdl

URL = "http://users/graphql"


def answering(response: httpx.Response) -> httpx.MockTransport:
    return httpx.MockTransport(lambda request: response)


def test_the_sdl_is_what_the_service_field_says() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["x-token"] == "secret"
        assert b"_service { sdl }" in request.content
        return httpx.Response(200, json={"data": {"_service": {"sdl": "type Query { a: Int }"}}})

    sdl = fetch_sdl(URL, {"X-Token": "secret"}, httpx.MockTransport(answer))
    assert sdl == "type Query { a: Int }"


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (httpx.Response(500, text="<html>"), "answered 500 without JSON"),
        (httpx.Response(200, json=[]), "is it a federated subgraph?"),
        (
            httpx.Response(200, json={"data": None, "errors": [{"message": "denied"}]}),
            "without an SDL: denied",
        ),
        (httpx.Response(200, json={"data": {"_service": {"sdl": ""}}}), "without an SDL"),
        (httpx.Response(401, json={"errors": "no"}), "answered 401"),
    ],
)
def test_other_answers_are_told(response: httpx.Response, problem: str) -> None:
    with pytest.raises(IntrospectionFailed, match=problem.replace("?", r"\?")):
        fetch_sdl(URL, {}, answering(response))


def test_a_slow_subgraph_is_given_up() -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    with pytest.raises(IntrospectionFailed, match="did not answer within 15 seconds"):
        fetch_sdl(URL, {}, httpx.MockTransport(never))


def test_the_command_says_why_it_cannot() -> None:
    result = CliRunner().invoke(main, ["introspect", "http://127.0.0.1:1/graphql"])
    assert result.exit_code == 1
    assert "error[DOWNSTREAM_SERVICE_ERROR]: http://127.0.0.1:1/graphql cannot be reached" in result.stderr
    assert CliRunner().invoke(main, ["introspect", "not a url"]).exit_code == 1


def test_a_header_is_name_and_value() -> None:
    result = CliRunner().invoke(main, ["introspect", URL, "-H", "nonsense"])
    assert result.exit_code == 2
    assert "is not NAME:VALUE" in result.stderr


class Answering:
    """A subgraph in this process that answers anything with one response."""

    def __init__(self, response: dict[str, Any]) -> None:
        self.response = response

    async def execute(self, *_: Any) -> dict[str, Any]:
        return self.response


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        ({"data": None, "errors": [{"message": "denied"}]}, "users answered without an SDL: denied."),
        ({"data": {"_service": {"sdl": ""}}}, "users answered without an SDL: is it a federated subgraph?"),
    ],
)
def test_a_subgraph_in_this_process_is_asked_in_the_same_words(
    response: dict[str, Any], problem: str
) -> None:
    with pytest.raises(SupergraphError) as caught:
        Router.from_subgraphs({"users": Answering(response)})
    assert problem in caught.value.message


def test_a_router_says_of_a_url_what_introspect_says() -> None:
    with pytest.raises(SupergraphError) as caught:
        Router.from_subgraphs({"users": "http://127.0.0.1:1/graphql"})
    assert "http://127.0.0.1:1/graphql cannot be reached" in caught.value.message
