"""Deadlines on one timer: who is late is cancelled, who is not goes on."""

from __future__ import annotations

import asyncio

import pytest

from router.executor.deadlines import Deadlines


async def test_each_fetch_has_its_own_deadline_whatever_their_order() -> None:
    deadlines = Deadlines(asyncio.get_running_loop())
    begin = deadlines.now()
    late: list[float] = []

    async def wait(seconds: float) -> None:
        try:
            await deadlines.within(begin + seconds, asyncio.Event().wait())
        except TimeoutError:
            late.append(seconds)

    await asyncio.gather(wait(0.06), wait(0.02), wait(0.04))
    assert late == [0.02, 0.04, 0.06]
    deadlines.close()


async def test_what_is_done_in_time_is_returned_and_the_task_can_wait_again() -> None:
    deadlines = Deadlines(asyncio.get_running_loop())
    assert await deadlines.within(deadlines.now() + 5, asyncio.sleep(0, "first")) == "first"
    with pytest.raises(TimeoutError):
        await deadlines.within(deadlines.now() + 0.01, asyncio.Event().wait())
    assert await deadlines.within(deadlines.now() + 5, asyncio.sleep(0, "then")) == "then"
    deadlines.close()


async def test_cancelling_from_outside_is_no_timeout() -> None:
    deadlines = Deadlines(asyncio.get_running_loop())
    task = asyncio.create_task(deadlines.within(deadlines.now() + 5, asyncio.Event().wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    deadlines.close()
