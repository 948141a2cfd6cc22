"""Deadlines on one timer: who is late is cancelled, who is not goes on."""

from __future__ import annotations

import asyncio

import pytest

from router.executor.deadlines import running_deadlines


async def test_each_fetch_has_its_own_deadline_whatever_their_order() -> None:
    deadlines = running_deadlines()
    begin = deadlines.now()
    late: list[float] = []

    async def wait(seconds: float) -> None:
        try:
            await deadlines.within(begin + seconds, asyncio.Event().wait())
        except TimeoutError:
            late.append(seconds)

    await asyncio.gather(wait(0.06), wait(0.02), wait(0.04))
    assert late == [0.02, 0.04, 0.06]


async def test_what_is_done_in_time_is_returned_and_the_task_can_wait_again() -> None:
    deadlines = running_deadlines()
    assert await deadlines.within(deadlines.now() + 5, asyncio.sleep(0, "first")) == "first"
    with pytest.raises(TimeoutError):
        await deadlines.within(deadlines.now() + 0.01, asyncio.Event().wait())
    assert await deadlines.within(deadlines.now() + 5, asyncio.sleep(0, "then")) == "then"


async def test_cancelling_from_outside_is_no_timeout() -> None:
    deadlines = running_deadlines()
    task = asyncio.create_task(deadlines.within(deadlines.now() + 5, asyncio.Event().wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_one_deadline_inside_another_ends_only_what_it_is_for() -> None:
    deadlines = running_deadlines()

    async def outer() -> str:
        with pytest.raises(TimeoutError):
            await deadlines.within(deadlines.now() + 0.01, asyncio.Event().wait())
        return "goes on"

    assert await deadlines.within(deadlines.now() + 5, outer()) == "goes on"


async def test_a_deadline_around_another_ends_both() -> None:
    deadlines = running_deadlines()
    begin = deadlines.now()
    inner = deadlines.within(begin + 5, asyncio.Event().wait())
    with pytest.raises(TimeoutError):
        await deadlines.within(begin + 0.01, inner)
    both = deadlines.within(begin - 1, asyncio.Event().wait())
    with pytest.raises(TimeoutError):
        await deadlines.within(begin - 1, both)


def test_each_event_loop_has_deadlines_of_its_own() -> None:
    async def late() -> bool:
        deadlines = running_deadlines()
        try:
            await deadlines.within(deadlines.now() + 0.01, asyncio.Event().wait())
        except TimeoutError:
            return deadlines is running_deadlines()
        return False

    assert asyncio.run(late())
    assert asyncio.run(late())
