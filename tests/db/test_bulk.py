"""Filling tables: everything that is missing, nothing twice, and again after an end in the middle."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from db.bulk import ROWS_IN_A_BATCH, _driver, add_missing
from db.config import DomainStore
from db.embedded import EmbeddedPostgres
from db.errors import StoreUnavailable
from db.postgres import Database, WriteSession, connect
from subgraphs.catalog.models import artist_managers, artists
from subgraphs.events.models import events
from subgraphs.events.repository.rows import writing
from subgraphs.events.values import Reader
from subgraphs.posts.models import posts
from subgraphs.users.models import users
from tests.support.postgres import SHARED, administer


@pytest.fixture
def domain() -> str:
    return "posts"


@pytest.fixture
async def database(stores: Mapping[str, DomainStore], domain: str) -> Any:
    opened = connect(stores[domain])
    yield opened
    await opened.close()


def post_rows(count: int) -> list[dict[str, Any]]:
    return [{"id": uuid4(), "author_id": uuid4(), "content": f"post {number}"} for number in range(count)]


async def count(database: Database) -> int:
    async with database.read() as session:
        return int((await session.execute(select(func.count()).select_from(posts))).scalar_one())


async def test_rows_are_added_once(database: Database) -> None:
    rows = post_rows(ROWS_IN_A_BATCH + 7)
    told: list[int] = []
    assert await add_missing(database.write, posts, rows, told=told.append) == len(rows)
    assert await add_missing(database.write, posts, rows) == 0
    assert await count(database) == len(rows)
    assert told == [ROWS_IN_A_BATCH, 7]


@pytest.mark.parametrize("domain", ["users"])
async def test_a_table_that_is_filled_never_counts_as_empty(
    database: Database, postgres_server: EmbeddedPostgres
) -> None:
    @asynccontextmanager
    async def analysed_in_the_middle() -> AsyncIterator[WriteSession]:
        async with database.write() as session:
            yield session
            await administer(
                postgres_server, "ANALYZE (SKIP_LOCKED) users.users, users.user_stats", database=SHARED
            )

    rows = [{"username": f"ann{one}", "email": f"{one}@x.example", "password_hash": ""} for one in range(500)]
    await add_missing(analysed_in_the_middle, users, rows)
    empty = """SELECT relname FROM pg_class
        WHERE oid IN ('users'::regclass, 'user_stats'::regclass) AND reltuples = 0"""
    async with database.read() as session:
        assert list((await session.execute(text(empty))).scalars()) == []


async def test_only_the_rows_that_are_missing_are_added(database: Database) -> None:
    rows = post_rows(100)
    await add_missing(database.write, posts, rows[40:60])
    assert await add_missing(database.write, posts, rows) == 80


async def test_a_filling_that_ended_in_the_middle_is_completed_by_the_next(database: Database) -> None:
    rows = post_rows(ROWS_IN_A_BATCH * 2)

    def interrupted() -> Iterator[dict[str, Any]]:
        yield from rows[: ROWS_IN_A_BATCH + 50]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await add_missing(database.write, posts, interrupted())
    assert await count(database) == ROWS_IN_A_BATCH
    assert await add_missing(database.write, posts, rows) == ROWS_IN_A_BATCH


@pytest.mark.parametrize("domain", ["catalog"])
async def test_a_row_whose_parent_is_missing_is_left_out(database: Database) -> None:
    there, missing = uuid4(), uuid4()
    await add_missing(database.write, artists, [{"id": there, "name": "There"}])
    rows = [{"artist_id": one, "user_id": uuid4(), "permissions": '["ALL"]'} for one in (there, missing)]
    assert await add_missing(database.write, artist_managers, rows) == 1


@pytest.mark.parametrize("domain", ["events"])
async def test_a_table_with_row_level_security_is_filled_too(database: Database) -> None:
    starts = datetime.now(UTC)
    event = {"id": uuid4(), "host_id": uuid4(), "title": "Once", "starts_at": starts}
    rows = [{**event, "ends_at": starts + timedelta(hours=1)}]
    write = partial(writing, database, Reader(is_admin=True))
    assert await add_missing(write, events, rows) == 1
    assert await add_missing(write, events, rows) == 0


async def test_a_server_that_goes_away_in_the_middle_is_said_in_one_line(
    database: Database, stores: Mapping[str, DomainStore]
) -> None:
    other = connect(stores["posts"])

    async def cut_off() -> None:
        async with _driver(database.write) as connection:
            async with other.write() as session:
                number = {"number": connection.get_server_pid()}
                await session.execute(text("SELECT pg_terminate_backend(:number)"), number)
            await connection.copy_records_to_table("posts", records=[(uuid4(),)], columns=["author_id"])

    with pytest.raises(StoreUnavailable, match="cannot reach PostgreSQL"):
        await cut_off()
    await other.close()
