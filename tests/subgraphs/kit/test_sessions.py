"""Sessions in Redis: seed 000's key and value, ended at once and everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from db.errors import StoreUnavailable
from db.redis import RedisStore, connect
from subgraphs.kit.sessions import Sessions


def in_a_day() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


async def test_a_session_is_the_documented_key_and_value_and_ends_by_itself(valkey: RedisStore) -> None:
    ends = in_a_day()
    await Sessions(valkey).start("s1", "ann", ends)
    async with valkey.use() as client:
        kept = orjson.loads(await client.get("session:s1") or b"")
        assert kept["user_id"] == "ann"
        assert datetime.fromisoformat(kept["expires_at"]) == ends
        assert 86_000 < await client.ttl("session:s1") <= 86_400
        assert 86_000 < await client.ttl("user:sessions:ann") <= 86_400


async def test_a_session_is_live_for_its_user_until_it_is_ended(valkey: RedisStore) -> None:
    sessions = Sessions(valkey)
    await sessions.start("s1", "ann", in_a_day())
    assert await sessions.is_live("s1", "ann")
    assert not await sessions.is_live("s1", "bob")
    await sessions.end("s1")
    assert not await sessions.is_live("s1", "ann")


async def test_all_sessions_of_a_user_end_but_the_one_that_asks(valkey: RedisStore) -> None:
    sessions = Sessions(valkey)
    started = {"s1": "ann", "s2": "ann", "s3": "bob"}
    for name, user in started.items():
        await sessions.start(name, user, in_a_day())
    await sessions.end_all("ann", but="s2")
    live = [
        name
        for name, user in (("s1", "ann"), ("s2", "ann"), ("s3", "bob"))
        if await sessions.is_live(name, user)
    ]
    assert live == ["s2", "s3"]


async def test_one_that_is_over_is_not_started(valkey: RedisStore) -> None:
    sessions = Sessions(valkey)
    await sessions.start("s1", "ann", datetime.now(UTC) - timedelta(seconds=1))
    assert await sessions.find("s1") is None


async def test_who_asks_hears_that_redis_is_away() -> None:
    away = connect("redis://127.0.0.1:1")
    with pytest.raises(StoreUnavailable):
        await Sessions(away).is_live("s1", "ann")
    await away.close()
