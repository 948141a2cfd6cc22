"""Slots are taken and given back in order, and none is lost by those that stop waiting."""

from __future__ import annotations

import asyncio

import pytest

from router.transport.slots import Slots


async def holding(slots: Slots, log: list[str], name: str, free: asyncio.Event) -> None:
    if not slots.take():
        await slots.wait()
    try:
        log.append(name)
        await free.wait()
    finally:
        slots.give_back()


async def test_those_that_wait_are_served_in_the_order_they_came() -> None:
    slots, log, free = Slots(1), list[str](), asyncio.Event()
    free.set()
    assert slots.take()
    waiting = [asyncio.create_task(holding(slots, log, name, free)) for name in "abc"]
    await asyncio.sleep(0)
    slots.give_back()
    await asyncio.gather(*waiting)
    assert log == ["a", "b", "c"]
    assert slots.take()
    assert not slots.take()


async def test_one_that_stops_waiting_is_passed_over() -> None:
    slots, log, free = Slots(1), list[str](), asyncio.Event()
    free.set()
    assert slots.take()
    leaves, stays = (asyncio.create_task(holding(slots, log, name, free)) for name in "ab")
    await asyncio.sleep(0)
    leaves.cancel()
    await asyncio.sleep(0)
    slots.give_back()
    await stays
    assert log == ["b"]
    assert slots.take()


async def test_one_that_is_cancelled_as_its_turn_comes_hands_it_on() -> None:
    slots, log, free = Slots(1), list[str](), asyncio.Event()
    free.set()
    assert slots.take()
    leaves, stays = (asyncio.create_task(holding(slots, log, name, free)) for name in "ab")
    await asyncio.sleep(0)
    slots.give_back()
    leaves.cancel()
    await stays
    with pytest.raises(asyncio.CancelledError):
        await leaves
    assert log == ["b"]
    assert slots.take()
