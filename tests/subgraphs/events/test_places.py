"""What is near and what lies in a box: the same on either adapter as in plain arithmetic over all events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.config import DomainStore
from db.migrate import upgrade
from db.places import Box, Circle, Point, metres_between, within
from db.postgres import Database, connect
from db.urls import parse_url
from subgraphs.events.repository import PostgresEventSearchRepository
from subgraphs.events.searches import EventSearch, by_distance
from subgraphs.events.values import EventSearchFilter
from subgraphs.kit.pages import PageRequest
from tests.support.postgres15 import MISSING, is_installed, postgres15

PUT = """INSERT INTO events (host_id, title, status, starts_at, ends_at, published_at, latitude, longitude)
    SELECT gen_random_uuid(), 'x', 'PUBLISHED', now(), now() + interval '1 h', now(), a, b
    FROM unnest(CAST(:latitudes AS float8[]), CAST(:longitudes AS float8[])) AS p (a, b)"""
CUBE, POSTGIS = "cube", "postgis"
RANDOM = Random(2)
EDGES = ((90, 0), (90, 77), (-90, 0), (0, 180), (0, -180), (60, 179.9), (60, -179.9), (0, 0), (-0.0001, 0))
EVERYWHERE = tuple(Point(RANDOM.uniform(-90, 90), RANDOM.uniform(-180, 180)) for _ in range(150))
AROUND = tuple(Point(52.5 + RANDOM.gauss(0, 0.2), 13.4 + RANDOM.gauss(0, 0.3)) for _ in range(150))
PLACES = (*(Point(*each) for each in EDGES), *EVERYWHERE, *AROUND)
CIRCLES = (
    *((Point(52.5, 13.4), km) for km in (0.001, 5, 30, 1000)),
    *((of, km) for of in (Point(89.9, 10), Point(60, 180), Point(0, -179.99)) for km in (20, 3000)),
    (Point(-90, 5), 20_016),
    (Point(12.3, 45.6), 20_016),
)
BOXES = (
    Box(52, 13, 53, 14),
    Box(-10, 170, 70, -170),
    Box(80, -180, 90, 180),
    Box(-90, -180, 90, 180),
    Box(0, 0, 0, 0),
    Box(-45, 100, 45, -100),
    Box(-90, 0, -80, 1),
    Box(10, 180, 60, -180),
)


@pytest.fixture(params=[CUBE, POSTGIS])
async def searches(
    request: pytest.FixtureRequest, stores: Mapping[str, DomainStore]
) -> AsyncIterator[PostgresEventSearchRepository]:
    if request.param == CUBE:
        async for each in _over(stores["events"], CUBE):
            yield each
        return
    if not is_installed():
        pytest.skip(MISSING)
    with postgres15() as admin_url:
        url = parse_url(admin_url).set(username="plait_events").render_as_string(hide_password=False)
        await _administer(admin_url, "CREATE EXTENSION postgis")
        store = DomainStore("events", url, admin_url)
        await upgrade(store)
        async for each in _over(store, POSTGIS):
            yield each


async def _over(store: DomainStore, adapter: str) -> AsyncIterator[PostgresEventSearchRepository]:
    chosen = await _administer(store.admin_url, "SET search_path = events", "SELECT choose_places()")
    assert chosen == adapter
    database = connect(store)
    await _put(database, PLACES)
    yield PostgresEventSearchRepository(database)
    await database.close()


async def _administer(admin_url: str, *statements: str) -> Any:
    engine = create_async_engine(parse_url(admin_url))
    async with engine.begin() as connection:
        for statement in statements:
            result = await connection.execute(text(statement))
        value = result.scalar() if result.returns_rows else None
    await engine.dispose()
    return value


async def _put(database: Database, places: Sequence[Point]) -> None:
    async with database.write() as session:
        await session.execute(text("SELECT set_config('app.is_admin', 'on', true)"))
        given = {"latitudes": [p.latitude for p in places], "longitudes": [p.longitude for p in places]}
        await session.execute(text(PUT), given)


async def nearest(searches: PostgresEventSearchRepository, search: EventSearch) -> list[Point]:
    """All of them, page by page."""
    assert search.near is not None
    found: list[Point] = []
    window = PageRequest(by_distance(search.near.of), 100)
    while True:
        page = await searches.list_nearest(search, None, window)
        found += [each.event.place for each in page.items if each.event.place is not None]
        if not page.has_next:
            return found
        window = PageRequest(window.ordering, 100, after=page.items[-1].position)


@pytest.mark.timeout(300)  # Debian's server is made and migrated first
async def test_either_adapter_finds_what_is_near_in_order_and_what_lies_in_a_box(
    searches: PostgresEventSearchRepository,
) -> None:
    anything = EventSearchFilter()
    for of, km in CIRCLES:
        found = await nearest(searches, EventSearch(anything, Circle(of, km * 1000)))
        metres = [metres_between(of, each) for each in found]
        assert all(later > earlier - 1 for earlier, later in pairwise(metres)), (of, km)
        inside = [each for each in PLACES if metres_between(of, each) <= km * 1000 - 1]
        around = [each for each in PLACES if metres_between(of, each) <= km * 1000 + 1]
        assert len(inside) <= len(found) <= len(around), (of, km)
        assert set(inside) <= set(found) <= set(around), (of, km)
    for box in BOXES:
        search = EventSearch(anything, None, within(box))
        assert await searches.count(search, None) == sum(_lies_in(box, each) for each in PLACES), box


def _lies_in(box: Box, place: Point) -> bool:
    if not box.south <= place.latitude <= box.north:
        return False
    if abs(place.latitude) == 90:
        return True
    width = box.east - box.west if box.west <= box.east else box.east - box.west + 360
    return (place.longitude - box.west) % 360 <= width or width == 360
