"""Rate limits: exact, shared by all processes, and what they do when they cannot be checked."""

from __future__ import annotations

import asyncio

import pytest

from db.redis import RedisStore, connect
from subgraphs.kit.rate_limit import Limit, RateLimited, RateLimiter

LOGIN = Limit("login", count=5, seconds=60, closed=True)
READS = Limit("reads", count=5, seconds=60)
QUICK = Limit("quick", count=2, seconds=0.2)


async def taken(limiter: RateLimiter, limit: Limit, times: int) -> int:
    async def one() -> bool:
        try:
            await limiter.take(limit, "203.0.113.7")
        except RateLimited:
            return False
        return True

    return sum(await asyncio.gather(*(one() for _ in range(times))))


async def test_of_many_at_once_exactly_as_many_as_allowed_get_through(valkey: RedisStore) -> None:
    other = connect(f"unix://{valkey.target}")
    both = (RateLimiter(valkey), RateLimiter(other))
    assert sum(await asyncio.gather(*(taken(one, LOGIN, 30) for one in both))) == 5
    await other.close()


async def test_a_counter_of_a_minute_is_gone_after_a_minute(valkey: RedisStore) -> None:
    await taken(RateLimiter(valkey), LOGIN, 5)
    async with valkey.use() as client:
        left = [await client.pttl(key) for key in await client.keys("*login*")]
    assert len(left) == 1
    assert 0 < left[0] <= 60_000


async def test_a_refusal_says_how_long_to_wait(valkey: RedisStore) -> None:
    limiter = RateLimiter(valkey)
    await taken(limiter, LOGIN, 5)
    with pytest.raises(RateLimited) as caught:
        await limiter.take(LOGIN, "203.0.113.7")
    assert caught.value.facts == {"retryAfterSeconds": 12}
    assert caught.value.code == "RATE_LIMITED"


async def test_who_waits_gets_through_and_others_are_not_held_up(valkey: RedisStore) -> None:
    limiter = RateLimiter(valkey)
    assert await taken(limiter, QUICK, 5) == 2
    await limiter.take(QUICK, "somebody else")
    await asyncio.sleep(0.11)
    assert await taken(limiter, QUICK, 5) == 1


async def test_a_refused_attempt_does_not_prolong_the_wait(valkey: RedisStore) -> None:
    limiter = RateLimiter(valkey)
    await taken(limiter, QUICK, 200)
    await asyncio.sleep(0.21)
    assert await taken(limiter, QUICK, 5) == 2


@pytest.mark.parametrize("back", [3600, 86400 * 365])
async def test_a_redis_whose_clock_went_back_locks_nobody_out(valkey: RedisStore, back: int) -> None:
    """What it noted then is that much in the future now."""
    limiter = RateLimiter(valkey)
    assert await taken(limiter, LOGIN, 10) == 5
    async with valkey.use() as client:
        (key,) = await client.keys("plait:limit:*")
        noted = float(await client.get(key))
        await client.set(key, noted + back * 1000)
    assert await taken(limiter, LOGIN, 10) == 5, "from zero, and no more than that"
    assert await taken(limiter, LOGIN, 10) == 0


async def test_of_odd_limits_exactly_as_many_as_allowed_get_through(valkey: RedisStore) -> None:
    """Their interval is no whole number: rounding is no clock that went back."""
    for count in (3, 7, 11, 13):
        assert await taken(RateLimiter(valkey), Limit(f"odd{count}", count, 61), 40) == count


async def test_without_redis_logins_are_refused_and_reads_go_on() -> None:
    away = connect("redis://127.0.0.1:1")
    assert await taken(RateLimiter(away), LOGIN, 1) == 0
    assert await taken(RateLimiter(away), READS, 20) == 20
    await away.close()


async def test_a_hostile_name_is_as_good_as_any(valkey: RedisStore) -> None:
    limiter = RateLimiter(valkey)
    await limiter.take(LOGIN, "\ud800" + "x" * 100_000 + "\r\nFLUSHALL")
    async with valkey.use() as client:
        assert all(len(key) < 100 for key in await client.keys("*"))
