"""Db sessions: reads, writes, tenants, and what a lost connection looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.config import DomainStore
from db.embedded import EmbeddedPostgres
from db.errors import StoreUnavailable
from db.postgres import connect, violated_constraint
from tests.support.postgres import administer, counted_statements

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


async def test_a_read_is_one_statement_without_a_transaction_around_it(
    stores: Mapping[str, DomainStore],
) -> None:
    database = connect(stores["users"])
    with counted_statements(database) as sent:
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


async def test_a_wrong_statement_is_not_mistaken_for_a_lost_connection(
    stores: Mapping[str, DomainStore],
) -> None:
    database = connect(stores["users"])
    with pytest.raises(DBAPIError, match="syntax error"):
        async with database.read() as session:
            await session.execute(text("SELEC 1"))
    await database.close()
