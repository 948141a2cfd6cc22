"""Db sessions: reads, writes, tenants, and what a lost connection looks like."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Insert, column, insert, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from db import postgres
from db.budget import for_requests
from db.config import DomainStore
from db.embedded import EmbeddedPostgres
from db.errors import StoreFull, StoreUnavailable
from db.migrate import upgrade
from db.postgres import connect, violated_constraint
from db.statements import per_shape
from tests.support.postgres import administer, sent_statements

INSERT = "INSERT INTO genres (name) VALUES (:name)"


async def test_a_write_is_all_or_nothing(stores: Mapping[str, DomainStore]) -> None:
    database = connect(stores["catalog"])

    async def add_twice() -> None:
        async with database.write() as session:
            await session.execute(text(INSERT), {"name": "Jazz"})
            await session.execute(text(INSERT), {"name": "Jazz"})

    with pytest.raises(IntegrityError):
        await add_twice()
    async with database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM genres"))).scalar() == 0
    await database.close()


async def test_a_violated_constraint_is_named(stores: Mapping[str, DomainStore]) -> None:
    database = connect(stores["catalog"])
    async with database.write() as session:
        await session.execute(text(INSERT), {"name": "Jazz"})
    with pytest.raises(IntegrityError) as caught:
        async with database.write() as session:
            await session.execute(text(INSERT), {"name": "Jazz"})
    assert violated_constraint(caught.value) == "genres_name_key"
    await database.close()


@per_shape
def _added(name: str) -> Insert:
    return insert(table("genres", column("name"))).values(name=name)


async def test_in_a_transaction_compiled_statements_go_to_the_driver_and_are_rolled_back_with_it(
    stores: Mapping[str, DomainStore],
) -> None:
    database = connect(stores["catalog"])

    async def add_and_fail() -> None:
        async with database.write() as session:
            await session.fetch(_added("Jazz"))
            assert session.driver is not None, "the first statement has begun the transaction"
            await session.fetch(_added("Folk"))
            await session.execute(text(INSERT), {"name": "Rock"})
            raise LookupError

    with pytest.raises(LookupError):
        await add_and_fail()
    async with database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM genres"))).scalar() == 0
    await database.close()


async def test_a_constraint_that_the_driver_reports_is_named_and_tells_no_value(
    stores: Mapping[str, DomainStore],
) -> None:
    database, secret = connect(stores["catalog"]), uuid4().hex

    async def add_twice() -> None:
        async with database.write() as session:
            await session.fetch(_added(secret))
            await session.fetch(_added(secret))

    with pytest.raises(IntegrityError) as caught:
        await add_twice()
    assert violated_constraint(caught.value) == "genres_name_key"
    assert secret not in "".join(traceback.format_exception(caught.value))
    await database.close()


async def test_a_transaction_whose_connection_is_cut_under_the_driver_is_unavailable(
    postgres_server: EmbeddedPostgres, stores: Mapping[str, DomainStore]
) -> None:
    database = connect(stores["catalog"])
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'plait_catalog'"

    async def be_cut() -> None:
        async with database.write() as session:
            await session.fetch(_added("Jazz"))
            await administer(postgres_server, cut)
            await session.fetch(_added("Folk"))

    with pytest.raises(StoreUnavailable):
        await be_cut()
    await database.ping()
    await database.close()


async def test_of_connections_that_were_cut_while_idle_one_write_fails_and_not_one_for_each(
    postgres_server: EmbeddedPostgres, stores: Mapping[str, DomainStore]
) -> None:
    database, together = connect(stores["catalog"]), asyncio.Barrier(2)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'plait_catalog'"

    async def add(name: str) -> None:
        async with database.write() as session:
            await session.fetch(_added(name))
            await together.wait()

    async def add_alone() -> None:
        async with database.write() as session:
            await session.fetch(_added("Samba"))

    await asyncio.gather(add("Jazz"), add("Folk"))
    await administer(postgres_server, cut)
    with pytest.raises(StoreUnavailable):
        await add_alone()
    await asyncio.gather(add("Rock"), add("Soul"))
    await database.close()


async def test_a_transaction_that_is_given_up_while_it_begins_leaves_nobody_its_connection(
    stores: Mapping[str, DomainStore],
) -> None:
    database = connect(stores["catalog"])

    async def served_by() -> int:
        async with database.write() as session:
            return int((await session.execute(text("SELECT pg_backend_pid()"))).scalar_one())

    async def give_up() -> None:
        async with database.write() as session, asyncio.timeout(0):
            await session.fetch(_added("Jazz"))

    before = await served_by()
    with pytest.raises(TimeoutError):
        await give_up()
    assert await served_by() != before
    await database.close()


async def test_a_read_is_one_statement_without_a_transaction_around_it(
    stores: Mapping[str, DomainStore],
) -> None:
    database = connect(stores["users"])
    with sent_statements(database) as sent:
        async with database.read() as session:
            await session.execute(text("SELECT pg_current_xact_id_if_assigned()"))
            first = (await session.execute(text("SELECT now()"))).scalar()
            second = (await session.execute(text("SELECT now()"))).scalar()
    assert first != second, "a transaction would have one now()"
    assert len(sent) == 3
    await database.close()


async def test_a_tenant_lasts_as_long_as_its_transaction(stores: Mapping[str, DomainStore]) -> None:
    database = connect(stores["events"])
    tenant, setting = str(uuid4()), text("SELECT current_setting('app.tenant_id', true)")
    async with database.read(tenant) as session:
        assert (await session.execute(setting)).scalar() == tenant
    async with database.write(tenant) as session:
        assert (await session.execute(setting)).scalar() == tenant
    async with database.write() as session:
        assert (await session.execute(setting)).scalar() in {None, ""}
    await database.close()


async def test_reads_go_to_the_replica_and_writes_to_the_primary(
    postgres_server: EmbeddedPostgres, stores: Mapping[str, DomainStore], empty_database: str
) -> None:
    store = stores["users"]
    replica = postgres_server.url(empty_database, "plait_users")
    await administer(postgres_server, f"GRANT CONNECT ON DATABASE {empty_database} TO plait_users")
    database = connect(replace(store, replica_url=replica))
    name = text("SELECT current_database()")
    async with database.read() as session:
        assert (await session.execute(name)).scalar() == empty_database
    async with database.write() as session:
        assert (await session.execute(name)).scalar() != empty_database
    await database.close()


async def test_a_connection_cut_in_the_middle_is_unavailable_and_the_next_one_works(
    postgres_server: EmbeddedPostgres, stores: Mapping[str, DomainStore]
) -> None:
    database = connect(stores["users"])
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'plait_users'"

    async def be_cut() -> None:
        async with database.read() as session:
            await session.execute(text("SELECT 1"))
            await administer(postgres_server, cut)
            await session.execute(text("SELECT 1"))

    with pytest.raises(StoreUnavailable):
        await be_cut()
    await database.ping()
    await database.close()


async def test_waiting_too_long_for_a_connection_that_others_have_is_unavailable(
    stores: Mapping[str, DomainStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "POOL_SECONDS", 0.2)
    database = connect(stores["users"])
    async with AsyncExitStack() as stack:
        for _ in range(for_requests(stores["users"].connections).pooled):
            session = await stack.enter_async_context(database.read())
            await session.execute(text("SELECT 1"))
        with pytest.raises(StoreUnavailable, match="all connections of this domain were busy"):
            await database.ping()
    await database.ping()
    await database.close()


async def test_a_wrong_statement_is_not_mistaken_for_a_lost_connection(
    stores: Mapping[str, DomainStore],
) -> None:
    database = connect(stores["users"])
    with pytest.raises(DBAPIError, match="syntax error"):
        async with database.read() as session:
            await session.execute(text("SELEC 1"))
    await database.close()


async def test_a_failure_never_shows_the_values_it_failed_with(stores: Mapping[str, DomainStore]) -> None:
    database = connect(stores["catalog"])
    secret = uuid4().hex

    async def add_twice() -> None:
        async with database.write() as session:
            await session.execute(text(INSERT), {"name": secret})
            await session.execute(text(INSERT), {"name": secret})

    with pytest.raises(IntegrityError) as caught:
        await add_twice()
    shown = "".join(traceback.format_exception(caught.value))
    assert "genres_name_key" in shown
    assert secret not in shown
    await database.close()


async def test_a_full_disk_says_so_and_that_nothing_was_written(stores: Mapping[str, DomainStore]) -> None:
    """Raised by hand with the state PostgreSQL gives it: a test must not fill the machine's disk."""
    database = connect(stores["catalog"])
    full = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"

    async def fill() -> None:
        async with database.write() as session:
            await session.execute(text(INSERT), {"name": "Jazz"})
            await session.execute(text(full))

    with pytest.raises(StoreFull, match="its disk is full; nothing was written"):
        await fill()
    async with database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM genres"))).scalar() == 0
    await database.close()


async def test_an_error_of_migrating_names_the_host(stores: Mapping[str, DomainStore]) -> None:
    away = replace(stores["users"], admin_url="postgresql://admin:secret@127.0.0.1:9/plait")
    with pytest.raises(
        StoreUnavailable, match=r"cannot reach PostgreSQL at 127\.0\.0\.1:9/plait: "
    ) as caught:
        await upgrade(away)
    assert "secret" not in str(caught.value)
