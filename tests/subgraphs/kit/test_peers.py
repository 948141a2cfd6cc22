"""Peers: asked in time, again only when that is safe, over HTTP and in process alike."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, cast

import httpx2 as httpx
import pytest

from subgraphs.kit.peers import (
    ATTEMPTS,
    BUDGET,
    HttpPeer,
    InProcessPeer,
    PeerRefused,
    Peers,
    PeerUnavailable,
)
from subgraphs.kit.subgraph import Subgraph
from tests.support.recorded_calls import recorded_calls

QUERY = "query($id: ID!) { user(id: $id) { username } }"
MUTATION = "mutation { rename { id } }"
Answer = Callable[[httpx.Request], httpx.Response]


def peers(answer: Any, deadline: float = 3.0) -> Peers:
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return Peers({"users": HttpPeer(client, "http://users/graphql")}, "posts", deadline)


class Script:
    """Answers in order; counts the questions."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


DATA = {"data": {"user": {"username": "ann"}}}
AWAY = httpx.Response(503)


async def test_a_question_carries_who_asks_and_the_request_it_is_for() -> None:
    script = Script(DATA)
    data = await peers(script).ask("users", QUERY, {"id": "1"}, request_id="r1", authorization="Bearer t")
    assert data == DATA["data"]
    (request,) = script.asked
    assert json.loads(request.content) == {"query": QUERY, "variables": {"id": "1"}}
    assert request.headers["x-request-id"] == "r1"
    assert request.headers["authorization"] == "Bearer t"
    assert request.headers["user-agent"] == "plait-posts"


async def test_a_question_is_part_of_the_trace_and_told_of_with_how_it_ended() -> None:
    script = Script(DATA)
    with recorded_calls() as told:
        await peers(script).ask("users", QUERY)
        with pytest.raises(PeerUnavailable):
            await Peers({}, "posts").ask("users", QUERY)
    assert script.asked[0].headers["traceparent"] == "00-a-b-01"
    assert told[0] == ("graphql", "users", None)
    assert told[1][2]


@pytest.mark.parametrize("trouble", [AWAY, httpx.ConnectError("refused"), httpx.Response(200, text="<html>")])
async def test_a_query_that_was_not_answered_is_asked_again(trouble: Any) -> None:
    script = Script(trouble, DATA)
    assert await peers(script).ask("users", QUERY) == DATA["data"]
    assert len(script.asked) == 2


@pytest.mark.parametrize("trouble", [AWAY, httpx.ReadError("cut")])
async def test_a_mutation_is_asked_once(trouble: Any) -> None:
    script = Script(trouble)
    with pytest.raises(PeerUnavailable):
        await peers(script).ask("users", MUTATION)
    assert len(script.asked) == 1


async def test_a_peer_in_trouble_is_not_asked_much_more_than_before() -> None:
    script = Script(AWAY)
    asking = peers(script)

    async def one() -> None:
        with pytest.raises(PeerUnavailable):
            await asking.ask("users", QUERY)

    await asyncio.gather(*(one() for _ in range(100)))
    assert 100 + BUDGET <= len(script.asked) <= 100 + BUDGET + 0.1 * 100 < 100 * ATTEMPTS


async def test_a_peer_that_hangs_is_given_up_in_time() -> None:
    async def hang(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        raise AssertionError

    with pytest.raises(PeerUnavailable, match=r"no answer within 0\.05 s"):
        await peers(hang, 0.05).ask("users", QUERY)


async def test_errors_beside_data_leave_the_data_and_without_data_are_raised() -> None:
    partial = {"data": {"user": None}, "errors": [{"message": "no"}]}
    assert await peers(Script(partial)).ask("users", QUERY) == {"user": None}
    with pytest.raises(PeerRefused, match="users: no"):
        await peers(Script({"data": None, "errors": [{"message": "no"}]})).ask("users", QUERY)


async def test_a_question_is_one_log_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "plait.peers")
    await peers(Script(AWAY, DATA)).ask("users", QUERY, request_id="r1")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "plait.peers"]
    assert line.startswith("posts asked users: ok, ")
    assert line.endswith("ms, request r1")


class Neighbour:
    """A subgraph of the same process, as far as a peer is concerned."""

    async def execute(
        self, query: str, variables: dict[str, Any], *, headers: dict[str, str]
    ) -> dict[str, Any]:
        return {
            "data": {"heard": [query, dict(variables), headers["authorization"], headers["x-request-id"]]}
        }


async def test_a_peer_of_the_same_process_hears_the_same_question() -> None:
    asking = Peers({"users": InProcessPeer(cast(Subgraph, Neighbour()))}, "posts")
    data = await asking.ask("users", QUERY, {"id": "1"}, request_id="r1", authorization="Bearer t")
    assert data == {"heard": [QUERY, {"id": "1"}, "Bearer t", "r1"]}


async def test_a_question_whose_null_would_mean_something_is_answered_whole_or_not_at_all() -> None:
    half = {"data": {"user": None}, "errors": [{"message": "the store is away"}]}
    assert await peers(Script(half)).ask("users", QUERY) == {"user": None}
    with pytest.raises(PeerUnavailable, match="errors in its answer"):
        await peers(Script(half)).ask("users", QUERY, whole=True)
    assert await peers(Script(DATA)).ask("users", QUERY, whole=True) == DATA["data"]


async def test_a_peer_that_nobody_said_where_it_is_is_away() -> None:
    with pytest.raises(PeerUnavailable, match="nobody said where it is"):
        await Peers({}, "posts").ask("users", QUERY)
