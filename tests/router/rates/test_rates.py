"""How often clients may ask: who shares a limit, what they hear, and Redis going away in the middle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from db.redis import RedisStore
from router.config import RateLimit, RateLimitsConfig, RouterConfig
from router.errors import ConfigError
from router.rates.gcra import MemoryRates
from router.rates.limits import RateLimited, RateLimits, client_key
from router.rates.shared import RedisRates
from tests.support.federation import router, users
from tests.support.valkey import empty_redis, shared_valkey

ME = {"query": "{ me { name } }"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def limited(**rule: Any) -> RouterConfig:
    rule = {"name": "all", "count": 2, "seconds": 60.0, **rule}
    return RouterConfig(rate_limits=RateLimitsConfig(rules=(RateLimit(**rule),)))


async def test_as_many_as_allowed_come_at_once_and_then_one_for_each_interval() -> None:
    clock = Clock()
    rates = MemoryRates(clock)
    assert [await rates.take("k", 3, 30) for _ in range(5)] == [0, 0, 0, 10, 10]
    clock.now += 10
    assert [await rates.take("k", 3, 30) for _ in range(2)] == [0, 10]
    clock.now += 1000
    assert [await rates.take("k", 3, 30) for _ in range(4)] == [0, 0, 0, 10]
    assert await rates.take("other", 3, 30) == 0


async def test_of_too_many_keys_those_used_longest_ago_are_forgotten() -> None:
    rates = MemoryRates(Clock(), capacity=10)
    for number in range(1000):
        await rates.take(str(number), 1, 60)
    assert len(rates._arrivals) == 10


async def test_who_asks_too_often_hears_when_to_come_again_and_nobody_is_asked() -> None:
    watched = users()
    async with router(limited(), users=watched) as routed:
        responses = [await routed.execute(ME) for _ in range(3)]
        refused = responses[2]["errors"][0]
        with pytest.raises(RateLimited) as caught:
            await routed.engine.run(*await request_of(routed))
    assert [("data" in response) for response in responses] == [True, True, False]
    assert refused["extensions"]["code"] == "REQUEST_RATE_LIMITED"
    assert len(watched.requests) == 2
    assert caught.value.status == 429
    ((name, value),) = caught.value.headers
    assert name == "retry-after"
    assert 0 < int(value) <= 30


async def request_of(routed: Any) -> tuple[Any, Any]:
    from router.pipeline.decode import request_of as read

    return read(dict(ME)), await routed.engine.context({})


V6 = "2001:db8:1:2"
KEYS = [
    ({"by": "ip"}, {"x-forwarded-for": "10.0.0.1"}, None, "ip 10.0.0.1"),
    ({"by": "ip"}, {"x-forwarded-for": f"{V6}::1"}, None, f"ip {V6}::/64"),
    ({"by": "ip"}, {"x-forwarded-for": f"{V6}:ffff::2"}, None, f"ip {V6}::/64"),
    ({"by": "ip"}, {"x-forwarded-for": "::ffff:10.0.0.1"}, None, "ip 10.0.0.1"),
    ({"by": "ip"}, {}, None, "ip "),
    ({"by": "all"}, {"x-forwarded-for": "10.0.0.1"}, None, "all"),
    ({"by": "client"}, {"apollographql-client-name": "web"}, None, "client web"),
    ({"by": "client"}, {"x-forwarded-for": "10.0.0.1"}, None, "ip 10.0.0.1"),
    ({"by": "header", "key": "X-Key"}, {"x-key": "abc"}, None, "header abc"),
    ({"by": "header", "key": "X-Key"}, {"x-key": "", "x-forwarded-for": "10.0.0.1"}, None, "ip 10.0.0.1"),
    ({"by": "claim", "key": "sub"}, {}, {"sub": "ada"}, "claim ada"),
    ({"by": "claim", "key": "sub"}, {"x-forwarded-for": "10.0.0.1"}, None, "ip 10.0.0.1"),
]


@pytest.mark.parametrize(("rule", "headers", "claims", "key"), KEYS)
def test_who_shares_a_limit(rule: Any, headers: Any, claims: Any, key: str) -> None:
    assert client_key(RateLimit(name="n", count=1, seconds=1.0, **rule), headers, claims) == key


async def test_every_rule_has_to_let_through() -> None:
    wide = RateLimit(name="wide", by="all", count=3, seconds=60.0)
    narrow = RateLimit(name="narrow", by="header", key="x-key", count=1, seconds=60.0)
    limits = RateLimits((wide, narrow), MemoryRates())
    for number in range(3):
        await limits.take({"x-key": str(number)}, None)
    with pytest.raises(RateLimited, match='limit "wide"'):
        await limits.take({"x-key": "new"}, None)


def patient(clock: Callable[[], float] = time.monotonic) -> RedisRates:
    """A busy machine may take longer to answer than a request should wait."""
    return RedisRates(shared_valkey().url, clock, answer_seconds=30)


async def test_routers_count_together_in_redis() -> None:
    async with empty_redis():
        one, other = patient(), patient()
        taken = await asyncio.gather(*(each.take("k", 5, 60) for _ in range(10) for each in (one, other)))
        assert sum(wait == 0 for wait in taken) == 5
        assert all(0 < wait <= 60 for wait in taken if wait)
        await one.aclose()
        await other.aclose()


async def test_a_redis_that_is_away_opens_nothing_and_holds_nobody_up() -> None:
    clock = Clock()
    rates = RedisRates("redis://127.0.0.1:1/0", clock)
    waits = [await rates.take("k", 3, 60) for _ in range(5)]
    assert [wait == 0 for wait in waits] == [True, True, True, False, False]
    await rates.aclose()


async def test_a_redis_that_comes_back_is_asked_again() -> None:
    async with empty_redis() as store:
        clock = Clock()
        rates = patient(clock)
        rates._away_until = clock.now + 1
        assert await rates.take("k", 1, 60) == 0
        clock.now += 2
        assert await rates.take("k", 1, 60) == 0
        await asserts_kept(store)
        assert await rates.take("k", 1, 60) > 0
        await rates.aclose()


async def asserts_kept(store: RedisStore) -> None:
    async with store.use() as client:
        assert await client.keys("plait:router:limit:*")


@pytest.mark.parametrize("url", ["nonsense", "http://127.0.0.1", "redis://127.0.0.1:port"])
def test_an_address_that_is_none_is_said_at_the_start(url: str) -> None:
    with pytest.raises(ConfigError, match="redis_url"):
        RedisRates(url)
