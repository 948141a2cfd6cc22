"""Facts ingested a second: `python -m benchmarks.facts [--seconds N] [--writers N]`.

Each writer sends batches of 100 messages' facts, as the consumer does, over the embedded PostgreSQL as
`plait up` starts it (durable: every batch is on disk before the next), while the roll-up job runs. At the end
the rollups are compared with the raw rows.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import asyncpg

from db.embedded import start_postgres
from db.migrate import upgrade
from db.postgres import Database, connect
from db.provision import create_database
from db.stores import embedded_store
from subgraphs.analytics.repository.ingest import ingest
from subgraphs.analytics.repository.keeping import RollUp
from subgraphs.analytics.values import EventId, Fact, Kind

BATCH, EVENTS, DAYS = 100, 500, 7
KINDS = (Kind.REGISTERED, Kind.CHECKED_IN, Kind.PAID, Kind.RESERVED)
AGREE = """SELECT (SELECT count(*) FROM analytics.analytics_events),
    (SELECT sum(number) FROM analytics.rollups WHERE subject_id = '00000000-0000-0000-0000-000000000000')"""


async def send(database: Database, writer: int, until: float) -> int:
    draw, sent = Random(writer), 0
    while time.monotonic() < until:
        async with database.write() as session:
            sent += await ingest(session, [fact(draw) for _ in range(BATCH)])
    return sent


def fact(draw: Random) -> Fact:
    when = datetime.now(UTC) - timedelta(seconds=draw.randrange(DAYS * 86_400))
    return Fact(uuid4(), draw.choice(KINDS), EventId(UUID(int=draw.randrange(1, EVENTS))), when)


async def roll_up(database: Database) -> None:
    while True:
        if not await RollUp(database).step():
            await asyncio.sleep(0.2)


async def measure(writers: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as home, start_postgres(Path(home)) as server:
        await create_database(server.url(), "facts")
        store = embedded_store(server, "analytics", "facts")
        await upgrade(store)
        database = connect(store)
        rolling = asyncio.create_task(roll_up(database))
        began = time.monotonic()
        sent = await asyncio.gather(*(send(database, n, began + seconds) for n in range(writers)))
        took = time.monotonic() - began
        rolling.cancel()
        await asyncio.wait([rolling])
        left = time.monotonic()
        while await RollUp(database).step():
            pass
        behind = time.monotonic() - left
        await database.close()
        connection = await asyncpg.connect(server.url("facts"))
        raw, rolled = await connection.fetchrow(AGREE)
        await connection.close()
    print(f"{sum(sent) / took:,.0f} facts a second; {raw:,} rows, {rolled:,} in the rollups")
    print(f"the job was {behind:.1f} s behind at the end")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--writers", type=int, default=2)
    given = options.parse_args()
    asyncio.run(measure(given.writers, given.seconds))


if __name__ == "__main__":
    main()
