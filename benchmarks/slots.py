"""The search for free times in the store: the first one of each of a thousand teachers within four weeks.

    python -m benchmarks.slots [--teachers 1000] [--weeks 4] [--runs 15]

A calendar of its own in an embedded PostgreSQL that is gone afterwards: each teacher has hours on five days
in one of three time zones, a lesson every three hours of the first week and an absence in the second. What
is printed is the store's own word, the execution time of EXPLAIN ANALYZE: planning, the way to the client
and Python are not in it. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.pool import NullPool

from db.embedded import start_postgres
from db.migrate import upgrade
from db.postgres import Database, connect, private_engine
from db.provision import create_database
from db.stores import embedded_store
from db.urls import parse_url
from subgraphs.calendar.repository.postgres_hours import FIRST_SLOTS, slot_values
from subgraphs.calendar.values import SlotSearch, TelegramId

EXPLAINED = text(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {FIRST_SLOTS.text}")
FILL = (
    """
    INSERT INTO teacher_schedules (teacher_telegram_id, weekday, opens, closes, timezone)
    SELECT t, d, '09:00', '18:00', (ARRAY['Europe/Berlin', 'America/New_York', 'Asia/Tokyo'])[1 + t % 3]
    FROM generate_series(1, CAST(:teachers AS integer)) AS t, generate_series(1, 5) AS d""",
    """
    INSERT INTO lesson_series (created_by, client_key, fingerprint) VALUES (gen_random_uuid(), 'x', 'x')""",
    """
    INSERT INTO lessons (series_id, teacher_telegram_id, title, starts_at, ends_at, timezone)
    SELECT (SELECT id FROM lesson_series), t, 'x', at, at + interval '1 hour', 'UTC'
    FROM generate_series(1, CAST(:teachers AS integer)) AS t,
    generate_series(CAST(:first AS timestamptz), CAST(:first AS timestamptz) + interval '7 days',
        interval '3 hours') AS at""",
    """
    INSERT INTO teacher_unavailable (teacher_telegram_id, starts_at, ends_at)
    SELECT t, CAST(:first AS timestamptz) + interval '8 days', CAST(:first AS timestamptz) + interval '9 days'
    FROM generate_series(1, CAST(:teachers AS integer)) AS t""",
)


@dataclass(frozen=True, slots=True)
class Search:
    """One run in the store."""

    milliseconds: float
    buffers: int
    found: int


async def fill(database: Database, teachers: int, first: datetime) -> None:
    async with database.write() as session:
        for statement in FILL:
            wanted = text(statement)
            given: dict[str, Any] = {"teachers": teachers, "first": first}
            names = wanted.compile().params
            await session.execute(wanted, {name: given[name] for name in names})


async def analyze(admin_url: str) -> None:
    """What autovacuum does within a minute; the service's own role may not."""
    engine = private_engine(parse_url(admin_url), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
    await engine.dispose()


async def search(database: Database, wanted: SlotSearch) -> Search:
    async with database.read() as session:
        answer = (await session.execute(EXPLAINED, slot_values(wanted))).scalar_one()
    (explained,) = json.loads(answer) if isinstance(answer, str) else answer
    plan = explained["Plan"]
    buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return Search(explained["Execution Time"], buffers, int(plan["Actual Rows"]))


async def measure(home: Path, teachers: int, weeks: int, runs: int) -> None:
    server = await asyncio.to_thread(start_postgres, home)
    try:
        await create_database(server.url(), "slots")
        store = embedded_store(server, "calendar", "slots")
        await upgrade(store)
        database = connect(store)
        first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
        await fill(database, teachers, first)
        await analyze(store.admin_url)
        numbers = tuple(TelegramId(number) for number in range(1, teachers + 1))
        wanted = SlotSearch(numbers, first, first + timedelta(weeks=weeks), timedelta(hours=1))
        await search(database, wanted)
        done = [await search(database, wanted) for _ in range(runs)]
        await database.close()
    finally:
        server.stop()
    times = sorted(each.milliseconds for each in done)
    print(f"{teachers} teachers, {weeks} weeks: {done[0].found} have a time, {done[0].buffers} buffers")
    print(f"in the store: median {statistics.median(times):.1f} ms, {times[0]:.1f} to {times[-1]:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--teachers", type=int, default=1000, help="1000 at most in one question")
    parser.add_argument("--weeks", type=int, default=4, help="eight at most in one question")
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plait-slots-") as home:
        asyncio.run(measure(Path(home), given.teachers, given.weeks, given.runs))


if __name__ == "__main__":
    main()
