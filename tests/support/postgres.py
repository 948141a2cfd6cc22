"""A real PostgreSQL for tests: one throw-away server per test process, one fresh database per test.

The server starts with the first test that needs it. Each test's database is copied from a template that was
migrated once, so it costs some ten milliseconds.
"""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from db.embedded import EmbeddedPostgres, start_postgres
from db.migrate import upgrade
from db.postgres import Database
from db.provision import create_database
from db.stores import embedded_store
from db.urls import DomainStore, parse_url
from subgraphs.registry import DOMAINS

TEMPLATE = "migrated"


@cache
def shared_server() -> EmbeddedPostgres:
    """This process's server; gone when the process is."""
    home = Path(tempfile.mkdtemp(prefix="plait-test-"))
    server = start_postgres(home, durable=False)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.stop)
    asyncio.run(_make_template(server))
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


@pytest.fixture
async def stores(postgres_server: EmbeddedPostgres) -> AsyncIterator[Mapping[str, DomainStore]]:
    """Every domain's store in a new database, migrated."""
    name = f"test_{uuid4().hex[:12]}"
    await administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    grants = [
        f"GRANT CONNECT ON DATABASE {name} TO plait_{domain}, plait_{domain}_owner" for domain in DOMAINS
    ]
    await administer(postgres_server, f"REVOKE ALL ON DATABASE {name} FROM PUBLIC", *grants)
    yield {domain: embedded_store(postgres_server, domain, name) for domain in DOMAINS}
    await administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


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
def counted_statements(database: Database) -> Iterator[list[str]]:
    """The statements sent while in the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = database.primary.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _make_template(server: EmbeddedPostgres) -> None:
    await create_database(server.url(), TEMPLATE)
    for domain in DOMAINS:
        await upgrade(embedded_store(server, domain, TEMPLATE))
