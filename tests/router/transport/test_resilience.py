"""Subgraphs that fail now and then, or all the time: tried again within a budget, asked twice, left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from router.config import CircuitBreakerConfig, RouterConfig, SubgraphDefaults, SubgraphsConfig
from router.errors import CircuitOpen, MalformedResponse, TransportError
from router.transport.base import SubgraphDocument, SubgraphRequest, SubgraphResponse
from router.transport.breaker import BreakingTransport, Circuit
from router.transport.hedge import HedgingTransport
from router.transport.retry import RetryBudget, RetryingTransport
from tests.support.federation import router

FINE = SubgraphResponse(body=b"{}")


class Scripted:
    """Answers what it is told in order, the last for ever; a function is asked each time."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent = 0

    async def start(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        answer = self.answers[min(self.sent, len(self.answers) - 1)]
        self.sent += 1
        if callable(answer):
            answer = await answer()
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, SubgraphResponse)
        return answer


def request(text: str = "{ a }") -> SubgraphRequest:
    return SubgraphRequest(SubgraphDocument(text, None, text.startswith("mutation")), {}, (), 100)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


DOWN = TransportError("down")

PASSING = [DOWN, *(SubgraphResponse(body=b"", status=status) for status in (502, 503, 504))]


@pytest.mark.parametrize("failure", PASSING)
async def test_what_a_moment_may_change_is_tried_again(failure: Any) -> None:
    scripted = Scripted(failure, failure, FINE)
    assert await RetryingTransport(scripted, 2, RetryBudget(0.1)).send(request()) is FINE
    assert scripted.sent == 3


@pytest.mark.parametrize("failure", [MalformedResponse("html"), SubgraphResponse(body=b"", status=500)])
async def test_what_will_be_no_other_is_not_tried_again(failure: Any) -> None:
    scripted = Scripted(failure, FINE)
    transport = RetryingTransport(scripted, 2, RetryBudget(0.1))
    if isinstance(failure, Exception):
        with pytest.raises(MalformedResponse):
            await transport.send(request())
    else:
        assert (await transport.send(request())).status == 500
    assert scripted.sent == 1


@pytest.mark.parametrize("wrap", [lambda t: RetryingTransport(t, 3, RetryBudget(1))])
async def test_a_mutation_is_never_sent_again(wrap: Callable[[Any], Any]) -> None:
    scripted = Scripted(DOWN)
    with pytest.raises(TransportError):
        await wrap(scripted).send(request("mutation { a }"))
    assert scripted.sent == 1


async def test_when_everything_fails_retries_stay_within_their_share() -> None:
    scripted = Scripted(DOWN)
    transport = RetryingTransport(scripted, 1, RetryBudget(0.1))
    failed = await asyncio.gather(*(transport.send(request()) for _ in range(200)), return_exceptions=True)
    assert all(isinstance(one, TransportError) for one in failed)
    assert 200 < scripted.sent <= 200 + 10 + 20


async def test_a_slow_answer_is_overtaken_by_the_second_request() -> None:
    released = asyncio.Event()

    async def slow() -> SubgraphResponse:
        await released.wait()
        return FINE

    scripted = Scripted(slow, FINE)
    assert await HedgingTransport(scripted, 0.01, RetryBudget(0.1)).send(request()) is FINE
    assert scripted.sent == 2
    assert not released.is_set()


async def test_a_quick_answer_and_a_mutation_are_asked_once() -> None:
    async def slow() -> SubgraphResponse:
        await asyncio.sleep(0.05)
        return FINE

    quick, mutating = Scripted(FINE), Scripted(slow)
    await HedgingTransport(quick, 5, RetryBudget(1)).send(request())
    await HedgingTransport(mutating, 0.001, RetryBudget(1)).send(request("mutation { a }"))
    assert (quick.sent, mutating.sent) == (1, 1)


async def test_a_first_failure_waits_for_the_second_answer() -> None:
    async def fails_late() -> Exception:
        await asyncio.sleep(0.03)
        return DOWN

    async def comes_later() -> SubgraphResponse:
        await asyncio.sleep(0.06)
        return FINE

    scripted = Scripted(fails_late, comes_later)
    assert await HedgingTransport(scripted, 0.01, RetryBudget(0.1)).send(request()) is FINE


CONFIG = CircuitBreakerConfig(enabled=True, min_requests=4, failure_ratio=0.5, open_seconds=5.0)


async def outcomes(transport: Any, count: int) -> list[str]:
    found = []
    for _ in range(count):
        try:
            found.append(str((await transport.send(request())).status))
        except TransportError as error:
            found.append(type(error).__name__)
    return found


async def test_a_subgraph_that_mostly_fails_is_left_alone_and_then_tried_once() -> None:
    clock, scripted = Clock(), Scripted(FINE, DOWN, DOWN, DOWN, DOWN, DOWN, FINE)
    transport = BreakingTransport(scripted, "a", Circuit(CONFIG, clock), 30)
    assert await outcomes(transport, 6) == ["200", *["TransportError"] * 3, "CircuitOpen", "CircuitOpen"]
    assert scripted.sent == 4
    clock.now += 6
    assert await outcomes(transport, 2) == ["TransportError", "CircuitOpen"]
    clock.now += 6
    scripted.answers = [FINE]
    assert await outcomes(transport, 3) == ["200", "200", "200"]


async def test_of_an_open_circuit_only_one_request_tries() -> None:
    clock, gate = Clock(), asyncio.Event()

    async def held() -> SubgraphResponse:
        await gate.wait()
        return FINE

    scripted = Scripted(DOWN, DOWN, DOWN, DOWN, held)
    transport = BreakingTransport(scripted, "a", Circuit(CONFIG, clock), 30)
    await outcomes(transport, 4)
    clock.now += 6
    trial = asyncio.create_task(transport.send(request()))
    await asyncio.sleep(0)
    with pytest.raises(CircuitOpen):
        await transport.send(request())
    gate.set()
    assert await trial is FINE
    assert await outcomes(transport, 1) == ["200"]


async def test_few_failures_old_failures_and_clients_that_leave_open_nothing() -> None:
    clock = Clock()
    few = BreakingTransport(Scripted(DOWN, DOWN, DOWN, FINE), "a", Circuit(CONFIG, clock), 30)
    assert "CircuitOpen" not in await outcomes(few, 4)
    clock.now += 100
    assert "CircuitOpen" not in await outcomes(few, 4)

    async def hangs() -> SubgraphResponse:
        await asyncio.Event().wait()
        return FINE

    left = BreakingTransport(Scripted(hangs), "a", Circuit(CONFIG, clock), 30)
    for _ in range(10):
        task = asyncio.create_task(left.send(request()))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    left._transport = Scripted(FINE)
    assert await outcomes(left, 1) == ["200"]


async def test_timeouts_open_the_circuit() -> None:
    async def hangs() -> SubgraphResponse:
        await asyncio.Event().wait()
        return FINE

    slow = BreakingTransport(Scripted(hangs), "a", Circuit(CONFIG), 0.01)
    for _ in range(4):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.015):
                await slow.send(request())
    with pytest.raises(CircuitOpen):
        await slow.send(request())


class Fails:
    """A subgraph in this process that always fails on the way."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b"away"})


async def test_a_router_leaves_a_failing_subgraph_alone_and_answers_the_rest() -> None:
    breaker = CircuitBreakerConfig(enabled=True, min_requests=4)
    defaults = SubgraphDefaults(circuit_breaker=breaker, max_retries=1, retry_budget=0.0)
    failing = Fails()
    query = {"query": "{ me { name } posts { title } }"}
    async with router(RouterConfig(subgraphs=SubgraphsConfig(defaults=defaults)), posts=failing) as routed:
        responses = [await routed.execute(query) for _ in range(20)]
    codes = [response["errors"][0]["extensions"]["code"] for response in responses]
    assert failing.asked <= 6
    assert codes[0] == "SUBREQUEST_HTTP_ERROR"
    assert codes[-1] == "CIRCUIT_BREAKER_OPEN"
    assert all(response["data"]["me"] == {"name": "Ada"} for response in responses)
