"""Events and venues by name, and the job that completes what is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain, work_for
from tests.subgraphs.support import config_in, data

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
