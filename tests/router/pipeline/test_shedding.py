"""New operations are refused while those that came before wait too long for their turn."""

from __future__ import annotations

import asyncio
import time

import pytest

from router.config import RouterConfig, ServerConfig
from router.pipeline.shedding import INTERVAL, LOOKED_AT, LoadShedder, Overloaded
from tests.support.federation import router

ME = {"query": "{ me { name } }"}


async def busy(shedder: LoadShedder, turns: int, seconds: float) -> list[bool]:
    """Whether an operation was admitted after each turn of the event loop that took so long."""
    admitted = []
    for _ in range(turns):
        time.sleep(seconds)  # noqa: ASYNC251 - the loop is held up on purpose
        await asyncio.sleep(0)
        try:
            shedder.admit()
            admitted.append(True)
        except Overloaded:
            admitted.append(False)
    return admitted


async def test_a_queue_that_lasts_sheds_and_one_long_turn_does_not() -> None:
    shedder = LoadShedder(0.02)
    shedder.admit()
    assert await busy(shedder, 1, 0.3) == [True]
    late = await busy(shedder, 2 * LOOKED_AT + 2, INTERVAL + 0.06)
    assert late[0]
    assert not late[-1]


async def test_after_the_queue_operations_are_admitted_again() -> None:
    shedder = LoadShedder(0.02)
    shedder.admit()
    assert not all(await busy(shedder, 2 * LOOKED_AT + 2, INTERVAL + 0.06))
    for _ in range(100):
        await asyncio.sleep(INTERVAL)
        try:
            shedder.admit()
            return
        except Overloaded:
            continue
    pytest.fail("it sheds although nothing waits")


async def test_the_refusal_says_when_to_come_again() -> None:
    config = RouterConfig(server=ServerConfig(max_queue_seconds=0.02))
    async with router(config) as routed:
        assert "data" in await routed.execute(ME)
        shedder = routed.engine._shedder
        assert shedder is not None
        shedder._lateness.extend([1.0] * LOOKED_AT)
        refused = await routed.execute(ME)
    assert refused["errors"][0]["extensions"]["code"] == "ROUTER_OVERLOADED"
    assert (Overloaded().status, Overloaded().headers) == (503, (("retry-after", "1"),))
