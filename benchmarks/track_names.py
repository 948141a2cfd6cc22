"""Search by name among a million tracks, in the store.

    python -m benchmarks.track_names [--tracks 1000000] [--runs 5] [--most 20]

A catalog of its own in an embedded PostgreSQL that is gone afterwards: titles of one to four words out of
twenty thousand, common ones far more often than rare ones; one album in fifty is not out. What is printed is
the store's own word, the sum of the execution times of EXPLAIN ANALYZE of every statement that a page of the
search sends: planning, the way to the client and Python are not in it. Ends with 1 when the median of any
text is over `--most` milliseconds. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.pool import NullPool

from db import search
from db.embedded import start_postgres
from db.migrate import upgrade
from db.postgres import Database, connect, private_engine
from db.provision import create_database
from db.search import Searched
from db.stores import embedded_store
from db.urls import parse_url
from subgraphs.catalog.repository import NAME_CONDITIONS, NAME_FILTERS
from subgraphs.kit.pages import Ordering, PageRequest

AT_ONCE = 50_000
TRACKS_OF_ALBUM = 10
WORD = """initcap(translate(to_hex(abs(hashint8(CAST(floor(20000 * power(random(), 3)) AS bigint) + 7))),
    '0123456789abcdef', 'aeiouvlmrstndkpg'))"""
TITLE = f"""left(concat_ws(' ', {WORD}, CASE WHEN random() < 0.8 THEN {WORD} END,
    CASE WHEN random() < 0.5 THEN {WORD} END, CASE WHEN random() < 0.2 THEN {WORD} END), 150)"""
ARTISTS = """INSERT INTO artists (id, name) SELECT md5('a' || g)::uuid, 'artist ' || g
    FROM generate_series(1, 1000) g"""
ALBUMS = """INSERT INTO albums (id, artist_id, title, release_date, cover_url)
    SELECT md5('l' || g)::uuid, md5('a' || 1 + g % 1000)::uuid, 'x',
        current_date + CASE WHEN g % 50 = 0 THEN 30 ELSE - (g % 9000) END, 'https://x'
    FROM generate_series(:first / 10, :last / 10) g"""
TRACKS = f"""INSERT INTO tracks (id, album_id, title, duration_sec, track_number, file_key, is_available)
    SELECT md5('t' || g)::uuid, md5('l' || g / 10)::uuid, {TITLE}, 200, 1 + g % 10, g, g % 5 > 0
    FROM generate_series(CAST(:first AS integer), CAST(:last AS integer) - 1) g"""
SAMPLES = (
    "SELECT title FROM tracks WHERE array_length(string_to_array(title, ' '), 1) = 3 ORDER BY id LIMIT 1"
)
COMMON = """SELECT split_part(title, ' ', 1) AS word FROM tracks TABLESAMPLE SYSTEM (2)
    GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"""


@dataclass
class Explained:
    """A session in which every statement is explained first; what the store says of all together."""

    session: Any
    milliseconds: float = 0.0
    statements: int = 0
    plans: list[Any] = field(default_factory=list)

    async def execute(self, statement: Any, values: Any = None) -> Any:
        explained = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}")
        answer = (await self.session.execute(explained, values or {})).scalar_one()
        (told,) = json.loads(answer) if isinstance(answer, str) else answer
        self.milliseconds += told["Execution Time"]
        self.statements += 1
        return await self.session.execute(statement, values or {})


async def fill(database: Database, tracks: int) -> None:
    async with database.write() as session:
        await session.execute(text(ARTISTS))
    for first in range(0, tracks, AT_ONCE):
        bounds = {"first": first, "last": min(first + AT_ONCE, tracks)}
        async with database.write() as session:
            await session.execute(text(f"{ALBUMS} ON CONFLICT DO NOTHING"), bounds)
            await session.execute(text(TRACKS), bounds)


async def vacuum(admin_url: str) -> None:
    """What autovacuum does within a minute; the service's own role may not."""
    engine = private_engine(parse_url(admin_url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


async def texts(database: Database) -> dict[str, str]:
    """What people type, by what it is."""
    async with database.read() as session:
        title = str((await session.execute(text(SAMPLES))).scalar_one())
        common = str((await session.execute(text(COMMON))).scalar_one())
    one, two, three = title.split(" ")
    return {
        "a whole title": title,
        "its beginning": title[: len(one) + 3],
        "a later word": three,
        "two letters": one[:2],
        "the most common word": common,
        "a mistyped word": f"{two[:2]}{two[3:]}x",
        "three mistyped words": " ".join(f"{word[0]}{word[2:]}" for word in (one, two, three)),
        "nothing like it": "qqqqqqqq wwwwwww",
    }


async def one(database: Database, searched: Searched, typed: str) -> Explained:
    window = PageRequest(Ordering("tracks", (str, str, UUID)), 20)
    async with database.read() as session:
        explained = Explained(session)
        await search.search(explained, searched, typed, window)  # type: ignore[arg-type]
    return explained


async def measure(home: Path, tracks: int, runs: int, most: float) -> bool:
    server = await asyncio.to_thread(start_postgres, home)
    try:
        await create_database(server.url(), "names")
        store = embedded_store(server, "catalog", "names")
        await upgrade(store)
        database = connect(store)
        await fill(database, tracks)
        await vacuum(store.admin_url)
        searched = Searched("tracks", NAME_CONDITIONS["tracks"], NAME_FILTERS["tracks"])
        narrowed = searched.narrowed({"is_available": False})
        worst = 0.0
        for what, typed in (await texts(database)).items():
            for kind, chosen in (("", searched), (", not available", narrowed)):
                await one(database, chosen, typed)
                done = [await one(database, chosen, typed) for _ in range(runs)]
                median = statistics.median(each.milliseconds for each in done)
                worst = max(worst, median)
                print(f"{median:8.2f} ms  {done[0].statements} statements  {what}{kind}: {typed!r}")
        await database.close()
    finally:
        server.stop()
    print(f"{tracks} tracks: {worst:.2f} ms at most, of {most:g}")
    return worst <= most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tracks", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--most", type=float, default=20.0, help="milliseconds in the store")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plait-names-") as home:
        kept = asyncio.run(measure(Path(home), given.tracks, given.runs, given.most))
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
