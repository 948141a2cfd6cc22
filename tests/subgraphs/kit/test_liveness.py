"""Whether a login goes on: asked of Redis once in a few seconds, and never told from a stale yes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from db.errors import StoreUnavailable
from db.redis import RedisStore, connect
from subgraphs.kit import liveness
from subgraphs.kit.liveness import Liveness
from subgraphs.kit.sessions import Session, Sessions


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(liveness, "time", clock)
    return clock


def in_a_day() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


async def test_a_yes_is_remembered_for_seconds_and_no_longer(valkey: RedisStore, clock: Clock) -> None:
    sessions, known = Sessions(valkey), Liveness(Sessions(valkey))
    await sessions.start("s1", "ann", in_a_day())
    assert await known.is_live("s1", "ann", None)
    await sessions.end("s1")
    assert await known.is_live("s1", "ann", None), "for a moment"
    clock.now += liveness.SECONDS
    assert not await known.is_live("s1", "ann", None)


async def test_a_no_is_never_remembered(valkey: RedisStore) -> None:
    sessions, known = Sessions(valkey), Liveness(Sessions(valkey))
    assert not await known.is_live("s1", "ann", None)
    await sessions.start("s1", "ann", in_a_day())
    assert await known.is_live("s1", "ann", None)


async def test_a_token_of_another_tenant_or_user_is_not_the_sessions(valkey: RedisStore) -> None:
    sessions, known = Sessions(valkey), Liveness(Sessions(valkey))
    await sessions.start("s1", "ann", in_a_day())
    assert await known.is_live("s1", "ann", None)
    await sessions.start("s1", "ann", in_a_day(), "acme")
    assert await known.is_live("s1", "ann", "acme"), "at once"
    assert not await known.is_live("s1", "ann", None), "and the old one is over where the new one was seen"
    assert not await known.is_live("s1", "bob", "acme")


async def test_a_redis_that_is_away_is_asked_once_a_second(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    async def find(_sessions: Sessions, _id: str) -> Session | None:
        nonlocal asked
        asked += 1
        raise StoreUnavailable("nowhere", "refused", "Redis")

    monkeypatch.setattr(Sessions, "find", find)
    away = connect("redis://127.0.0.1:1")
    known = Liveness(Sessions(away))
    for _ in range(5):
        with pytest.raises(StoreUnavailable):
            await known.is_live("s1", "ann", None)
    assert asked == 1
    clock.now += liveness.PAUSE_SECONDS
    with pytest.raises(StoreUnavailable):
        await known.is_live("s1", "ann", None)
    assert asked == 2
    await away.close()
