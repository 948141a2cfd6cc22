"""The cache: quicker than the store, never wiser, never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from db.freshness import has_written, request_scope
from db.redis import RedisStore, connect
from subgraphs.kit.cache import Cache, each
from subgraphs.kit.cached_lists import CachedLists, list_id


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
    return Cache(redis, "user", "profile", str, each(store.load), seconds=900)


async def test_a_second_read_is_answered_by_redis_under_the_documented_key(valkey: RedisStore) -> None:
    store = Store()
    assert await names(valkey, store).get("1") == "Ann"
    assert await names(valkey, store).get("1") == "Ann"
    assert store.loads == 1
    async with valkey.use() as client:
        assert await client.get("aqstream:user:profile:1") == b'"Ann"'
        assert 800 < await client.ttl("aqstream:user:profile:1") <= 990


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
        await client.set("aqstream:user:profile:1", b"\xff not json")
    assert await names(valkey, Store()).get("1") == "Ann"


async def test_a_write_that_redis_did_not_hear_of_is_made_up_for_before_the_next_read(
    valkey: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store()
    cache = names(valkey, store)
    await cache.get("1")
    store.names["1"] = "Anna"
    away = connect("redis://127.0.0.1:1")
    with monkeypatch.context() as patch:
        patch.setattr(cache, "_redis", away)
        await cache.invalidate("1")
    assert await cache.get("1") == "Anna"
    await away.close()


async def test_of_many_only_those_that_are_missing_are_loaded_in_one_go(valkey: RedisStore) -> None:
    asked: list[list[str]] = []

    async def load(identifiers: Sequence[str]) -> Mapping[str, str]:
        asked.append(list(identifiers))
        return {one: one.upper() for one in identifiers if one != "nobody"}

    cache = Cache(valkey, "user", "profile", str, load, seconds=900)
    await cache.get("a")
    assert await cache.get_many(["a", "b", "nobody", "c"]) == {"a": "A", "b": "B", "c": "C"}
    assert asked == [["a"], ["b", "nobody", "c"]]


async def test_a_load_is_of_the_primary_and_marks_nobodys_request(valkey: RedisStore) -> None:
    seen: list[bool] = []

    async def load(_identifier: str) -> str:
        seen.append(has_written())
        return "Ann"

    with request_scope():
        await Cache(valkey, "user", "profile", str, each(load), seconds=900).get("1")
        assert (seen, has_written()) == ([True], False)


class Listed:
    def __init__(self) -> None:
        self.items = ["a"]
        self.loads = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = asyncio.Event()

    async def load(self) -> list[str]:
        self.loads += 1
        self.asked.set()
        items = list(self.items)
        await self.gate.wait()
        return items


def lists(redis: RedisStore) -> CachedLists[list[str]]:
    return CachedLists(redis, "event", "events", list[str], seconds=60)


async def test_a_list_is_kept_for_a_minute_under_the_hash_of_its_parameters(valkey: RedisStore) -> None:
    listed = Listed()
    for city in ("Oslo", "Bergen", "Oslo"):
        assert await lists(valkey).get({"city": city}, listed.load) == ["a"]
    assert listed.loads == 2
    async with valkey.use() as client:
        key = f"aqstream:event:events:{list_id({'city': 'Oslo'})}"
        assert 50 < await client.ttl(key) <= 66


async def test_an_invalidation_is_of_all_lists_and_of_those_that_are_being_loaded(valkey: RedisStore) -> None:
    listed, here, elsewhere = Listed(), lists(valkey), lists(valkey)
    await here.get({"city": "Oslo"}, listed.load)
    listed.asked.clear()
    listed.gate.clear()
    slow = asyncio.create_task(here.get({"city": "Bergen"}, listed.load))
    await listed.asked.wait()
    listed.items = ["b"]
    await elsewhere.invalidate()
    listed.gate.set()
    assert await slow == ["a"]
    assert await here.get({"city": "Bergen"}, listed.load) == ["b"]
    assert await here.get({"city": "Oslo"}, listed.load) == ["b"]


async def test_many_who_miss_a_list_at_once_load_it_once_and_a_dead_redis_is_the_store(
    valkey: RedisStore,
) -> None:
    listed, kept = Listed(), lists(valkey)
    assert await asyncio.gather(*(kept.get({}, listed.load) for _ in range(20))) == [["a"]] * 20
    assert listed.loads == 1
    away = connect("redis://127.0.0.1:1")
    assert await lists(away).get({}, listed.load) == ["a"]
    await lists(away).invalidate()
    await away.close()


def test_a_lists_identifier_does_not_depend_on_the_order_of_its_parameters() -> None:
    assert list_id({"first": 10, "city": "Oslo"}) == list_id({"city": "Oslo", "first": 10})
    assert list_id({"first": 10}) != list_id({"first": 11})
