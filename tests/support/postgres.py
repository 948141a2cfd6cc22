"""A real PostgreSQL for tests: one throw-away server per test process, started with the first test that needs
it.

`stores` is one migrated database, emptied before each test of what the one before wrote; `empty_database` is
for tests of migrations themselves.
"""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from db.config import DomainStore
from db.embedded import EmbeddedPostgres, start_postgres
from db.migrate import upgrade
from db.postgres import Database
from db.provision import create_database
from db.stores import embedded_store
from db.urls import parse_url
from subgraphs.registry import DOMAINS
from tests.support.valkey import empty_redis, shared_valkey

SHARED = "shared"
FILLED_BY_MIGRATIONS = ("users.roles", "notifications.notification_templates")
IMPATIENT = "SET session_replication_role = replica; SET lock_timeout = '2 s'"
"""Without triggers, else the audit's table would not be emptied, and without waiting for `LEFT_OPEN`."""
FEW_PAGES = 4
WRITTEN = f"""SELECT format('%I.%I', nspname, relname) AS name, pg_class.oid,
        pg_relation_size(pg_class.oid) > {FEW_PAGES} * current_setting('block_size')::int
        OR EXISTS (
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
        ) AS is_truncated
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND nspname = ANY($1) AND format('%s.%s', nspname, relname) <> ALL($2)
        AND relname <> 'alembic_version' AND pg_relation_size(pg_class.oid) > 0"""
"""A table that nobody wrote to takes no room: most do not, and emptying all takes longer than many a test. To
truncate one makes it and its indexes anew, which takes fifty times as long as to delete a few rows; but it
waits for transactions that are still open, whose rows would else be met later.
"""
NUMBERED_ANEW = """SELECT setval(pg_depend.objid::regclass, seqstart, false)
    FROM pg_depend JOIN pg_sequence ON seqrelid = pg_depend.objid
    WHERE classid = 'pg_class'::regclass AND refclassid = classid AND refobjid = ANY($1)"""

LEFT_OPEN = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'
        AND state_change < clock_timestamp() - interval '2 s'"""
"""Transactions that a test broke off hold locks for as long as their connections live."""


@cache
def shared_server() -> EmbeddedPostgres:
    """This process's server; gone when the process is."""
    home = Path(tempfile.mkdtemp(prefix="plait-test-"))
    server = start_postgres(home, durable=False)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.stop)
    asyncio.run(_make_shared(server))
    return server


@pytest.fixture
def postgres_server() -> EmbeddedPostgres:
    return shared_server()


@pytest.fixture
async def empty_database(postgres_server: EmbeddedPostgres) -> AsyncIterator[str]:
    """The name of a new, empty database."""
    name = f"test_{uuid4().hex[:12]}"
    await create_database(postgres_server.url(), name)
    yield name
    await administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def migrated_stores() -> AsyncIterator[Mapping[str, DomainStore]]:
    """Every domain's store, migrated and empty. For fixtures that need it only sometimes."""
    stores = await stores_of_all()
    await _empty(shared_server())
    async with empty_redis():
        yield stores


async def stores_of_all() -> Mapping[str, DomainStore]:
    """Every domain's store, migrated, with what the test before wrote."""
    server = await asyncio.to_thread(shared_server)
    valkey = await asyncio.to_thread(shared_valkey)
    return {domain: replace(embedded_store(server, domain, SHARED), redis=valkey.url) for domain in DOMAINS}


@pytest.fixture
async def stores() -> AsyncIterator[Mapping[str, DomainStore]]:
    async with migrated_stores() as stores:
        yield stores


async def administer(server: EmbeddedPostgres, *statements: str, database: str = "postgres") -> None:
    """Run statements as the superuser, each on its own."""
    url = parse_url(server.url(database))
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await engine.dispose()


@contextmanager
def sent_statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements sent while in the block, each with its values: SQLAlchemy's and those fetched by the
    driver itself.
    """
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        sent.append((statement, values))

    def note_fetched(statement: str, values: Sequence[Any]) -> None:
        sent.append((statement, tuple(values)))

    engine = database.primary.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    database.observers.append(note_fetched)
    try:
        yield sent
    finally:
        database.observers.remove(note_fetched)
        event.remove(engine, "before_cursor_execute", note)


async def _empty(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.url(SHARED))
    try:
        while not await _emptied(connection):
            await connection.execute(LEFT_OPEN)
    finally:
        await connection.close()


async def _emptied(connection: asyncpg.Connection[Any]) -> bool:
    """False when another transaction did not let go of a table in time."""
    written = await connection.fetch(WRITTEN, list(DOMAINS), FILLED_BY_MIGRATIONS)
    statements = [f"DELETE FROM {table['name']}" for table in written if not table["is_truncated"]]
    if large := ", ".join(table["name"] for table in written if table["is_truncated"]):
        statements.append(f"TRUNCATE {large} CASCADE")
    with suppress(asyncpg.LockNotAvailableError):
        if written:
            await connection.execute("; ".join((IMPATIENT, *statements)))
            await connection.fetch(NUMBERED_ANEW, [table["oid"] for table in written])
        return True
    return False


async def _make_shared(server: EmbeddedPostgres) -> None:
    await create_database(server.url(), SHARED)
    for domain in DOMAINS:
        await upgrade(embedded_store(server, domain, SHARED))
