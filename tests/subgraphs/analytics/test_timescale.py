"""Which store keeps the months: TimescaleDB where the database has it, PostgreSQL's own partitions else.

The extension is no part of the server that tests use. What its functions are called with is shown on a
database that says it has it, with functions of their names; the real one is used where it is installed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from db.embedded import EmbeddedPostgres
from db.migrate import upgrade
from db.postgres import Database, connect
from db.stores import embedded_store
from subgraphs.analytics.repository.ingest import ingest
from subgraphs.analytics.repository.keeping import MONTHS_KEPT, drop_old, make_months
from subgraphs.analytics.values import Fact, Kind
from tests.support.postgres import administer

CLAIMED = (
    "CREATE SCHEMA ts",
    "GRANT USAGE ON SCHEMA ts TO PUBLIC",
    "CREATE TABLE ts.calls (what text)",
    "GRANT ALL ON ts.calls TO PUBLIC",
    """CREATE FUNCTION ts.create_hypertable(
            relation regclass, time_column_name name, chunk_time_interval interval
        ) RETURNS void LANGUAGE sql AS
        $$ INSERT INTO ts.calls
            VALUES (relation || ' ' || time_column_name || ' ' || chunk_time_interval) $$""",
    """CREATE FUNCTION ts.drop_chunks(relation regclass, older_than timestamptz) RETURNS SETOF text
        LANGUAGE sql AS
        $$ INSERT INTO ts.calls VALUES (relation || ' before ' || (older_than AT TIME ZONE 'UTC')::date)
            RETURNING what $$""",
    "SET allow_system_table_mods = on",
    """INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        VALUES (99999, 'timescaledb', 10, 'ts'::regnamespace, false, '2.17')""",
)
PARTITIONED = "SELECT relkind = 'p' FROM pg_class WHERE oid = 'analytics.analytics_events'::regclass"


@asynccontextmanager
async def migrated(server: EmbeddedPostgres, name: str) -> AsyncIterator[Database]:
    store = embedded_store(server, "analytics", name)
    await upgrade(store)
    database = connect(store)
    yield database
    await database.close()


async def used(database: Database) -> None:
    """A fact comes in, months are made, old ones dropped."""
    async with database.write() as session:
        assert await ingest(session, [Fact(uuid4(), Kind.VIEW, None, datetime.now(UTC))]) == 1
        await make_months(session)
        await drop_old(session)


async def test_without_the_extension_months_are_partitions(
    postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    async with migrated(postgres_server, empty_database) as database:
        await used(database)
    assert await asked(postgres_server, empty_database, PARTITIONED) == [True]


async def test_with_the_extension_months_are_its_chunks(
    postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    await administer(postgres_server, *CLAIMED, database=empty_database)
    async with migrated(postgres_server, empty_database) as database:
        await used(database)
    assert await asked(postgres_server, empty_database, PARTITIONED) == [False]
    now = datetime.now(UTC)
    year, month = divmod(now.year * 12 + now.month - 1 - MONTHS_KEPT, 12)
    made, dropped = await asked(postgres_server, empty_database, "SELECT what FROM ts.calls")
    assert made.endswith("analytics_events occurred_at 1 mon")
    assert dropped.endswith(f"analytics_events before {year}-{month + 1:02}-01")


async def test_the_real_extension_keeps_and_drops_months(
    postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    offered = "SELECT count(*) FROM pg_available_extensions WHERE name = 'timescaledb'"
    if await asked(postgres_server, empty_database, offered) == [0]:
        pytest.skip("this server has no TimescaleDB: install timescaledb-2-postgresql-18 beside it")
    await administer(postgres_server, "CREATE EXTENSION timescaledb", database=empty_database)
    async with migrated(postgres_server, empty_database) as database:
        await used(database)
    hypertables = "SELECT hypertable_name::text FROM timescaledb_information.hypertables"
    assert await asked(postgres_server, empty_database, hypertables) == ["analytics_events"]


async def asked(server: EmbeddedPostgres, name: str, query: str) -> list[object]:
    connection = await asyncpg.connect(server.url(name))
    try:
        return [row[0] for row in await connection.fetch(query)]
    finally:
        await connection.close()
