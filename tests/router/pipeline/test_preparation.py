"""Preparing an operation: once, in bounded time and memory, and never in the way of others."""

from __future__ import annotations

import asyncio
import gc
import itertools
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from router import Router
from router.config import CacheConfig, ExecutionConfig, RouterConfig
from router.pipeline import prepare
from router.pipeline.bounded_thread import BoundedThread, Overrun
from tests.support.federation import SUPERGRAPH, router

ME = {"query": "{ me { name } }"}
BOMB = {"query": "query Bomb { me { name } }"}


class Endless:
    """A planner that never comes to an end for the operation named Bomb."""

    def __init__(self, planner: Any) -> None:
        self._planner = planner
        self.started = threading.Event()

    def plan(self, document: Any, operation_name: str | None = None, **more: Any) -> Any:
        if "Bomb" in document.loc.source.body:
            self.started.set()
            for _ in itertools.count():
                pass
        return self._planner.plan(document, operation_name=operation_name, **more)


def with_endless_planner(**execution: float) -> tuple[Router, Endless]:
    routed = router(RouterConfig(execution=ExecutionConfig(**execution)))  # type: ignore[arg-type]
    preparation = routed.engine.pipeline.preparation
    endless = Endless(preparation._planner)
    preparation._planner = endless
    return routed, endless


def code(response: dict[str, Any]) -> str:
    (error,) = response["errors"]
    return str(error["extensions"]["code"])


async def test_a_preparation_that_takes_too_long_is_stopped_and_the_next_one_runs() -> None:
    routed, _ = with_endless_planner(preparation_timeout_seconds=0.05)
    async with routed:
        bomb, good = await asyncio.gather(routed.execute(BOMB), routed.execute(ME))
    assert code(bomb) == "GATEWAY_TIMEOUT"
    assert good == {"data": {"me": {"name": "Ada"}}}


async def test_a_request_waits_for_a_preparation_no_longer_than_its_operation_may_take() -> None:
    routed, _ = with_endless_planner(operation_timeout_seconds=0.05, preparation_timeout_seconds=60)
    async with routed:
        assert code(await routed.execute(BOMB)) == "GATEWAY_TIMEOUT"


async def test_closing_the_router_stops_a_preparation_that_runs() -> None:
    routed, endless = with_endless_planner(preparation_timeout_seconds=60, operation_timeout_seconds=60)
    async with routed:
        asking = asyncio.create_task(routed.execute(BOMB))
        await asyncio.to_thread(endless.started.wait, 10)
        (thread,) = (one for one in threading.enumerate() if one.name.startswith("prepare"))
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await asyncio.to_thread(thread.join, 10)
    assert not thread.is_alive()


async def test_work_in_a_bounded_thread_is_stopped_in_the_middle_of_a_librarys_loop() -> None:
    thread = BoundedThread("test", 0.05)
    with pytest.raises(Overrun):
        await thread.run(lambda: sum(itertools.takewhile(lambda _: True, itertools.count())))
    assert await thread.run(lambda: 1) == 1
    thread.close()


async def test_what_is_stopped_leaves_no_exception_behind_for_the_next() -> None:
    thread = BoundedThread("test", 0.0)
    results = await asyncio.gather(
        *(thread.run(lambda: sum(range(2000))) for _ in range(200)), return_exceptions=True
    )
    assert {type(result) for result in results} <= {int, Overrun}
    relaxed = BoundedThread("test", 60)
    assert await relaxed.run(lambda: 2) == 2
    thread.close()
    relaxed.close()


async def test_prepared_operations_are_kept_within_their_bytes() -> None:
    limit = 2_000_000
    async with router(RouterConfig(cache=CacheConfig(prepared_operations_max_bytes=limit))) as routed:
        prepared = routed.engine.pipeline.preparation._prepared
        for number in range(20):
            comment = f"# {number} " + "x" * 200_000
            assert "errors" not in await routed.execute({"query": f"{{ me {{ name }} }} {comment}"})
        assert 0 < len(prepared) < 10
        assert 0 < prepared.weight <= limit


@pytest.fixture
def without_collector() -> Iterator[None]:
    """As good as in a server, which lets it look at what is old about never."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def classes() -> int:
    return sum(isinstance(each, msgspec.StructMeta) for each in gc.get_objects())


async def test_operations_that_are_kept_no_longer_take_no_memory_either(
    without_collector: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "MAX_GIVEN_UP_BYTES", 1_000_000)
    async with router(RouterConfig(cache=CacheConfig(prepared_operations=2))) as routed:
        before = classes()
        for number in range(200):
            assert "errors" not in await routed.execute({"query": f"{{ k{number}: me {{ name }} }}"})
        assert classes() - before < 4 * 200, "of five that each operation has; typing keeps some"


async def test_nothing_is_kept_prepared_for_a_supergraph_that_was_replaced(without_collector: None) -> None:
    async with router() as routed:
        old = routed.engine.pipeline.preparation
        await routed.execute(ME)
        assert len(old) == 1
        await routed.replace_supergraph(SUPERGRAPH)
        assert len(old) == 0


async def test_nesting_as_deep_as_the_parser_goes_is_an_answer_and_not_a_fault_of_ours(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with router() as routed:
        for depth in (60, 120, 150, 190, 240, 400):
            query = "{ me { " + "posts { author { " * (depth // 2) + "id" + " } }" * (depth // 2) + " } }"
            response = await routed.execute({"query": query})
            codes = {error["extensions"]["code"] for error in response.get("errors", ())}
            assert "INTERNAL_SERVER_ERROR" not in codes, depth
    assert not caplog.records
