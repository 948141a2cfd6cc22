"""Answers that multiply: their size is known before they are made, and much data does not hold up others."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from router import Router
from router.config import ExecutionConfig, RouterConfig
from router.executor import execution
from router.executor.size import encoded_size
from router.executor.store import structures
from router.json import dumps
from router.transport.base import SubgraphResponse
from tests.support.planning import composed

SUPERGRAPH = composed(
    {
        "a": 'type Query { all: [User] } type User @key(fields: "id") { id: ID! name: String }',
        "b": 'type User @key(fields: "id") { id: ID! friends: [Friend] } '
        'type Friend @key(fields: "of", resolvable: false) { of: ID! }',
        "c": 'type Friend @key(fields: "of") { of: ID! user: User } '
        'type User @key(fields: "id", resolvable: false) { id: ID! }',
    }
)
PEOPLE = 20
JSON = b"application/json"


class Everybody:
    """Everybody is everybody's friend: an answer has PEOPLE to the power of its levels. As over HTTP."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = json.loads((await receive())["body"])
        query, variables = request["query"], request.get("variables") or {}
        data: dict[str, Any] = {
            "_entities" if name == "representations" else name: [self.entity(query, r) for r in given]
            for name, given in variables.items()
        }
        if "all" in query:
            data["all"] = [self.user(n) for n in range(PEOPLE)]
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", JSON)],
            }
        )
        await send({"type": "http.response.body", "body": dumps({"data": data})})

    def user(self, number: int) -> dict[str, Any]:
        return {"__typename": "User", "id": str(number), "name": f"n{number}"}

    def entity(self, query: str, representation: Mapping[str, Any]) -> dict[str, Any]:
        if "friends" in query:
            return {"friends": [{"__typename": "Friend", "of": str(n)} for n in range(PEOPLE)]}
        if "user" in query:
            return {"user": {"__typename": "User", "id": representation["of"]}}
        return {"name": f"n{representation['id']}"}


def levels(count: int) -> str:
    selection = "name"
    for _ in range(count):
        selection = f"name friends {{ user {{ {selection} }} }}"
    return f"{{ all {{ {selection} }} }}"


def routed(**settings: Any) -> Router:
    config = RouterConfig(execution=replace_all(ExecutionConfig(), **settings))
    subgraph = Everybody()
    return Router(SUPERGRAPH, {"a": subgraph, "b": subgraph, "c": subgraph}, config=config)


def replace_all(config: ExecutionConfig, **settings: Any) -> ExecutionConfig:
    return msgspec.structs.replace(config, **settings)


async def test_an_answer_that_multiplies_at_every_level_is_refused_before_it_is_made() -> None:
    async with routed() as router:
        response = await router.execute({"query": levels(8)})
    assert response["data"] is None
    assert response["errors"][0]["extensions"]["code"] == "ANSWER_TOO_LARGE"


async def test_an_answer_within_the_limit_is_made_although_it_could_have_been_larger() -> None:
    async with routed(max_answer_bytes=2_000_000) as router:
        response = await router.execute({"query": levels(2)})
    assert "errors" not in response
    assert len(response["data"]["all"][0]["friends"][0]["user"]["friends"]) == PEOPLE


class InProcess:
    """The same without JSON text."""

    async def execute(
        self, query: str, variables: Mapping[str, Any] | None, _name: str | None, _headers: Any
    ) -> dict[str, Any]:
        body: list[bytes] = []
        request = dumps({"query": query, "variables": variables})

        async def receive() -> dict[str, Any]:
            return {"body": request}

        async def send(message: dict[str, Any]) -> None:
            body.append(message.get("body", b""))

        await Everybody()({}, receive, send)
        answer: dict[str, Any] = json.loads(b"".join(body))
        return answer


async def test_an_answer_in_process_is_weighed_by_what_was_received_and_refused_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near = dict.fromkeys("abc", InProcess())
    async with Router(SUPERGRAPH, near) as router:
        refused = await router.execute({"query": levels(8)})
        monkeypatch.setattr(execution, "encoded_size", None)
        small = await router.execute({"query": levels(1)})
    assert refused["errors"][0]["extensions"]["code"] == "ANSWER_TOO_LARGE"
    assert "errors" not in small, "no value was looked at"
    assert len(small["data"]["all"]) == PEOPLE


async def test_work_on_much_data_is_done_in_a_thread_and_answers_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with routed() as router:
        expected = await router.execute({"query": levels(2)})
        monkeypatch.setattr(execution, "HEAVY_BYTES", 0)
        threads = _watch_threads(monkeypatch)
        assert await router.execute({"query": levels(2)}) == expected
    assert threads
    assert threading.get_ident() not in threads


def _watch_threads(monkeypatch: pytest.MonkeyPatch) -> set[int]:

    threads: set[int] = set()
    decode = structures.Decoder.decode

    def watched(self: structures.Decoder, response: SubgraphResponse) -> Any:
        threads.add(threading.get_ident())
        return decode(self, response)

    monkeypatch.setattr(structures.Decoder, "decode", watched)
    return threads


def test_the_size_counts_what_is_shared_in_every_place_and_looks_at_it_once() -> None:
    data: Any = ["x" * 100]
    for _ in range(60):
        data = [data, data]
    assert encoded_size(data) >= 100 * 2**60
    tree = {"a": [1, 2, {"b": "text"}], "c": None}
    assert encoded_size(tree) >= len(dumps(tree))
