"""What subgraphs say about their answers reaches the client: lifetimes, tags, headers by rule."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2 as httpx
import pytest

from router.config import BatchingConfig, CacheControlConfig, HeadersConfig, RouterConfig
from router.config.file import parse_config
from router.errors import ConfigError
from tests.router.http.test_graphql_endpoint import client
from tests.support.http_server import byte_server, http_message

ME = {"query": "{ me { name } }"}
BOTH = {"query": "{ me { name } posts { title } }"}


def says(data: dict[str, Any], **headers: str) -> Callable[[bytes], bytes]:
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return lambda _: http_message(json.dumps({"data": data}).encode(), extra=extra)


@asynccontextmanager
async def asked(
    users: dict[str, str], posts: dict[str, str], config: RouterConfig | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a router whose subgraphs answer over sockets, with these headers."""
    me, all_posts = {"me": {"name": "Ada"}}, {"posts": [{"title": "T"}]}
    async with (
        byte_server(says(me, **users)) as first,
        byte_server(says(all_posts, **posts)) as second,
        client(config, users=first.url, posts=second.url) as http,  # type: ignore[arg-type]
    ):
        yield http


async def test_an_answer_lives_as_long_as_all_of_its_parts() -> None:
    lives = {"cache_control": "max-age=60, public"}
    async with asked(lives, {"cache_control": "max-age=30, private"}) as http:
        one = await http.post("/graphql", json=ME)
        both = await http.post("/graphql", json=BOTH)
    assert one.headers["cache-control"] == "max-age=60, public"
    assert both.headers["cache-control"] == "max-age=30, private"


async def test_a_part_without_a_lifetime_is_not_kept_and_without_any_a_browser_asks_again() -> None:
    async with asked({"cache_control": "max-age=60"}, {}) as http:
        both = await http.get("/graphql", params=BOTH)
        neither = await http.get("/graphql", params={"query": "{ posts { title } }"})
        posted = await http.post("/graphql", json={"query": "{ posts { title } }"})
    assert both.headers["cache-control"] == "no-store"
    assert "etag" not in both.headers
    assert neither.headers["cache-control"] == "private, no-cache"
    assert "cache-control" not in posted.headers


async def test_an_answer_with_errors_is_not_kept() -> None:
    lives = {"cache_control": "max-age=60"}
    async with asked(lives, lives) as http:
        broken = await http.get("/graphql", params={"query": "{ me { name id } }"})
        refused = await http.get("/graphql", params={"query": "{ nope }"})
    assert "errors" in broken.json()
    assert broken.headers["cache-control"] == refused.headers["cache-control"] == "no-store"
    assert "etag" not in broken.headers
    assert "etag" not in refused.headers


@pytest.mark.parametrize("form", ["{}", "*", '"x", {}', "{strong}", ' {} , W/"y"'])
async def test_who_has_the_answer_gets_304_without_it(form: str) -> None:
    async with asked({"cache_control": "max-age=60"}, {}) as http:
        first = await http.get("/graphql", params=ME)
        tag = first.headers["etag"]
        named = form.replace("{}", tag).replace("{strong}", tag.removeprefix("W/"))
        again = await http.get("/graphql", params=ME, headers={"if-none-match": named})
        packed = await http.get(
            "/graphql", params=ME, headers={"if-none-match": named, "accept-encoding": "gzip, identity;q=0"}
        )
    for response in (again, packed):
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["cache-control"] == "max-age=60"
        assert response.headers["etag"] == tag
        assert "accept" in response.headers["vary"]


async def test_another_answer_has_another_tag_and_a_post_has_none() -> None:
    async with asked({}, {}) as http:
        mine = await http.get("/graphql", params=ME)
        other = await http.get("/graphql", params=BOTH, headers={"if-none-match": mine.headers["etag"]})
        posted = await http.post("/graphql", json=ME, headers={"if-none-match": "*"})
    assert (other.status_code, posted.status_code) == (200, 200)
    assert other.headers["etag"] != mine.headers["etag"]
    assert "etag" not in posted.headers


async def test_lifetimes_can_be_left_to_what_stands_before_the_router() -> None:
    config = RouterConfig(cache_control=CacheControlConfig(enabled=False))
    async with asked({"cache_control": "max-age=60"}, {}, config) as http:
        response = await http.get("/graphql", params=ME)
    assert "cache-control" not in response.headers
    assert "etag" not in response.headers


def rules(text: str) -> RouterConfig:
    return parse_config(text, {})


async def test_named_headers_come_back_under_their_rule_and_no_others() -> None:
    config = rules("headers: {all: {response: [{propagate: {named: X-A, rename: x-b}}]}}")
    async with asked({"x_a": "1", "x_other": "2"}, {}, config) as http:
        response = await http.post("/graphql", json=ME)
    assert response.headers["x-b"] == "1"
    assert "x-a" not in response.headers
    assert "x-other" not in response.headers


@pytest.mark.parametrize(("merge", "values"), [("append", ["1", "2"]), ("first", ["1"]), ("last", ["2"])])
async def test_several_answers_headers_are_merged_as_the_rule_says(merge: str, values: list[str]) -> None:
    config = rules(f"headers: {{all: {{response: [{{propagate: {{named: x-a, merge: {merge}}}}}]}}}}")
    nested = {"query": "{ me { posts { title } } }"}
    me = says({"me": {"__typename": "User", "id": "1"}}, x_a="1")
    posts = says({"_entities": [{"posts": [{"title": "T"}]}]}, x_a="2")
    async with (
        byte_server(me) as first,
        byte_server(posts) as second,
        client(config, users=first.url, posts=second.url) as http,  # type: ignore[arg-type]
    ):
        response = await http.post("/graphql", json=nested)
    assert response.json() == {"data": {"me": {"posts": [{"title": "T"}]}}}
    assert response.headers.get_list("x-a") == values


async def test_every_cookie_of_a_subgraph_is_set() -> None:
    config = rules("headers: {subgraphs: {users: {response: [{propagate: {named: set-cookie}}]}}}")
    both = "a=1; Path=/\r\nset-cookie: b=2, 3"
    async with asked({"set_cookie": both}, {"set_cookie": "c=3"}, config) as http:
        response = await http.post("/graphql", json=BOTH)
    assert response.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2, 3"]


async def test_matching_headers_come_back_but_none_about_the_message_or_the_connection() -> None:
    config = rules("headers: {all: {response: [{propagate: {matching: '.*'}}, {remove: {named: x-secret}}]}}")
    headers = {
        "x_a": "1", "x_secret": "2", "x_hop": "3", "connection": "keep-alive, X-Hop", "keep_alive": "5",
        "etag": '"theirs"', "proxy_authenticate": "Basic", "server": "theirs",
    }  # fmt: skip
    async with asked(headers, {}, config) as http:
        response = await http.post("/graphql", json=ME)
    assert response.headers["x-a"] == "1"
    assert response.headers["server"] == "theirs"
    for name in ("x-secret", "x-hop", "connection", "keep-alive", "etag", "proxy-authenticate"):
        assert name not in response.headers
    assert response.headers.get_list("content-type") == ["application/json; charset=utf-8"]


async def test_the_answers_of_a_batch_share_their_headers_and_are_not_kept() -> None:
    config = rules(
        "headers: {all: {response: [{propagate: {named: set-cookie}}, {propagate: {named: x-a}}]}}"
    )
    config = RouterConfig(headers=config.headers, batching=BatchingConfig(enabled=True))
    lives = {"cache_control": "max-age=60", "set_cookie": "a=1", "x_a": "1"}
    async with asked(lives, {**lives, "x_a": "2"}, config) as http:
        response = await http.post("/graphql", json=[ME, {"query": "{ posts { title } }"}])
    assert response.headers["cache-control"] == "no-store"
    assert response.headers.get_list("set-cookie") == ["a=1", "a=1"]
    assert response.headers.get_list("x-a") == ["2"]


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("request: [{propagate: {named: TE}}]", "request[0].propagate.named: TE"),
        ("request: [{insert: {name: content-length, value: '1'}}]", "request[0].insert.name: content-length"),
        ("request: [{propagate: {named: a, rename: host}}]", "request[0].propagate.rename: host"),
        ("response: [{propagate: {named: connection}}]", "response[0].propagate.named: connection"),
        ("response: [{propagate: {named: x, rename: host}}]", "response[0].propagate.rename: host"),
    ],
)  # fmt: skip
def test_a_rule_for_a_header_of_the_message_or_the_connection_is_refused(section: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(f"headers: {{all: {{{section}}}}}", {})
    assert caught.value.message == (
        f"headers.all.{message} is about the message or the connection and is never sent on"
    )


def test_rules_for_answers_leave_those_for_requests_as_they_are() -> None:
    config = rules("headers: {all: {response: [{propagate: {named: x-a}}]}}")
    assert config.headers.all.request == HeadersConfig().all.request
