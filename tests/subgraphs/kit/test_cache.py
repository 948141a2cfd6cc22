"""The cache: quicker than the store, never wiser, never in the way."""

from __future__ import annotations

import asyncio

from db.redis import RedisStore, connect
from subgraphs.kit.cache import Cache, list_id


class Store:
    """What is cached; counts how often it is asked."""

    def __init__(self) -> None:
        self.names = {"1": "Ann"}
        self.loads = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = asyncio.Event()

    async def load(self, identifier: str) -> str | None:
        self.loads += 1
        self.asked.set()
        value = self.names.get(identifier)
        await self.gate.wait()
        return value


def names(redis: RedisStore, store: Store) -> Cache[str]:
    return Cache(redis, "user", "profile", str, store.load, seconds=900)


async def test_a_second_read_is_answered_by_redis_under_the_documented_key(valkey: RedisStore) -> None:
    store = Store()
    assert await names(valkey, store).get("1") == "Ann"
    assert await names(valkey, store).get("1") == "Ann"
    assert store.loads == 1
    async with valkey.use() as client:
        assert await client.get("plait:user:profile:1") == b'"Ann"'
        assert 800 < await client.ttl("plait:user:profile:1") <= 990


async def test_what_is_not_there_is_asked_for_again(valkey: RedisStore) -> None:
    store = Store()
    assert await names(valkey, store).get("2") is None
    store.names["2"] = "Bob"
    assert await names(valkey, store).get("2") == "Bob"


async def test_an_invalidated_value_is_loaded_again(valkey: RedisStore) -> None:
    store = Store()
    cache = names(valkey, store)
    await cache.get("1")
    store.names["1"] = "Anna"
    await cache.invalidate("1")
    assert await cache.get("1") == "Anna"


async def test_many_who_miss_at_once_load_once(valkey: RedisStore) -> None:
    store = Store()
    store.gate.clear()
    cache = names(valkey, store)
    waiting = [asyncio.create_task(cache.get("1")) for _ in range(50)]
    await store.asked.wait()
    store.gate.set()
    assert await asyncio.gather(*waiting) == ["Ann"] * 50
    assert store.loads == 1


async def test_a_load_that_a_write_overtook_is_not_kept(valkey: RedisStore) -> None:
    store = Store()
    store.gate.clear()
    cache, elsewhere = names(valkey, store), names(valkey, store)
    slow = asyncio.create_task(cache.get("1"))
    await store.asked.wait()
    store.names["1"] = "Anna"
    await elsewhere.invalidate("1")
    store.gate.set()
    assert await slow == "Ann"
    assert await cache.get("1") == "Anna"


async def test_one_who_gives_up_does_not_take_the_load_from_the_others(valkey: RedisStore) -> None:
    store = Store()
    store.gate.clear()
    cache = names(valkey, store)
    first, second = asyncio.create_task(cache.get("1")), asyncio.create_task(cache.get("1"))
    await store.asked.wait()
    first.cancel()
    store.gate.set()
    assert await second == "Ann"


async def test_a_dead_redis_means_reading_the_store() -> None:
    store = Store()
    away = connect("redis://127.0.0.1:1")
    cache = names(away, store)
    assert await cache.get("1") == "Ann"
    await cache.invalidate("1")
    assert await cache.get("1") == "Ann"
    assert store.loads == 2
    await away.close()


async def test_a_value_that_cannot_be_read_is_loaded(valkey: RedisStore) -> None:
    async with valkey.use() as client:
        await client.set("plait:user:profile:1", b"\xff not json")
    assert await names(valkey, Store()).get("1") == "Ann"


def test_a_lists_identifier_does_not_depend_on_the_order_of_its_parameters() -> None:
    assert list_id({"first": 10, "city": "Oslo"}) == list_id({"city": "Oslo", "first": 10})
    assert list_id({"first": 10}) != list_id({"first": 11})
