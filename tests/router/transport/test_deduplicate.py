"""Identical queries in flight travel once; nothing else does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.errors import TransportError
from router.transport.base import Headers, SubgraphDocument, SubgraphRequest, SubgraphResponse
from router.transport.deduplicate import DeduplicatingTransport

QUERY = SubgraphDocument("{ a }", None)


class Held:
    """Answers when released."""

    def __init__(self, response: SubgraphResponse | None = None) -> None:
        self.sent = 0
        self.release = asyncio.Event()
        self._response = response

    async def start(self) -> None:
        pass

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        self.sent += 1
        await self.release.wait()
        if self._response is None:
            raise TransportError("down")
        return self._response

    async def aclose(self) -> None:
        pass


def request(
    variables: dict[str, Any] | None = None, headers: Headers = (), text: str = "{ a }"
) -> SubgraphRequest:
    return SubgraphRequest(
        SubgraphDocument(text, None, text.startswith("mutation")), variables or {}, headers, 100
    )


async def send_all(held: Held, *requests: SubgraphRequest) -> list[Any]:
    transport = DeduplicatingTransport(held)
    tasks = [asyncio.create_task(transport.send(each)) for each in requests]
    await asyncio.sleep(0)
    held.release.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_identical_queries_travel_once_and_all_get_the_answer() -> None:
    held = Held(SubgraphResponse(body=b"{}"))
    responses = await send_all(held, request(), request(), request())
    assert held.sent == 1
    assert [response.body for response in responses] == [b"{}"] * 3


@pytest.mark.parametrize(
    "other",
    [request({"x": 1}), request(headers=(("authorization", "Bearer b"),)), request(text="{ b }")],
    ids=["variables", "headers", "text"],
)
async def test_queries_that_differ_travel_apart(other: SubgraphRequest) -> None:
    held = Held(SubgraphResponse(body=b"{}"))
    await send_all(held, request(), other)
    assert held.sent == 2


async def test_mutations_always_travel() -> None:
    held = Held(SubgraphResponse(body=b"{}"))
    await send_all(held, request(text="mutation { a }"), request(text="mutation { a }"))
    assert held.sent == 2


async def test_a_failure_is_everyones() -> None:
    responses = await send_all(Held(), request(), request())
    assert [type(response) for response in responses] == [TransportError, TransportError]


async def test_a_python_payload_is_not_shared_between_those_who_merge_it() -> None:
    held = Held(SubgraphResponse(payload={"data": {"a": {"b": 1}}}))
    first, second = await send_all(held, request(), request())
    first.payload["data"]["a"]["c"] = 2
    assert second.payload == {"data": {"a": {"b": 1}}}


async def test_a_follower_takes_over_when_the_leader_leaves() -> None:
    held = Held(SubgraphResponse(body=b"{}"))
    transport = DeduplicatingTransport(held)
    leader = asyncio.create_task(transport.send(request()))
    await asyncio.sleep(0)
    follower = asyncio.create_task(transport.send(request()))
    await asyncio.sleep(0)
    leader.cancel()
    await asyncio.sleep(0)
    held.release.set()
    assert (await follower).body == b"{}"
    assert held.sent == 2


async def test_queries_that_differ_in_their_requests_names_alone_travel_once() -> None:
    held = Held(SubgraphResponse(body=b"{}"))
    told: Headers = (("authorization", "Bearer ada"),)
    named = [(*told, ("x-request-id", str(n)), ("traceparent", f"00-{n:032x}-1-01")) for n in range(3)]
    await send_all(held, *(request(headers=headers) for headers in named))
    assert held.sent == 1


async def test_what_two_people_ask_travels_for_each() -> None:
    held = Held(SubgraphResponse(body=b"{}"))
    people = [(("authorization", f"Bearer {name}"), ("x-request-id", "1")) for name in ("ada", "bob")]
    await send_all(held, *(request(headers=headers) for headers in people))
    assert held.sent == 2
