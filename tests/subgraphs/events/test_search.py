"""Events and venues by name, and the job that completes what is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain, work_for
from tests.subgraphs.support import code, config_in, data

EVENT = """INSERT INTO events (host_id, title, status, starts_at, ends_at, published_at)
    VALUES (gen_random_uuid(), :title, CAST(:status AS text), now() - interval '2 h',
        now() + CASE WHEN CAST(:over AS boolean) THEN interval '-1 h' ELSE interval '1 h' END,
        CASE WHEN CAST(:status AS text) <> 'DRAFT' THEN now() END)"""


@pytest.fixture
async def events(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Subgraph]:
    async with build_domain("events", config_in(tmp_path), stores["events"]) as subgraph:
        yield subgraph


async def write(stores: Mapping[str, DomainStore], statement: str, **values: Any) -> Any:
    database = connect(stores["events"])
    async with database.write() as session:
        await session.execute(text("SELECT set_config('app.is_admin', 'on', true)"))
        result = await session.execute(text(statement), values)
        rows = [tuple(row) for row in result] if result.returns_rows else []
    await database.close()
    return rows


async def test_events_are_found_that_are_published_and_not_over(
    events: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    for title, status, over in (
        ("Jazz Night", "PUBLISHED", False),
        ("Late jazz", "PUBLISHED", False),
        ("Jazz yesterday", "PUBLISHED", True),
        ("Jazz off", "CANCELLED", False),
        ("Jazz secret", "DRAFT", False),
    ):
        await write(stores, EVENT, title=title, status=status, over=over)
    listed = await data(events, '{ searchEvents(text: "JAZZ") { totalCount nodes { title } } }')
    assert listed["searchEvents"] == {
        "totalCount": 2,
        "nodes": [{"title": "Jazz Night"}, {"title": "Late jazz"}],
    }


async def test_no_word_of_a_draft_is_kept_outside_its_row(stores: Mapping[str, DomainStore]) -> None:
    await write(stores, EVENT, title="Hush hush", status="DRAFT", over=False)
    assert await write(stores, "SELECT word FROM events_vocabulary") == []
    assert await write(stores, "SELECT rest FROM events_words") == []
    await write(stores, "UPDATE events SET status = 'PUBLISHED', published_at = now()")
    assert await write(stores, "SELECT rest FROM events_words ORDER BY 1") == [("hush",), ("hush hush",)]


async def test_venues_are_found_by_name(events: Subgraph, stores: Mapping[str, DomainStore]) -> None:
    venue = "INSERT INTO venues (name, address, city, latitude, longitude) VALUES (:name, 'x', 'x', 1, 1)"
    for name in ("Kulturhaus Süd", "Café Süden", "Halle"):
        await write(stores, venue, name=name)
    listed = await data(events, '{ searchVenues(text: "sud") { nodes { name } } }')
    assert listed["searchVenues"]["nodes"] == [{"name": "Kulturhaus Süd"}, {"name": "Café Süden"}]


async def test_venues_found_can_be_narrowed_to_a_town(
    events: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    venue = "INSERT INTO venues (name, address, city, latitude, longitude) VALUES ('Halle', 'x', :city, 1, 1)"
    for city in ("Köln", "Bonn"):
        await write(stores, venue, city=city)
    query = 'query($f: VenueFilter) { searchVenues(text: "hall", filter: $f) { totalCount nodes { city } } }'
    listed = await data(events, query, f={"city": "KOLN"})
    assert listed["searchVenues"] == {"totalCount": 1, "nodes": [{"city": "Köln"}]}
    assert await code(events, query, f={"city": "a\0b"}) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ({"category": "MUSIC"}, ["Jazz one"]),
        ({"startsAfter": "2030-01-01T12:00:00Z"}, ["Jazz two"]),
        ({"startsBefore": "2030-01-01T12:00:00+01:00"}, ["Jazz one"]),
        ({"endsBefore": "2030-01-01T13:00:00Z"}, ["Jazz one"]),
        ({"venueId": str(UUID(int=5))}, ["Jazz two"]),
        ({"organizationId": str(UUID(int=7))}, ["Jazz one"]),
        ({"category": "MUSIC", "venueId": str(UUID(int=5))}, []),
        ({"category": None}, ["Jazz one", "Jazz two"]),
    ],
)
async def test_events_found_can_be_narrowed(
    events: Subgraph, stores: Mapping[str, DomainStore], wanted: Any, titles: list[str]
) -> None:
    await write(
        stores,
        """INSERT INTO venues (id, name, address, city, latitude, longitude)
            VALUES (CAST(:id AS uuid), 'Hall', 'x', 'x', 1, 1)""",
        id=UUID(int=5),
    )
    event = """INSERT INTO events (host_id, title, category, venue_id, tenant_id, status, starts_at, ends_at,
            published_at)
        VALUES (gen_random_uuid(), :title, :category, CAST(:venue AS uuid), CAST(:tenant AS uuid),
            'PUBLISHED',
            CAST(:starts AS timestamptz), CAST(:starts AS timestamptz) + interval '1 h', now())"""
    noon = datetime(2030, 1, 1, 10, tzinfo=UTC)
    await write(
        stores, event, title="Jazz one", category="MUSIC", venue=None, tenant=UUID(int=7), starts=noon
    )
    later = noon + timedelta(hours=3)
    await write(stores, event, title="Jazz two", category="ART", venue=UUID(int=5), tenant=None, starts=later)
    query = """query($f: EventSearchFilter) {
        searchEvents(text: "jazz", filter: $f) { totalCount nodes { title } } }"""
    listed = (await data(events, query, f=wanted))["searchEvents"]
    assert [node["title"] for node in listed["nodes"]] == titles
    assert listed["totalCount"] == len(titles)


async def test_the_worker_completes_what_is_over(stores: Mapping[str, DomainStore], tmp_path: Path) -> None:
    await write(stores, "DELETE FROM periodic_jobs")
    await write(stores, EVENT, title="Over", status="PUBLISHED", over=True)
    await write(stores, EVENT, title="On", status="PUBLISHED", over=False)
    done = [("On", "PUBLISHED"), ("Over", "COMPLETED")]
    async with work_for("events", config_in(tmp_path), stores["events"]) as has_any:
        assert has_any
        for _ in range(100):
            if await write(stores, "SELECT title, status FROM events ORDER BY title") == done:
                break
            await asyncio.sleep(0.1)
    assert await write(stores, "SELECT title, status FROM events ORDER BY title") == done
