"""A real PostgreSQL for tests: one throw-away server per test process, started with the first test that needs
it.

`stores` is one migrated database that is emptied before each test, which takes some ten milliseconds;
`empty_database` is for tests of migrations themselves.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

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
FILLED_BY_MIGRATIONS = frozenset({"users.roles"})
MESSAGING = ("outbox", "inbox", "dead_letters", "jobs", "periodic_jobs")
SCHOOL = tuple(name for name in ("teachers", "students", "groups", "calendar") if name in DOMAINS)
REPORTED = ("posts", "interactions", "users")
DEPARTING = ("posts", "catalog", "events", "streaming")
OF_THE_KIT = [
    *(f"{domain}.{name}" for domain in ("tickets", "payments") for name in (*MESSAGING, "audit", "departed")),
    *(f"users.{name}" for name in (*MESSAGING, "audit")),
    *(f"{domain}.{name}" for domain in SCHOOL for name in (*MESSAGING, "audit")),
    *(f"{domain}.departed" for domain in ("teachers", "students")),
    *(f"{domain}.attempts" for domain in ("users", "posts", "catalog", "events")),
    *(f"{domain}.{name}" for domain in DEPARTING for name in (*MESSAGING, "departed")),
    *(f"interactions.{name}" for name in (*MESSAGING, "audit", "departed")),
    *(f"{domain}.{name}" for domain in REPORTED for name in ("reports", "report_cases")),
    "posts.audit",
    *(f"feed.{name}" for name in (*MESSAGING, "departed")),
    *(f"processing.{name}" for name in (*MESSAGING, "audit", "departed")),
]
WITHOUT_TRIGGERS = "SET session_replication_role = replica"
"""Else the audit's table would not be emptied."""


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
    server = await asyncio.to_thread(shared_server)
    valkey = await asyncio.to_thread(shared_valkey)
    tables = ", ".join(_tables())
    await administer(server, WITHOUT_TRIGGERS, f"TRUNCATE {tables} RESTART IDENTITY CASCADE", database=SHARED)
    async with empty_redis():
        yield {
            domain: replace(embedded_store(server, domain, SHARED), redis=valkey.url) for domain in DOMAINS
        }


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


@cache
def _tables() -> list[str]:
    """All tables that tests fill."""
    metadata = {domain: importlib.import_module(f"subgraphs.{domain}.models").metadata for domain in DOMAINS}
    found = [f"{domain}.{name}" for domain in DOMAINS for name in metadata[domain].tables]
    return [name for name in [*found, *OF_THE_KIT] if name not in FILLED_BY_MIGRATIONS]


async def _make_shared(server: EmbeddedPostgres) -> None:
    await create_database(server.url(), SHARED)
    for domain in DOMAINS:
        await upgrade(embedded_store(server, domain, SHARED))
