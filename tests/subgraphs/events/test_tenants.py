"""Row-level security, tried as the service's own role with no condition in the statement at all: it is the
second lock, and must hold when the first is forgotten.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.config import DomainStore
from db.postgres import Database, WriteSession, connect
from subgraphs.registry import DOMAINS

OURS, THEIRS = UUID(int=1), UUID(int=2)
ADA, GRACE, EVE = UUID(int=11), UUID(int=12), UUID(int=13)
OPEN, DRAFT, FREE = UUID(int=21), UUID(int=22), UUID(int=23)
GUESTS = 5


@pytest.fixture
async def database(stores: Mapping[str, DomainStore]) -> AsyncIterator[Database]:
    """A tenant's published event with guests, its draft, and an event of nobody's tenant; Ada hosts all."""
    database = connect(stores["events"])
    async with acting(database, is_admin=True) as session:
        for event, tenant, published in ((OPEN, OURS, True), (DRAFT, OURS, False), (FREE, None, True)):
            await session.execute(
                text("""
                INSERT INTO events (id, tenant_id, host_id, title, status, starts_at, ends_at, published_at)
                VALUES (:id, :tenant, :host, 'x', :status, now() + interval '1 h', now() + interval '2 h',
                        CASE WHEN :published THEN now() END)"""),
                {
                    "id": event,
                    "tenant": tenant,
                    "host": ADA,
                    "status": "PUBLISHED" if published else "DRAFT",
                    "published": published,
                },
            )
        for event in (OPEN, DRAFT, FREE):
            for guest in range(GUESTS):
                await session.execute(
                    text("INSERT INTO event_attendees (event_id, user_id) VALUES (:event, :user)"),
                    {"event": event, "user": GRACE if guest == 0 else uuid4()},
                )
    yield database
    await database.close()


@asynccontextmanager
async def acting(
    database: Database, tenant: UUID | None = None, user: UUID | None = None, *, is_admin: bool = False
) -> AsyncIterator[WriteSession]:
    async with database.write(None if tenant is None else str(tenant)) as session:
        for name, value in (("user_id", user), ("is_admin", "on" if is_admin else None)):
            setting = text("SELECT set_config('app.' || :name, :value, true)")
            await session.execute(setting, {"name": name, "value": "" if value is None else str(value)})
        yield session


async def count(session: WriteSession, statement: str) -> int:
    return (await session.execute(text(statement))).rowcount


@pytest.mark.parametrize(
    ("tenant", "user", "seen", "written", "answers_seen", "answers_deleted"),
    [
        (None, None, 2, 0, 2 * GUESTS, 0),
        (THEIRS, EVE, 2, 0, 2 * GUESTS, 0),
        (THEIRS, GRACE, 2, 0, 2 * GUESTS, 3),
        (None, GRACE, 2, 0, 2 * GUESTS, 3),
        (None, ADA, 2, 1, 2 * GUESTS, GUESTS),
        (OURS, EVE, 3, 2, 3 * GUESTS, 0),
        (OURS, ADA, 3, 3, 3 * GUESTS, 3 * GUESTS),
    ],
)
async def test_a_role_that_forgets_every_condition_sees_and_writes_only_its_own(
    database: Database,
    tenant: UUID | None,
    user: UUID | None,
    seen: int,
    written: int,
    answers_seen: int,
    answers_deleted: int,
) -> None:
    async with acting(database, tenant, user) as session:
        assert await count(session, "SELECT 1 FROM events") == seen
        assert await count(session, "SELECT 1 FROM event_attendees") == answers_seen
        assert await count(session, "UPDATE events SET title = 'mine'") == written
        assert await count(session, "DELETE FROM event_attendees") == answers_deleted


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO event_attendees (event_id, user_id) VALUES (:open, :other)",
        "INSERT INTO events (host_id, title, tenant_id, starts_at, ends_at) "
        "VALUES (:me, 'x', :ours, now(), now() + interval '1 h')",
        "INSERT INTO events (host_id, title, starts_at, ends_at) "
        "VALUES (:other, 'x', now(), now() + interval '1 h')",
    ],
)
async def test_nothing_is_written_in_anothers_name(database: Database, statement: str) -> None:
    given = {"open": OPEN, "other": uuid4(), "me": EVE, "ours": OURS}
    used = {name: value for name, value in given.items() if f":{name}" in statement}
    with pytest.raises(DBAPIError, match="violates row-level security policy"):
        async with acting(database, THEIRS, EVE) as session:
            await session.execute(text(statement), used)


async def test_an_answer_cannot_claim_another_tenant_than_its_events(database: Database) -> None:
    claim = "INSERT INTO event_attendees (event_id, user_id, tenant_id) VALUES (:event, :user, :theirs)"
    async with acting(database, THEIRS, EVE) as session:
        await session.execute(text(claim), {"event": OPEN, "user": EVE, "theirs": THEIRS})
        stored = text("SELECT tenant_id FROM event_attendees WHERE user_id = :user")
        assert (await session.execute(stored, {"user": EVE})).scalar() == OURS


TENANT_TABLES = {
    "payments": {"payments", "refunds"},
    "tickets": {"events", "ticket_types", "registrations", "tickets", "check_ins"},
    "events": {"events", "event_attendees"},
    "analytics": {"known_events"},
    "users": {"organizations", "organization_members", "organization_invitations"},
}


@pytest.mark.parametrize("domain", DOMAINS)
async def test_every_table_with_a_tenant_has_policies_that_bind_its_service(
    domain: str, stores: Mapping[str, DomainStore]
) -> None:
    database = connect(stores[domain])
    tables = text("""
        SELECT c.relname, c.relrowsecurity, pg_get_userbyid(c.relowner) = current_user AS is_owner,
               (SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user) AS bypasses,
               c.relname = 'organizations' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
                       AND a.attname IN ('tenant_id', 'organization_id') AND NOT a.attisdropped) AS has_tenant
        FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace""")
    async with database.read() as session:
        found = (await session.execute(tables)).all()
    await database.close()
    assert found
    for table in found:
        assert (table.is_owner, table.bypasses) == (False, False)
        assert table.relrowsecurity >= table.has_tenant, table.relname
    assert {table.relname for table in found if table.has_tenant} == TENANT_TABLES.get(domain, set())


@pytest.mark.parametrize("domain", DOMAINS)
async def test_a_service_reads_no_other_domains_tables(
    domain: str, stores: Mapping[str, DomainStore]
) -> None:
    database = connect(stores[domain])
    for other, table in (
        ("users", "users"),
        ("posts", "posts"),
        ("catalog", "artists"),
        ("events", "venues"),
        ("tickets", "registrations"),
        ("payments", "payments"),
    ):
        if other != domain:
            with pytest.raises(DBAPIError, match="permission denied"):
                async with database.read() as session:
                    await session.execute(text(f"SELECT 1 FROM {other}.{table}"))
    await database.close()
