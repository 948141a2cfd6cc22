"""What is read through Redis: seed 002's keys and times, nobody's own, never older than one's own write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from db.redis import RedisStore
from db.redis import connect as redis_at
from subgraphs.kit import patience
from subgraphs.kit.config import CACHED, SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, config_in, data

EVENT = "query($id: ID!) { event(id: $id) { title status } }"
EVENTS = "{ events(first: 50) { nodes { title } } }"
PERSON = "query($id: ID!) { user(id: $id) { username bio email displayName } }"


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 30.0)


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return replace(config_in(tmp_path), cached=CACHED)


@asynccontextmanager
async def running(domain: str, config: SubgraphConfig, store: DomainStore) -> AsyncIterator[Subgraph]:
    async with build_domain(domain, config, store) as subgraph:
        yield subgraph


@pytest.fixture
async def events(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("events", config, stores["events"]) as subgraph:
        yield subgraph


@pytest.fixture
async def users(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("users", config, stores["users"]) as subgraph:
        yield subgraph


@pytest.fixture
async def redis(stores: Mapping[str, DomainStore]) -> AsyncIterator[RedisStore]:
    store = redis_at(str(stores["events"].redis))
    yield store
    await store.close()


async def keys(redis: RedisStore, pattern: str) -> dict[str, int]:
    """The keys of values, and how long each lives on."""
    async with redis.use() as client:
        found = [key.decode() for key in await client.keys(pattern)]
        return {key: await client.ttl(key) for key in found if not key.endswith((":version", ":generation"))}


async def create(events: Subgraph, host: Person, **details: Any) -> str:
    starts = datetime.now(UTC) + timedelta(hours=1)
    times = {"startsAt": starts.isoformat(), "endsAt": (starts + timedelta(hours=2)).isoformat()}
    payload = await act(
        events, "createEvent", host.headers, "event { id }", title="Concert", **times, **details
    )
    return str(payload["event"]["id"])


async def titles(events: Subgraph, headers: Mapping[str, str] | None = None) -> list[str]:
    return [node["title"] for node in (await data(events, EVENTS, headers))["events"]["nodes"]]


async def title(events: Subgraph, event: str, headers: Mapping[str, str] | None = None) -> Any:
    found = (await data(events, EVENT, headers, id=event))["event"]
    return None if found is None else found["title"]


async def behind(store: DomainStore, statement: str, **values: Any) -> None:
    """A change that nobody was told of: who still reads what was there, reads Redis."""
    database = connect(replace(store, url=store.admin_url))
    async with database.primary.begin() as connection:
        await connection.execute(text("RESET ROLE"))
        await connection.execute(text(statement), values)
    await database.close()


async def test_an_event_is_kept_for_five_minutes_and_its_change_is_seen_at_once(
    events: Subgraph, config: SubgraphConfig, redis: RedisStore, stores: Mapping[str, DomainStore]
) -> None:
    ada = Person(config)
    event = await create(events, ada)
    assert await title(events, event) == "Concert"
    (lives,) = (await keys(redis, f"aqstream:event:event:{event}*")).values()
    assert 265 <= lives <= 330
    await behind(stores["events"], "UPDATE events.events SET title = 'Hidden' WHERE id = :id", id=event)
    assert await title(events, event) == await title(events, event, Person(config).headers) == "Concert"
    await act(events, "updateEvent", ada.headers, eventId=event, title="Recital")
    assert await title(events, event) == await title(events, event, ada.headers) == "Recital"


async def test_what_somebody_may_see_never_comes_from_what_another_one_saw(
    events: Subgraph, config: SubgraphConfig, redis: RedisStore
) -> None:
    host, office = Person(config), uuid4()
    draft = await create(events, host, isDraft=True)
    ours = await create(events, Person(config, tenant=office), isDraft=True)
    colleague = Person(config, tenant=office)
    assert await title(events, draft, host.headers) == "Concert"
    assert await title(events, ours, colleague.headers) == "Concert"
    for stranger in (None, Person(config).headers, Person(config, tenant=uuid4()).headers):
        assert await title(events, draft, stranger) is None
        assert await title(events, ours, stranger) is None
        assert await titles(events, stranger) == []
    mine = await data(events, "{ events(filter: {statuses: [DRAFT]}) { nodes { id } } }", host.headers)
    assert [node["id"] for node in mine["events"]["nodes"]] == [draft]
    assert not [key for key in await keys(redis, "aqstream:event:*") if ":list:" not in key]


async def test_lists_of_public_events_live_a_minute_and_go_when_one_is_published_or_cancelled(
    events: Subgraph, config: SubgraphConfig, redis: RedisStore, stores: Mapping[str, DomainStore]
) -> None:
    ada = Person(config)
    draft = await create(events, ada, isDraft=True)
    assert await titles(events) == []
    (lives,) = (await keys(redis, "aqstream:event:events:list:*")).values()
    assert 50 <= lives <= 66
    await act(events, "publishEvent", ada.headers, eventId=draft)
    assert await titles(events) == await titles(events, Person(config).headers) == ["Concert"]
    await behind(stores["events"], "UPDATE events.events SET title = 'Hidden'")
    assert await titles(events) == ["Concert"]
    await act(events, "cancelEvent", ada.headers, eventId=draft)
    assert await titles(events) == []


async def test_a_published_event_that_is_over_is_completed_also_in_redis(
    events: Subgraph, config: SubgraphConfig, redis: RedisStore
) -> None:
    event = await create(events, Person(config))
    await title(events, event)
    key = f"aqstream:event:event:{event}"
    ended = (datetime.now(UTC) - timedelta(minutes=1)).isoformat().encode()
    async with redis.use() as client:
        kept = await client.get(key)
        assert isinstance(kept, bytes)
        ends = kept.split(b'"ends_at":"')[1].split(b'"')[0]
        await client.set(key, kept.replace(ends, ended))
    assert (await data(events, EVENT, id=event))["event"]["status"] == "COMPLETED"


async def test_with_redis_away_the_store_is_read(
    config: SubgraphConfig, stores: Mapping[str, DomainStore]
) -> None:
    away = replace(stores["events"], redis="redis://127.0.0.1:1")
    async with running("events", config, stores["events"]) as events:
        event = await create(events, Person(config))
    async with running("events", config, away) as events:
        assert await title(events, event) == "Concert"
        assert await titles(events) == ["Concert"]


SIGN_UP = "login { accessToken user { id } }"


async def sign_up(users: Subgraph, name: str) -> tuple[str, dict[str, str]]:
    address = f"{name}@plait.example"
    given = {"username": name, "email": address, "password": "correct horse battery"}
    login = (await act(users, "signUp", None, SIGN_UP, **given))["login"]
    return str(login["user"]["id"]), {"Authorization": f"Bearer {login['accessToken']}"}


async def test_a_profile_is_kept_for_a_quarter_of_an_hour_and_its_change_is_seen_at_once(
    users: Subgraph, redis: RedisStore, stores: Mapping[str, DomainStore]
) -> None:
    ada, token = await sign_up(users, "ada")
    assert (await data(users, PERSON, id=ada))["user"]["bio"] is None
    (lives,) = (await keys(redis, f"aqstream:user:profile:{ada}*")).values()
    assert 800 <= lives <= 990
    await behind(stores["users"], "UPDATE users.users SET bio = 'Hidden' WHERE id = :id", id=ada)
    assert (await data(users, PERSON, id=ada))["user"]["bio"] is None
    await act(users, "updateProfile", token, bio="Counts")
    assert (await data(users, PERSON, id=ada))["user"]["bio"] == "Counts"
    await act(users, "updatePrivacy", token, isPrivate=True)
    assert (await data(users, PERSON, id=ada))["user"]["bio"] is None
    await act(users, "deleteAccount", token, password="correct horse battery")
    assert (await data(users, PERSON, id=ada))["user"] is None


async def test_what_a_profile_shows_to_its_owner_is_in_nobodys_cache(
    users: Subgraph, redis: RedisStore
) -> None:
    ada, token = await sign_up(users, "ada")
    _, stranger = await sign_up(users, "eve")
    await act(users, "updatePrivacy", token, profileAudience="NOBODY")
    await act(users, "updateProfile", token, bio="Mine alone")
    asked = (token, None, stranger, None)
    shown = [(await data(users, PERSON, headers, id=ada))["user"] for headers in asked]
    assert [one["bio"] for one in shown] == ["Mine alone", None, None, None]
    assert [one["email"] for one in shown] == ["ada@plait.example", None, None, None]
    async with redis.use() as client:
        kept = await client.get(f"aqstream:user:profile:{ada}")
    assert isinstance(kept, bytes)
    assert b"Mine alone" not in kept
    assert b"ada@plait.example" not in kept


async def test_who_is_blocked_reads_the_store_and_not_what_everybody_sees(users: Subgraph) -> None:
    ada, token = await sign_up(users, "ada")
    eve, stranger = await sign_up(users, "eve")
    assert (await data(users, PERSON, id=ada))["user"]["username"] == "ada"
    await act(users, "blockUser", token, userId=eve)
    assert (await data(users, PERSON, stranger, id=ada))["user"] is None
