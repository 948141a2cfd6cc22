"""Plays recorded a second: `python -m benchmarks.plays [--seconds N] [--people N]`.

Each person sends batches of 500 to the repository, one after the other, over the embedded PostgreSQL as
`plait up` starts it (durable: every batch is on disk before it is answered). At the end the rollups are
compared with the raw rows.
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

from sqlalchemy import text

from db.embedded import start_postgres
from db.migrate import upgrade
from db.postgres import Database, connect
from db.provision import create_database
from db.stores import embedded_store
from subgraphs.streaming.repository import PostgresPlayRepository
from subgraphs.streaming.values import HeardPlay, ListenerId, TrackId

BATCH, TRACKS = 500, 2000
SEED = """INSERT INTO tracks (id, artist_id, duration_sec, file_key, is_available)
    SELECT md5('t' || n)::uuid, md5('a' || n % 100)::uuid, 200, n::text, true FROM generate_series(1, :n) n
    RETURNING id"""
AGREE = """SELECT (SELECT count(*) FROM playback_history), (SELECT sum(plays) FROM track_months)"""


async def send(database: Database, person: int, tracks: list[TrackId], until: float) -> int:
    draw, repository, sent = Random(person), PostgresPlayRepository(database), 0
    began = datetime.now(UTC) - timedelta(days=6)
    while time.monotonic() < until:
        heard = [
            HeardPlay(uuid4(), draw.choice(tracks), began + timedelta(seconds=(sent + n) % 500_000), 40, None)
            for n in range(BATCH)
        ]
        sent += (await repository.record(ListenerId(UUID(int=person)), "192.0.2.1", heard, 30)).recorded
    return sent


async def measure(people: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as home, start_postgres(Path(home)) as server:
        await create_database(server.url(), "plays")
        store = embedded_store(server, "streaming", "plays")
        await upgrade(store)
        database = connect(store)
        async with database.write() as session:
            tracks = [TrackId(row.id) for row in await session.execute(text(SEED), {"n": TRACKS})]
        began = time.monotonic()
        counts = await asyncio.gather(
            *(send(database, n + 1, tracks, began + seconds) for n in range(people))
        )
        took = time.monotonic() - began
        async with database.read() as session:
            raw, rolled = (await session.execute(text(AGREE))).one()
        await database.close()
    print(f"{sum(counts) / took:,.0f} plays a second; {raw:,} rows, {rolled:,} in the rollups")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--people", type=int, default=4)
    given = options.parse_args()
    asyncio.run(measure(given.people, given.seconds))


if __name__ == "__main__":
    main()
