"""The search for events near a point, in the store: the nearest twenty of a hundred thousand.

    python -m benchmarks.near [--events 100000] [--radius 25] [--runs 15]

A store of its own in an embedded PostgreSQL that is gone afterwards. Half of the events are anywhere, half
around two hundred towns. What is printed is the store's own word, the execution time of EXPLAIN ANALYZE:
planning, the way to the client and Python are not in it. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from benchmarks.slots import analyze
from db.embedded import start_postgres
from db.migrate import upgrade
from db.places import Circle, Point
from db.postgres import Database, connect
from db.provision import create_database
from db.stores import embedded_store
from subgraphs.events.repository.postgres_search import nearest
from subgraphs.events.searches import EventSearch, by_distance
from subgraphs.events.values import EventSearchFilter
from subgraphs.kit.pages import PageRequest

FILL = text("""
    INSERT INTO events (host_id, title, status, starts_at, ends_at, published_at, latitude, longitude)
    SELECT gen_random_uuid(), 'x', 'PUBLISHED', now() + at, now() + at + interval '2 h', now(),
        CASE WHEN g % 2 = 0 THEN degrees(asin(2 * random() - 1)) ELSE 60 * sin(town) + random() / 2 END,
        CASE WHEN g % 2 = 0 THEN 360 * random() - 180 ELSE 170 * sin(7 * town) + random() / 2 END
    FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS g,
        LATERAL (SELECT g % 200 AS town, g % 90 * interval '1 day' AS at) AS drawn""")
AT_ONCE = 5000
TOWN = 77
"""The point is in one of the towns, where hundreds of events are within reach."""
HERE = text("SELECT 60 * sin(CAST(:town AS integer)) + 0.25, 170 * sin(7 * CAST(:town AS integer)) + 0.25")


@dataclass(frozen=True, slots=True)
class Search:
    """One run in the store."""

    milliseconds: float
    buffers: int
    found: int


async def fill(database: Database, events: int) -> Point:
    """Where to look."""
    for first in range(1, events + 1, AT_ONCE):
        async with database.write() as session:
            await session.execute(text("SELECT set_config('app.is_admin', 'on', true)"))
            await session.execute(FILL, {"first": first, "last": min(first + AT_ONCE - 1, events)})
    async with database.read() as session:
        here = (await session.execute(HERE, {"town": TOWN})).one()
    return Point(here[0], here[1])


async def search(database: Database, near: Circle) -> Search:
    window = PageRequest(by_distance(near.of), 20)
    asked = nearest(EventSearch(EventSearchFilter(), near), None, window, datetime.now(UTC))
    explain = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {asked.statement.text}"
    explained = replace(asked, statement=replace(asked.statement, text=explain, converters={}))
    async with database.read() as session:
        answer = await session.fetch_value(explained)
    (told,) = json.loads(answer) if isinstance(answer, str) else answer
    plan = told["Plan"]
    buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return Search(told["Execution Time"], buffers, int(plan["Actual Rows"]))


async def measure(home: Path, events: int, radius_km: float, runs: int) -> None:
    server = await asyncio.to_thread(start_postgres, home)
    try:
        await create_database(server.url(), "near")
        store = embedded_store(server, "events", "near")
        await upgrade(store)
        database = connect(store)
        near = Circle(await fill(database, events), radius_km * 1000)
        await analyze(store.admin_url)
        await search(database, near)
        done = [await search(database, near) for _ in range(runs)]
        await database.close()
    finally:
        server.stop()
    times = sorted(each.milliseconds for each in done)
    print(f"{events} events, {radius_km:g} km: {done[0].found} rows of a page, {done[0].buffers} buffers")
    print(f"in the store: median {statistics.median(times):.2f} ms, {times[0]:.2f} to {times[-1]:.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--radius", type=float, default=25.0, help="kilometres")
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plait-near-") as home:
        asyncio.run(measure(Path(home), given.events, given.radius, given.runs))


if __name__ == "__main__":
    main()
