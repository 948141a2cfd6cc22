"""One contract for both repositories of events: PostgreSQL (with row-level security) and memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.postgres import connect
from subgraphs.events.repository import (
    AttendanceRepository,
    EventRepository,
    InMemoryAttendanceRepository,
    InMemoryEventRepository,
    PostgresAttendanceRepository,
    PostgresEventRepository,
)
from subgraphs.events.values import (
    ATTENDEES_BY_ANSWER,
    EVENTS_BY_START,
    AttendanceStatus,
    Event,
    EventCategory,
    EventChange,
    EventFilter,
    EventId,
    EventStatus,
    HostId,
    NewEvent,
    Reader,
    Venue,
    VenueId,
)
from subgraphs.kit.pages import PageRequest
from tests.support.postgres import migrated_stores

ADA, GRACE = HostId(uuid4()), HostId(uuid4())
ANYONE = Reader()
SOON = datetime(2026, 6, 1, 18, tzinfo=UTC)
PAGE = PageRequest(EVENTS_BY_START, 3)
GOING, INTERESTED = AttendanceStatus.GOING, AttendanceStatus.INTERESTED


@dataclass(frozen=True)
class Repositories:
    events: EventRepository
    attendance: AttendanceRepository


@pytest.fixture(params=["memory", "postgres"])
async def repositories(request: pytest.FixtureRequest) -> AsyncIterator[Repositories]:
    if request.param == "memory":
        attendance = InMemoryAttendanceRepository()
        yield Repositories(InMemoryEventRepository(attendance), attendance)
        return
    async with migrated_stores() as stores:
        database = connect(stores["events"])
        yield Repositories(PostgresEventRepository(database), PostgresAttendanceRepository(database))
        await database.close()


async def add(repositories: Repositories, title: str, day: int = 0, **details: Any) -> Event:
    settings = {
        "tenant_id": None,
        "host_id": ADA,
        "description": "",
        "category": EventCategory.MUSIC,
        "status": EventStatus.PUBLISHED,
        "timezone": "Europe/Berlin",
        "venue_id": None,
        "max_attendees": None,
        "starts_at": SOON + timedelta(days=day),
        "ends_at": SOON + timedelta(days=day, hours=2),
    } | details
    tenant = settings["tenant_id"]
    reader = Reader(settings["host_id"], None if tenant is None else str(tenant))
    return await repositories.events.add(NewEvent(id=EventId(uuid4()), title=title, **settings), reader)


def titles(page: Any) -> list[str]:
    return [event.title for event in page.items]


async def test_events_are_listed_by_start_and_filtered(repositories: Repositories) -> None:
    await add(repositories, "later", 2)
    await add(repositories, "sooner", 1)
    await add(repositories, "match", 3, category=EventCategory.SPORTS)
    listed = repositories.events.list_by_start
    assert titles(await listed(EventFilter(), ANYONE, PAGE)) == ["sooner", "later", "match"]
    assert titles(await listed(EventFilter(EventCategory.SPORTS), ANYONE, PAGE)) == ["match"]
    from_then = EventFilter(starting_from=SOON + timedelta(days=2))
    assert titles(await listed(from_then, ANYONE, PAGE)) == ["later", "match"]


async def test_a_draft_is_its_hosts_alone(repositories: Repositories) -> None:
    draft = await add(repositories, "draft", status=EventStatus.DRAFT)
    for reader, seen in ((ANYONE, []), (Reader(GRACE), []), (Reader(ADA), ["draft"])):
        assert titles(await repositories.events.list_by_start(EventFilter(), reader, PAGE)) == seen
        assert list(await repositories.events.find_by_ids([draft.id], reader)) == [draft.id] * len(seen)
        assert titles((await repositories.events.list_hosted([ADA], reader, PAGE))[ADA]) == seen


async def test_a_tenants_draft_is_seen_and_changed_with_its_tenants_token_only(
    repositories: Repositories,
) -> None:
    ours, theirs = uuid4(), uuid4()
    draft = await add(repositories, "draft", tenant_id=ours, status=EventStatus.DRAFT)
    colleague, stranger = Reader(GRACE, str(ours)), Reader(GRACE, str(theirs))
    assert list(await repositories.events.find_by_ids([draft.id], colleague)) == [draft.id]
    assert await repositories.events.find_by_ids([draft.id], stranger) == {}
    change = EventChange({"title": "changed"})
    assert await repositories.events.update(draft.id, change, stranger) is None
    assert await repositories.events.update(draft.id, change, Reader(ADA)) is None, "not without the tenant"
    changed = await repositories.events.update(draft.id, change, colleague)
    assert changed is not None
    assert changed.title == "changed"


async def test_a_published_event_of_a_tenant_is_public(repositories: Repositories) -> None:
    event = await add(repositories, "open", tenant_id=uuid4())
    assert await repositories.events.find_by_ids([event.id], ANYONE) == {event.id: event}


async def test_the_events_of_many_hosts_come_together(repositories: Repositories) -> None:
    for day in range(4):
        await add(repositories, f"ada {day}", day)
    await add(repositories, "grace", host_id=GRACE)
    stranger = HostId(uuid4())
    pages = await repositories.events.list_hosted([ADA, GRACE, stranger], ANYONE, PAGE)
    assert (titles(pages[ADA]), pages[ADA].has_next) == (["ada 0", "ada 1", "ada 2"], True)
    assert (titles(pages[GRACE]), titles(pages[stranger])) == (["grace"], [])
    after = PageRequest(EVENTS_BY_START, 3, after=pages[ADA].items[-1].position)
    assert titles((await repositories.events.list_hosted([ADA], ANYONE, after))[ADA]) == ["ada 3"]


async def test_an_event_changes_only_in_what_is_given(repositories: Repositories) -> None:
    event = await add(repositories, "first")
    changed = await repositories.events.update(
        event.id, EventChange({"title": "second", "category": EventCategory.ART}), Reader(ADA)
    )
    assert changed is not None
    assert (changed.title, changed.category, changed.starts_at) == (
        "second",
        EventCategory.ART,
        event.starts_at,
    )
    assert changed.updated_at > event.updated_at
    assert (
        await repositories.events.update(EventId(uuid4()), EventChange({"title": "x"}), Reader(ADA)) is None
    )


async def test_venues_are_found_together(repositories: Repositories) -> None:
    hall = Venue(VenueId(uuid4()), "Hall", "Street 1", "Berlin", 52.5, 13.4, 200)
    await repositories.events.add_venue(hall)
    assert await repositories.events.find_venues([hall.id, VenueId(uuid4())]) == {hall.id: hall}


async def test_answers_are_counted_listed_and_taken_back(repositories: Repositories) -> None:
    concert, match = await add(repositories, "concert"), await add(repositories, "match", 1)
    for user, answer in ((ADA, GOING), (GRACE, INTERESTED)):
        assert await repositories.attendance.answer(concert, user, answer)
    assert await repositories.attendance.answer(match, ADA, GOING)
    assert await repositories.attendance.answer(concert, GRACE, GOING), "a change of mind"
    assert await repositories.attendance.count_going([concert.id, match.id]) == {concert.id: 2, match.id: 1}
    page = PageRequest(ATTENDEES_BY_ANSWER, 5)
    attendees = await repositories.attendance.list_attendees([concert.id, match.id], page)
    assert [answer.user_id for answer in attendees[concert.id].items] == [ADA, GRACE]
    assert await repositories.attendance.find_answers(GRACE, [concert.id, match.id]) == {concert.id: GOING}
    attended = await repositories.events.list_attended([ADA, GRACE], ANYONE, PAGE)
    assert (titles(attended[ADA]), titles(attended[GRACE])) == (["concert", "match"], ["concert"])
    await repositories.attendance.withdraw(concert.id, GRACE)
    await repositories.attendance.withdraw(concert.id, GRACE)
    assert await repositories.attendance.count_going([concert.id]) == {concert.id: 1}


async def test_two_who_want_the_last_place_do_not_both_get_it(repositories: Repositories) -> None:
    event = await add(repositories, "small", max_attendees=3)
    users = [HostId(uuid4()) for _ in range(12)]
    answers = await asyncio.gather(*(repositories.attendance.answer(event, user, GOING) for user in users))
    assert answers.count(True) == 3
    assert await repositories.attendance.count_going([event.id]) == {event.id: 3}
    going = users[answers.index(True)]
    assert await repositories.attendance.answer(event, going, GOING), "who is in may say so again"
    assert await repositories.attendance.answer(event, HostId(uuid4()), INTERESTED), "interest needs no place"


async def test_row_security_binds_even_a_query_that_forgets_the_tenant() -> None:
    """The second lock: what the service's role sees and writes with no condition in the statement at all."""
    async with migrated_stores() as stores:
        database = connect(stores["events"])
        repositories = Repositories(PostgresEventRepository(database), PostgresAttendanceRepository(database))
        tenant = uuid4()
        await add(repositories, "draft", tenant_id=tenant, status=EventStatus.DRAFT)
        await add(repositories, "open", tenant_id=tenant)
        seen = text("SELECT string_agg(title, ',' ORDER BY title) FROM events")
        renamed = text("UPDATE events SET title = title")
        for who, titles_seen, writable in (
            (None, "open", 0),
            (uuid4(), "open", 0),
            (tenant, "draft,open", 2),
        ):
            async with database.write(None if who is None else str(who)) as session:
                assert (await session.execute(seen)).scalar() == titles_seen
                assert (await session.execute(renamed)).rowcount == writable
        with pytest.raises(DBAPIError, match="violates row-level security policy"):
            await repositories.events.add(_stolen(tenant), Reader(ADA, str(uuid4())))
        await database.close()


def _stolen(tenant: UUID) -> NewEvent:
    """An event for a tenant that the writer's token is not of."""
    times = {"starts_at": SOON, "ends_at": SOON + timedelta(hours=1), "timezone": "UTC"}
    kind = {"category": EventCategory.ART, "status": EventStatus.PUBLISHED, "description": ""}
    rest: dict[str, Any] = {**times, **kind, "venue_id": None, "max_attendees": None}
    return NewEvent(id=EventId(uuid4()), tenant_id=tenant, host_id=ADA, title="stolen", **rest)
