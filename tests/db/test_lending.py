"""Connections lent for one statement: used again, never more than allowed, never lent when broken."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import asyncpg
import pytest
from sqlalchemy import Select, literal_column, select, text

from db.config import DomainStore
from db.errors import StoreUnavailable
from db.lending import MOST_PREPARED, Lender
from db.postgres import Database, connect
from db.statements import Row, per_shape
from tests.support.postgres import SHARED, administer, shared_server

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'plait_users'"


@pytest.fixture
async def database(stores: Mapping[str, DomainStore]) -> AsyncIterator[Database]:
    opened = connect(stores["users"])
    yield opened
    await opened.close()


@pytest.fixture
async def lender(database: Database) -> AsyncIterator[Lender]:
    """Two connections, and a tenth of a second of patience."""
    lender = Lender(database.lender.arguments, most=2, seconds=0.1)
    yield lender
    await lender.close()


async def served_by(lender: Lender, seconds: float = 0.0) -> int:
    rows = await lender.fetch("SELECT pg_backend_pid() AS pid, pg_sleep($1)", [seconds], Row)
    return int(rows[0].pid)


@per_shape
def _one(number: int) -> Select[tuple[int]]:
    return select(literal_column("1") / number)


async def test_statements_one_after_the_other_share_a_connection(lender: Lender) -> None:
    assert len({await served_by(lender) for _ in range(5)}) == 1


async def test_statements_at_once_have_a_connection_each_and_never_more_than_allowed(lender: Lender) -> None:
    served = await asyncio.gather(*(served_by(lender, 0.02) for _ in range(6)))
    assert len(set(served)) == 2


async def test_who_waits_is_served_in_the_order_they_came(lender: Lender) -> None:
    done: list[int] = []

    async def ask(number: int) -> None:
        await served_by(lender, 0.01)
        done.append(number)

    lender.most = 1
    await asyncio.gather(*(ask(number) for number in range(5)))
    assert done == [0, 1, 2, 3, 4]


async def test_who_waits_too_long_hears_that_all_are_busy_and_takes_no_place(lender: Lender) -> None:
    busy = [asyncio.ensure_future(served_by(lender, 0.3)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError, match="all 2 connections for reading were busy"):
        await served_by(lender)
    await asyncio.gather(*busy)
    assert len(set(await asyncio.gather(*(served_by(lender, 0.02) for _ in range(2))))) == 2


async def test_who_gives_up_while_waiting_leaves_their_turn_to_the_next(lender: Lender) -> None:
    lender.most = 1
    first = asyncio.ensure_future(served_by(lender, 0.05))
    await asyncio.sleep(0)
    gone, patient = (asyncio.ensure_future(served_by(lender)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await patient == await first
    assert gone.cancelled()


async def test_a_turn_that_comes_as_its_owner_leaves_is_the_next_ones(lender: Lender) -> None:
    lender.most = lender._lent = 1
    gone, patient = (asyncio.ensure_future(served_by(lender)) for _ in range(2))
    await asyncio.sleep(0)
    lender._give_back(None)
    gone.cancel()
    assert await asyncio.wait_for(patient, 5)
    assert gone.cancelled()
    assert lender._lent == 0


async def test_json_arrives_decoded(lender: Lender) -> None:
    rows = await lender.fetch("""SELECT '{"a": [1]}'::jsonb AS b, '[null]'::json AS j""", [], Row)
    assert (rows[0].b, rows[0].j) == ({"a": [1]}, [None])


async def test_a_connection_whose_statement_was_cut_off_is_not_lent_again(lender: Lender) -> None:
    before = await served_by(lender)
    task = asyncio.ensure_future(served_by(lender, 5))
    await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.wait([task])
    assert await served_by(lender) != before


async def test_a_connection_that_broke_is_not_lent_again(lender: Lender) -> None:
    before = await served_by(lender)
    await administer(shared_server(), CUT)
    await asyncio.sleep(0.05)
    assert await served_by(lender) != before


async def test_a_connection_is_not_lent_beyond_its_lifetime(
    lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await served_by(lender)
    monkeypatch.setattr("db.lending.LIFETIME", 0.0)
    assert await served_by(lender) != before


async def test_a_failed_statement_keeps_its_connection_and_never_shows_what_a_row_holds(
    lender: Lender,
) -> None:
    before = await served_by(lender)
    for number in range(2):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await lender.fetch(
                "DO $$ BEGIN RAISE unique_violation USING DETAIL = 'Key (email)=(ada)'; END $$", [], Row
            )
        assert "ada" not in "".join(traceback.format_exception(caught.value)), number
    assert await served_by(lender) == before


async def test_what_is_lent_when_the_lender_closes_is_closed_when_it_comes_back(lender: Lender) -> None:
    last = asyncio.ensure_future(served_by(lender, 0.05))
    await asyncio.sleep(0.03)
    await lender.close()
    pid = await last
    await asyncio.sleep(0.05)
    rows = await lender.fetch("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [pid], Row)
    assert rows == []


async def test_a_database_whose_readers_are_all_busy_is_unavailable(database: Database) -> None:
    database.lender.most, database.lender.seconds = 1, 0.05

    @per_shape
    def slow(seconds: float) -> Select[tuple[int]]:
        return select(literal_column("1")).where(text("pg_sleep(:seconds) IS NOT NULL"))

    async def read(seconds: float) -> None:
        async with database.read() as session:
            await session.fetch(slow(seconds))

    busy = asyncio.ensure_future(read(0.3))
    await asyncio.sleep(0.1)
    with pytest.raises(StoreUnavailable, match="all 1 connections for reading were busy"):
        await read(0.0)
    await busy


async def test_a_server_that_is_not_there_is_unavailable_and_no_place_is_lost(
    stores: Mapping[str, DomainStore],
) -> None:
    database = connect(replace(stores["users"], url="postgresql://nobody@127.0.0.1:9/plait"))
    database.lender.most = 1
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            async with database.read() as session:
                await session.fetch(_one(1))
    await database.close()


@pytest.fixture
async def changing() -> AsyncIterator[None]:
    """A table of its own, which may be read."""
    made = "CREATE TABLE users.changing AS SELECT 1 AS number"
    await administer(shared_server(), made, "GRANT SELECT ON users.changing TO PUBLIC", database=SHARED)
    yield
    await administer(shared_server(), "DROP TABLE users.changing", database=SHARED)


async def test_a_statement_is_prepared_once_and_follows_a_change_of_its_table(
    lender: Lender, changing: None
) -> None:
    """PostgreSQL refuses to give other columns for a plan of the old ones."""
    lender.most, all_of_it = 1, "SELECT * FROM users.changing"
    for _ in range(3):
        assert list(map(tuple, await lender.fetch(all_of_it, [], Row))) == [(1,)]
    prepared = "SELECT name FROM pg_prepared_statements WHERE statement = $1"
    assert len(await lender.fetch(prepared, [all_of_it], Row)) == 1
    changed = "ALTER TABLE users.changing ADD COLUMN name text DEFAULT 'new'"
    await administer(shared_server(), changed, database=SHARED)
    for _ in range(3):
        assert list(map(tuple, await lender.fetch(all_of_it, [], Row))) == [(1, "new")]


async def test_where_the_driver_may_keep_no_statements_none_are_kept(database: Database) -> None:
    lender = Lender({**database.lender.arguments, "statement_cache_size": 0}, most=1, seconds=1.0)
    for _ in range(3):
        await served_by(lender)
    assert await lender.fetch("SELECT name FROM pg_prepared_statements", [], Row) == []
    await lender.close()


async def test_no_more_statements_stay_prepared_than_allowed(lender: Lender) -> None:
    lender.most = 1
    for number in range(MOST_PREPARED + 10):
        await lender.fetch(f"SELECT {number} AS number", [], Row)
    (kept,) = await lender.fetch("SELECT count(*) AS number FROM pg_prepared_statements", [], Row)
    assert kept.number <= MOST_PREPARED
