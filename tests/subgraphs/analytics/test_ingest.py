"""What comes in: once however often it is told, kept as it is, about nobody, and added up as it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from subgraphs.analytics.demo import seed
from subgraphs.analytics.hearing import READERS
from subgraphs.analytics.models import metadata
from subgraphs.analytics.repository.keeping import RollUp, drop_old, forget_host, make_months, recount
from subgraphs.kit.demo import SIZES, World
from subgraphs.kit.jobs import Periodic
from tests.subgraphs.analytics.conftest import NOON, Analysis, around, paid, raw, registered, seen, told_at
from tests.support.postgres import SHARED, administer, shared_server

MONTH = f"analytics_events_{datetime.now(UTC):%Y_%m}"
EVENTS = "analytics.analytics_events"
EVERYTHING = """SELECT kind, sum(number)::int FROM analytics.rollups
    WHERE subject_id = '00000000-0000-0000-0000-000000000000' GROUP BY 1"""


async def assert_rollups_are_the_raw_sums(analysis: Analysis) -> None:
    await analysis.roll_up()
    expected = await raw()
    assert expected
    assert await analysis.rolled() == expected


@asynccontextmanager
async def cut_at(table: str) -> AsyncIterator[None]:
    """Whoever adds to the table is killed there, before the commit."""
    cut = """CREATE FUNCTION analytics.cut() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'cut' USING ERRCODE = '57P01'; END $$"""
    trigger = f"""CREATE TRIGGER cut AFTER INSERT ON analytics.{table}
        FOR EACH ROW EXECUTE FUNCTION analytics.cut()"""
    await administer(shared_server(), cut, trigger, database=SHARED)
    try:
        yield
    finally:
        await administer(shared_server(), "DROP FUNCTION analytics.cut CASCADE", database=SHARED)


async def test_a_message_that_is_told_twice_is_counted_once(analysis: Analysis) -> None:
    event = await analysis.event()
    messages = [registered(event), paid(event, 700), registered(event, "TicketCheckedIn")]
    for _ in range(3):
        await analysis.hear(*messages, messages[0])
    assert await raw(f"SELECT kind, amount_minor::int FROM {EVENTS} ORDER BY 1") == [
        ("CHECKED_IN", 0),
        ("PAID", 700),
        ("REGISTERED", 0),
    ]
    await assert_rollups_are_the_raw_sums(analysis)


async def test_the_same_messages_at_once_over_ten_connections_are_counted_once(analysis: Analysis) -> None:
    event = await analysis.event()
    messages = [registered(event) for _ in range(20)]
    await asyncio.gather(*(analysis.hear(*messages[::way]) for way in (1, -1) * 5))
    assert await raw(f"SELECT count(*)::int FROM {EVENTS}") == [(20,)]
    await asyncio.gather(*(RollUp(analysis.database).step() for _ in range(5)))
    await assert_rollups_are_the_raw_sums(analysis)


@pytest.mark.parametrize("at", ["receipts", "analytics_events", "pending_rollups"])
async def test_an_ingest_that_is_killed_at_any_step_leaves_nothing_and_is_done_again(
    analysis: Analysis, at: str
) -> None:
    messages = [registered(await analysis.event()), paid(uuid4(), 5)]
    async with cut_at(at):
        with pytest.raises(Exception, match="cut"):
            await analysis.hear(*messages)
    for table in ("receipts", "analytics_events", "pending_rollups"):
        assert await raw(f"SELECT count(*)::int FROM analytics.{table}") == [(0,)]
    await analysis.hear(*messages)
    assert len(await raw(f"SELECT 1 FROM {EVENTS}")) == 2
    await assert_rollups_are_the_raw_sums(analysis)


async def test_a_roll_up_that_is_killed_adds_nothing_and_is_done_again(analysis: Analysis) -> None:
    await analysis.hear(*(registered(uuid4()) for _ in range(3)))
    async with cut_at("rollups"):
        with pytest.raises(Exception, match="cut"):
            await RollUp(analysis.database).step()
    assert await analysis.rolled() == []
    await assert_rollups_are_the_raw_sums(analysis)


async def test_what_comes_late_is_added_to_the_time_it_happened_in(analysis: Analysis) -> None:
    host = analysis.person()
    event = await analysis.event(host.id)
    await analysis.hear(registered(event))
    await analysis.roll_up()
    await analysis.hear(registered(event, when=NOON - timedelta(days=6)), registered(event))
    await assert_rollups_are_the_raw_sums(analysis)
    days = (await analysis.shown(host, "Event", event, **around(NOON, 24 * 7)))["series"]
    assert [each["funnel"]["registrations"] for each in days if each["funnel"]["registrations"]] == [1, 2]


@pytest.mark.parametrize("hours", [24 * 365 * 50, 0.2, -24 * 40, -24 * 365 * 56])
async def test_a_clock_that_is_wrong_loses_nothing_and_makes_no_months(
    analysis: Analysis, hours: float
) -> None:
    there = "SELECT count(*)::int FROM pg_inherits WHERE inhparent = 'analytics.analytics_events'::regclass"
    months, now = await raw(there), datetime.now(UTC)
    await analysis.hear(registered(uuid4(), when=now + timedelta(hours=hours)))
    await analysis.hear(told_at(None, "users.relation", "UserFollowed", {}))
    believed = f"SELECT bool_and(occurred_at BETWEEN now() - interval '5 min' AND now()) FROM {EVENTS}"
    assert await raw(believed) == [(True,)]
    assert await raw(there) == months
    await assert_rollups_are_the_raw_sums(analysis)


async def test_a_month_whose_partition_is_missing_gets_it_with_its_first_event(analysis: Analysis) -> None:
    await administer(shared_server(), f"DROP TABLE analytics.{MONTH}", database=SHARED)
    await analysis.hear(registered(uuid4(), when=datetime.now(UTC)))
    assert await raw(f"SELECT count(*)::int FROM analytics.{MONTH}") == [(1,)]


async def test_months_are_made_ahead_and_old_ones_dropped_by_jobs_that_may_run_twice(
    analysis: Analysis,
) -> None:
    old = f"{datetime.now(UTC) - timedelta(days=31 * 27):%Y_%m}"
    later = f"{datetime.now(UTC).replace(day=15) + timedelta(days=91):%Y_%m}"
    first, after = f"{old.replace('_', '-')}-01", f"{old.replace('_', '-')}-02"
    await administer(
        shared_server(),
        f"""CREATE TABLE analytics.analytics_events_{old} PARTITION OF {EVENTS}
            FOR VALUES FROM ('{first}') TO ('{after}')""",
        f"""INSERT INTO {EVENTS} (source_id, kind, occurred_at)
            VALUES (gen_random_uuid(), 'VIEW', '{first}')""",
        f"DROP TABLE IF EXISTS analytics.analytics_events_{later}",
        database=SHARED,
    )
    event = await analysis.event()
    await analysis.hear(registered(event))
    await analysis.roll_up()
    rolled = await analysis.rolled()
    there = f"""SELECT to_regclass('analytics.analytics_events_{old}') IS NULL,
        to_regclass('analytics.analytics_events_{later}') IS NOT NULL"""
    assert await raw(there) == [(False, False)]
    for name in ("first", "second"):
        for job in (make_months, drop_old):
            await Periodic(f"{name} {job.__name__}", timedelta(days=1), job, analysis.database).step()
        assert await raw(there) == [(True, True)]
    assert await raw(f"SELECT kind FROM {EVENTS}") == [("REGISTERED",)]
    assert await analysis.rolled() == rolled, "rollups stay"
    with pytest.raises(DBAPIError, match="three months are kept"):
        async with analysis.database.write() as session:
            await session.execute(text("SELECT drop_analytics_months(0)"))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM analytics_events",
        "UPDATE analytics_events SET kind = 'VIEW'",
        "DELETE FROM analytics_events",
        "TRUNCATE analytics_events",
        "SELECT * FROM {month}",
        "INSERT INTO {month} (source_id, kind, occurred_at) VALUES (gen_random_uuid(), 'VIEW', now())",
    ],
)
async def test_the_service_adds_events_and_neither_reads_nor_changes_them(
    analysis: Analysis, statement: str
) -> None:
    await analysis.hear(registered(uuid4()))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with analysis.database.write() as session:
            await session.execute(text(statement.format(month=MONTH)))


@pytest.mark.parametrize("of", ["analytics_events", MONTH])
@pytest.mark.parametrize("change", ["UPDATE {} SET kind = 'VIEW'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_not_even_the_tables_owner_changes_events(analysis: Analysis, of: str, change: str) -> None:
    await analysis.hear(registered(uuid4(), when=datetime.now(UTC)))
    with pytest.raises(DBAPIError, match="analytics events are only added"):
        await administer(shared_server(), change.format(f"analytics.{of}"), database=SHARED)


async def test_rollups_that_are_wrong_are_counted_again_while_others_are_pending(analysis: Analysis) -> None:
    event, gone = await analysis.event(), uuid4()
    await analysis.hear(registered(event), paid(event, 900), *(registered(gone) for _ in range(3)))
    await analysis.roll_up()
    right = await analysis.rolled()
    await administer(
        shared_server(),
        "UPDATE analytics.rollups SET number = number + 7, amount_minor = 1 WHERE kind = 'PAID'",
        f"DELETE FROM analytics.rollups WHERE subject_id = '{gone}'",
        f"""INSERT INTO analytics.rollups VALUES ('{event}', '{NOON:%Y-%m-%d %H}:00Z', 'VIEW', '', 5, 0)""",
        database=SHARED,
    )
    await analysis.hear(registered(event))
    for wrong in (4, 0):
        async with analysis.database.write() as session:
            assert await recount(session) == wrong
        assert await analysis.rolled() == right
    await assert_rollups_are_the_raw_sums(analysis)


PEOPLE = {"user_id", "host_id", "follower_id", "followed_id", "author_id", "email", "name", "ip_address"}


async def test_no_table_but_the_copy_of_events_has_a_column_for_a_person() -> None:
    named = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.c}
    assert {each for each in named if each.partition(".")[2] in PEOPLE} == {"known_events.host_id"}


async def test_the_raw_events_are_global_and_name_no_tenant(analysis: Analysis) -> None:
    columns = """SELECT attname::text FROM pg_attribute
        WHERE attrelid = 'analytics.analytics_events'::regclass AND attnum > 0"""
    assert {name for (name,) in await raw(columns)} == set(metadata.tables["analytics_events"].c.keys())
    assert "tenant_id" not in metadata.tables["analytics_events"].c
    await analysis.hear(registered(await analysis.event(tenant=uuid4())))
    assert await raw(f"SELECT kind FROM {EVENTS}") == [("REGISTERED",)]


async def test_nothing_that_a_message_says_of_a_person_is_kept(analysis: Analysis) -> None:
    host, person = uuid4(), uuid4()
    state = {"tenant_id": None, "host_id": str(host), "is_public": True, "starts_at": NOON.isoformat()}
    event = await analysis.event(host)
    everything = {
        "user_id": str(person),
        "follower_id": str(person),
        "event_id": str(event),
        "was": "CONFIRMED",
        "amount_minor": 5,
        "currency": "EUR",
        "name": str(person),
        "gone": [],
        "timezone": "UTC",
        **state,
        "rows": [{"id": str(uuid4()), "author_id": str(person), "created_at": NOON.isoformat()}],
    }
    kinds = ("EventPublished", "RegistrationCancelled", "PaymentSucceeded", "PostsTold", "UserDeleted")
    for topic, kind in zip(
        ("events.event", "tickets.registration", "payments.payment", "posts.posts", "users.account"),
        kinds,
        strict=True,
    ):
        key = event if topic == "events.event" else person
        await analysis.hear(told_at(NOON, topic, kind, everything, key=key))
    ada = analysis.person(id=person)
    await analysis.view(ada, seen(event), user_agent="Firefox", x_forwarded_for="198.51.100.7")
    assert set(READERS) >= {"events.event", "tickets.registration", "payments.payment", "posts.posts"}
    async with analysis.database.write() as session:
        await forget_host(session, host)
    dump = []
    for table in metadata.tables:
        dump += [str(row) for row in await raw(f"SELECT t::text FROM analytics.{table} t")]
    assert len(dump) > 10
    for secret in (str(person), str(host), person.hex, "198.51.100.7", "Firefox"):
        assert not any(secret in row for row in dump), secret
    views = await raw(f"SELECT visitor FROM {EVENTS} WHERE kind = 'VIEW'")
    assert len(views[0][0]) == 16
    assert UUID(bytes=views[0][0]) != person


async def test_who_is_who_cannot_be_told_once_the_days_key_is_gone(analysis: Analysis) -> None:
    event, ada = await analysis.event(), analysis.person()
    await analysis.view(ada, seen(event))
    await administer(
        shared_server(),
        *(f"UPDATE analytics.{table} SET day = day - 3" for table in ("visitor_keys", "visitor_days")),
        database=SHARED,
    )
    async with analysis.database.write() as session:
        await drop_old(session)
    assert (
        await raw("SELECT 1 FROM analytics.visitor_keys UNION ALL SELECT 1 FROM analytics.visitor_days") == []
    )
    assert await raw(f"SELECT kind FROM {EVENTS}") == [("VIEW",)]


async def test_the_demo_worlds_numbers_are_a_funnel_and_are_added_once(analysis: Analysis) -> None:
    world = World(SIZES["small"])
    added = await seed(analysis.database, world)
    assert added == len(await raw(f"SELECT 1 FROM {EVENTS}"))
    assert await seed(analysis.database, World(world.size, world.now + timedelta(days=20))) == 0
    await assert_rollups_are_the_raw_sums(analysis)
    numbers = dict(await raw(EVERYTHING))
    assert numbers["VIEW"] > numbers["VISITOR"] > numbers["REGISTERED"] > numbers["CHECKED_IN"] > 0
    async with analysis.database.write() as session:
        assert await recount(session) == 0
