"""Events in PostgreSQL. What a change depends on is in its statement; row-level security is a second lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, literal, select, text, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningUpdate

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, WriteSession, violated_constraint
from db.statements import Ready, per_shape
from subgraphs.events.models import event_attendees, events
from subgraphs.events.models.said import reviews
from subgraphs.events.repository.postgres_series import (
    NotAll,
    cancel_following,
    change_following,
    publish_following,
)
from subgraphs.events.repository.rows import (
    EVENTS,
    PUBLISHED,
    event_of,
    filtered,
    lock,
    plain,
    visible_to,
    writing,
)
from subgraphs.events.values import (
    Event,
    EventChange,
    EventFilter,
    EventId,
    HostId,
    NewEvent,
    OrganizationId,
    Reader,
    SeriesId,
    VenueId,
)
from subgraphs.kit import repeats
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.kit.repeats import Attempt

BY_START = [events.c.starts_at, events.c.id]
OPEN = among(events.c.status, ["DRAFT", "PUBLISHED"])
VENUE_KEY = "events_venue_id_fkey"
Parent = TypeVar("Parent", bound=UUID)


class PostgresEventRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: Sequence[NewEvent], reader: Reader, attempt: Attempt | None) -> Event | None:
        values = [
            {name: plain(getattr(event, name)) for name in NewEvent.__dataclass_fields__} for event in new
        ]
        try:
            async with writing(self._database, reader) as session:
                made = await repeats.earlier(session, attempt, new[0].id)
                if made is not None:
                    return await _made(session, EventId(made))
                await session.execute(insert(events).values(values))
                first = await _made(session, new[0].id)
        except IntegrityError as error:
            if violated_constraint(error) == VENUE_KEY:
                return None
            raise
        await self._changed(*(event.id for event in new))
        return first

    async def find_by_ids(self, ids: Sequence[EventId], reader: Reader) -> Mapping[EventId, Event]:
        async with self._database.read(reader.tenant) as session:
            return {row.id: event_of(row) for row in await session.fetch(_found(ids, reader))}

    async def update(
        self, event_id: EventId, change: EventChange, reader: Reader, now: datetime
    ) -> Event | None:
        values = {name: plain(value) for name, value in change.columns.items()}
        statement = _own(event_id, reader).where(OPEN, events.c.ends_at > now, _holds(change))
        changed = statement.values(values or {"title": events.c.title})
        try:
            return await self._change(event_id, reader, changed)
        except IntegrityError as error:
            if violated_constraint(error) == VENUE_KEY:
                return None
            raise

    async def publish(self, event_id: EventId, reader: Reader, now: datetime) -> Event | None:
        draft = _own(event_id, reader).where(events.c.status == "DRAFT", events.c.ends_at > now)
        return await self._change(event_id, reader, draft.values(status="PUBLISHED", published_at=now))

    async def cancel(
        self, event_id: EventId, reason: str | None, reader: Reader, now: datetime
    ) -> Event | None:
        which = update(events).where(events.c.id == event_id) if reader.is_admin else _own(event_id, reader)
        open_ = which.where(OPEN, events.c.ends_at > now)
        return await self._change(event_id, reader, open_.values(status="CANCELLED", cancel_reason=reason))

    async def change_following(
        self, event_id: EventId, change: EventChange, reader: Reader, now: datetime
    ) -> Event | None:
        try:
            async with writing(self._database, reader) as session:
                made = await change_following(session, event_id, change, reader, now)
        except NotAll:
            return None
        except IntegrityError as error:
            if violated_constraint(error) == VENUE_KEY:
                return None
            raise
        await self._changed(*made)
        return made.get(event_id)

    async def cancel_following(
        self, event_id: EventId, reason: str | None, reader: Reader, now: datetime
    ) -> Event | None:
        async with writing(self._database, reader) as session:
            made = await cancel_following(session, event_id, reason, reader, now)
        await self._changed(*made)
        return made.get(event_id)

    async def publish_following(self, event_id: EventId, reader: Reader, now: datetime) -> Event | None:
        async with writing(self._database, reader) as session:
            made = await publish_following(session, event_id, reader, now)
        await self._changed(*made)
        return made.get(event_id)

    async def remove(self, event_id: EventId, reader: Reader) -> bool:
        answered = select(literal(1)).where(event_attendees.c.event_id == event_id).exists()
        reviewed = select(literal(1)).where(reviews.c.event_id == event_id).exists()
        mine = and_(events.c.id == event_id, events.c.host_id == reader.user_id, ~answered, ~reviewed)
        async with writing(self._database, reader) as session:
            await lock(session, event_id)
            removed = (await session.execute(delete(events).where(mine))).rowcount > 0
        await self._changed(event_id)
        return removed

    async def list_events(self, wanted: EventFilter, reader: Reader, request: PageRequest) -> Page[Event]:
        async with self._database.read(reader.tenant) as session:
            rows = await session.fetch(_listed(wanted, reader, request, datetime.now(UTC)))
        return Page.cut([event_of(row) for row in rows], request)

    async def count_events(self, wanted: EventFilter, reader: Reader) -> int:
        async with self._database.read(reader.tenant) as session:
            return int(await session.fetch_value(_counted(wanted, reader, datetime.now(UTC))))

    async def list_hosted(
        self, hosts: Sequence[HostId], reader: Reader, request: PageRequest
    ) -> Mapping[HostId, Page[Event]]:
        return await self._pages(hosts, reader, request, _hosted(hosts, reader, request))

    async def count_hosted(self, hosts: Sequence[HostId], reader: Reader) -> Mapping[HostId, int]:
        return await self._count(reader, _counts_hosted(hosts, reader))

    async def list_of_organizations(
        self, organizations: Sequence[OrganizationId], reader: Reader, request: PageRequest
    ) -> Mapping[OrganizationId, Page[Event]]:
        listed = _of_organizations(organizations, reader, request)
        return await self._pages(organizations, reader, request, listed)

    async def count_of_organizations(
        self, organizations: Sequence[OrganizationId], reader: Reader
    ) -> Mapping[OrganizationId, int]:
        return await self._count(reader, _counts_of_organizations(organizations, reader))

    async def list_at_venues(
        self, venues: Sequence[VenueId], reader: Reader, request: PageRequest
    ) -> Mapping[VenueId, Page[Event]]:
        listed = _at_venues(venues, request, datetime.now(UTC))
        return await self._pages(venues, reader, request, listed)

    async def list_of_series(
        self, series: Sequence[SeriesId], reader: Reader, request: PageRequest
    ) -> Mapping[SeriesId, Page[Event]]:
        return await self._pages(series, reader, request, _of_series(series, reader, request))

    async def count_of_series(self, series: Sequence[SeriesId], reader: Reader) -> Mapping[SeriesId, int]:
        return await self._count(reader, _counts_of_series(series, reader))

    async def count_at_venues(self, venues: Sequence[VenueId], reader: Reader) -> Mapping[VenueId, int]:
        return await self._count(reader, _counts_at_venues(venues, datetime.now(UTC)))

    async def _change(
        self, event_id: EventId, reader: Reader, statement: ReturningUpdate[Any] | Any
    ) -> Event | None:
        async with writing(self._database, reader) as session:
            await lock(session, event_id)
            row = (await session.execute(statement.returning(events))).first()
        await self._changed(event_id)
        return None if row is None else event_of(row)

    async def _changed(self, *ids: EventId) -> None:
        """After the commit, for who keeps copies of them."""

    async def _pages(
        self, parents: Sequence[Parent], reader: Reader, request: PageRequest, pages: Ready
    ) -> Mapping[Parent, Page[Event]]:
        async with self._database.read(reader.tenant) as session:
            rows = await session.fetch(pages)
            found = ((row._mapping[PARENT], event_of(row)) for row in rows)
            return pages_of(parents, found, request)

    async def _count(self, reader: Reader, counts: Ready) -> Mapping[Any, int]:
        async with self._database.read(reader.tenant) as session:
            return {row.parent: row.number for row in await session.fetch(counts)}


async def complete_ended(session: WriteSession) -> None:
    """For a job: published events that are over are marked so. Nothing that is read waits for it (an event
    that is over reads as completed), but it keeps the index of what is to come short.
    """
    await session.execute(text("SELECT complete_ended_events()"))


def list_statement(wanted: EventFilter, reader: Reader, request: PageRequest, now: datetime) -> Select[Any]:
    listed = EVENTS.where(*filtered(wanted, reader, now))
    return page(listed, BY_START, request, descending=request.ordering.descending)


_listed = per_shape(list_statement)


async def _made(session: WriteSession, event_id: EventId) -> Event:
    row = (await session.execute(EVENTS.where(events.c.id == event_id))).first()
    if row is None:
        raise repeats.gone("event")
    return event_of(row)


@per_shape
def _found(ids: Sequence[EventId], reader: Reader) -> Select[Any]:
    return EVENTS.where(among(events.c.id, ids), visible_to(reader))


@per_shape
def _counted(wanted: EventFilter, reader: Reader, now: datetime) -> Select[Any]:
    return select(func.count()).select_from(events).where(*filtered(wanted, reader, now))


@per_shape
def _hosted(hosts: Sequence[HostId], reader: Reader, request: PageRequest) -> Select[Any]:
    return _pages_by(events.c.host_id, hosts, visible_to(reader), request)


@per_shape
def _of_organizations(
    organizations: Sequence[OrganizationId], reader: Reader, request: PageRequest
) -> Select[Any]:
    return _pages_by(events.c.tenant_id, organizations, visible_to(reader), request)


@per_shape
def _counts_of_organizations(organizations: Sequence[OrganizationId], reader: Reader) -> Select[Any]:
    return _counts_by(events.c.tenant_id, organizations, visible_to(reader))


@per_shape
def _of_series(series: Sequence[SeriesId], reader: Reader, request: PageRequest) -> Select[Any]:
    return _pages_by(events.c.series_id, series, visible_to(reader), request)


@per_shape
def _counts_of_series(series: Sequence[SeriesId], reader: Reader) -> Select[Any]:
    return _counts_by(events.c.series_id, series, visible_to(reader))


@per_shape
def _at_venues(venues: Sequence[VenueId], request: PageRequest, now: datetime) -> Select[Any]:
    return _pages_by(events.c.venue_id, venues, _upcoming(now), request)


@per_shape
def _counts_hosted(hosts: Sequence[HostId], reader: Reader) -> Select[Any]:
    return _counts_by(events.c.host_id, hosts, visible_to(reader))


@per_shape
def _counts_at_venues(venues: Sequence[VenueId], now: datetime) -> Select[Any]:
    return _counts_by(events.c.venue_id, venues, _upcoming(now))


def _pages_by(
    column: ColumnElement[Any], parents: Sequence[UUID], which: ColumnElement[bool], request: PageRequest
) -> Select[Any]:
    falling = request.ordering.descending
    return pages_of_parents(EVENTS.where(which), column, parents, BY_START, request, descending=falling)


def _counts_by(
    column: ColumnElement[Any], parents: Sequence[UUID], which: ColumnElement[bool]
) -> Select[Any]:
    counted = select(column.label("parent"), func.count().label("number"))
    return counted.where(among(column, parents), which).group_by(column)


def _own(event_id: EventId, reader: Reader) -> Any:
    return update(events).where(events.c.id == event_id, events.c.host_id == reader.user_id)


def _upcoming(now: datetime) -> ColumnElement[bool]:
    return and_(PUBLISHED, events.c.ends_at > now)


def _holds(change: EventChange) -> ColumnElement[bool]:
    """What must be true of the event once it is changed, whatever it is now."""
    columns = change.columns
    starts = literal(columns["starts_at"]) if "starts_at" in columns else events.c.starts_at
    ends = literal(columns["ends_at"]) if "ends_at" in columns else events.c.ends_at
    most = columns.get("max_attendees")
    has_place = columns.get("latitude") is not None and "venue_id" not in columns
    free: ColumnElement[bool] = events.c.venue_id.is_(None) if has_place else true()
    if most is None:
        return and_(ends > starts, free)
    going = (
        select(func.count())
        .select_from(event_attendees)
        .where(event_attendees.c.event_id == events.c.id, event_attendees.c.status == "GOING")
        .scalar_subquery()
    )
    return and_(ends > starts, free, going <= most)
