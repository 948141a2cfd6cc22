"""A domain for tests of the kit: the kit's tables and one more, a real PostgreSQL and a real Valkey."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.embedded import EmbeddedPostgres
from db.migrate import upgrade
from db.postgres import Database, connect
from db.redis import RedisStore
from db.stores import embedded_store
from tests.support.valkey import empty_redis

HISTORY = """
from db.migrations.ddl import run
from db.migrations.messaging import AUDIT, JOBS, MESSAGES

revision, down_revision, branch_labels, depends_on = "0001", None, None, None


def upgrade():
    run(*MESSAGES.create, *AUDIT.create, *JOBS.create, "CREATE TABLE effects (n serial, what text NOT NULL)")


def downgrade():
    run("DROP TABLE effects", *JOBS.drop, *AUDIT.drop, *MESSAGES.drop)
"""


@dataclass(frozen=True)
class World:
    database: Database
    redis: RedisStore

    async def effects(self) -> list[str]:
        return [row[0] for row in await self.query("SELECT what FROM effects ORDER BY n")]

    async def query(self, statement: str, **parameters: object) -> list[Any]:
        async with self.database.write() as session:
            result = await session.execute(text(statement), parameters)
            return list(result) if result.returns_rows else []


@pytest.fixture
async def valkey() -> AsyncIterator[RedisStore]:
    async with empty_redis() as store:
        yield store


@pytest.fixture
async def world(
    postgres_server: EmbeddedPostgres, empty_database: str, tmp_path: Path
) -> AsyncIterator[World]:
    store = embedded_store(postgres_server, "users", empty_database)
    (tmp_path / "users").mkdir()
    (tmp_path / "users" / "rev_0001_kit.py").write_text(HISTORY)
    await upgrade(store, histories=tmp_path)
    database = connect(store)
    async with empty_redis() as kept:
        yield World(database, kept)
    await database.close()
