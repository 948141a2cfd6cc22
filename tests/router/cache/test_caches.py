"""The bounded map, and work that many ask for at once."""

from __future__ import annotations

import asyncio

import pytest

from router.cache.lru import LRU
from router.cache.single_flight import SingleFlight


def test_what_was_used_longest_ago_is_forgotten() -> None:
    cache: LRU[str, int] = LRU(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.find("a") == 1
    cache.put("c", 3)
    assert [cache.find(key) for key in "abc"] == [1, None, 3]
    assert len(cache) == 2


async def test_work_is_done_once_and_again_after_it_is_done() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    done = 0

    async def work() -> int:
        nonlocal done
        done += 1
        await asyncio.sleep(0)
        return done

    assert await asyncio.gather(*(flights.run("k", work) for _ in range(3))) == [(1, True)] * 3
    assert await flights.run("k", work) == (2, False)


async def test_a_failure_reaches_all_and_is_not_kept() -> None:
    flights: SingleFlight[str, int] = SingleFlight()

    async def fail() -> int:
        await asyncio.sleep(0)
        raise ValueError("no")

    async def succeed() -> int:
        return 1

    results = await asyncio.gather(*(flights.run("k", fail) for _ in range(2)), return_exceptions=True)
    assert [type(result) for result in results] == [ValueError, ValueError]
    assert await flights.run("k", succeed) == (1, False)


async def test_a_follower_that_leaves_takes_nobody_with_it() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    gate = asyncio.Event()

    async def work() -> int:
        await gate.wait()
        return 1

    leader = asyncio.create_task(flights.run("k", work))
    await asyncio.sleep(0)
    follower, leaving = (asyncio.create_task(flights.run("k", work)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(leader, follower) == [(1, True), (1, True)]
    with pytest.raises(asyncio.CancelledError):
        await leaving


def test_what_was_used_longest_ago_goes_when_the_entries_weigh_too_much() -> None:
    cache: LRU[str, int] = LRU(capacity=10, max_weight=100)
    cache.put("a", 1, weight=40)
    cache.put("b", 2, weight=40)
    cache.find("a")
    cache.put("c", 3, weight=30)
    assert (cache.find("a"), cache.find("b"), cache.find("c"), cache.weight) == (1, None, 3, 70)


def test_an_entry_put_again_weighs_what_it_weighs_now() -> None:
    cache: LRU[str, int] = LRU(capacity=10, max_weight=100)
    for weight in (90, 80, 10):
        cache.put("a", weight, weight=weight)
    assert (cache.find("a"), cache.weight, len(cache)) == (10, 10, 1)


def test_what_weighs_more_than_everything_may_is_not_kept() -> None:
    cache: LRU[str, int] = LRU(capacity=10, max_weight=100)
    cache.put("small", 1, weight=10)
    cache.put("huge", 2, weight=101)
    assert (cache.find("small"), cache.find("huge"), cache.weight) == (1, None, 10)
