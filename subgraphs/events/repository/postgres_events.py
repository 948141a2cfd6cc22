"""Events and venues in PostgreSQL. Row-level security is the second lock: the tenant of the verified token
opens a tenant's rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, insert, or_, select, update

from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database
from subgraphs.events.models import event_attendees, events, venues
from subgraphs.events.values import (
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
from subgraphs.kit.pages import Page, PageRequest, pages_of

EVENTS = select(events)
BY_START = [events.c.starts_at, events.c.id]
VENUE_COLUMNS = [venues.c[name] for name in Venue.__dataclass_fields__]


class PostgresEventRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, event: NewEvent, reader: Reader) -> Event:
        values = {name: _plain(getattr(event, name)) for name in NewEvent.__dataclass_fields__}
        async with self._database.write(reader.tenant) as session:
            return _event((await session.execute(insert(events).values(values).returning(events))).one())

    async def find_by_ids(self, ids: Sequence[EventId], reader: Reader) -> Mapping[EventId, Event]:
        statement = EVENTS.where(events.c.id.in_(ids), _visible_to(reader))
        async with self._database.read(reader.tenant) as session:
            return {row.id: _event(row) for row in await session.execute(statement)}

    async def update(self, event_id: EventId, change: EventChange, reader: Reader) -> Event | None:
        values = {name: _plain(value) for name, value in change.columns.items()}
        async with self._database.write(reader.tenant) as session:
            if not values:
                row = (await session.execute(EVENTS.where(events.c.id == event_id))).first()
            else:
                statement = update(events).where(events.c.id == event_id).values(values).returning(events)
                row = (await session.execute(statement)).first()
        return None if row is None else _event(row)

    async def list_by_start(self, wanted: EventFilter, reader: Reader, request: PageRequest) -> Page[Event]:
        statement = EVENTS.where(_visible_to(reader))
        if wanted.category is not None:
            statement = statement.where(events.c.category == wanted.category.value)
        if wanted.starting_from is not None:
            statement = statement.where(events.c.starts_at >= wanted.starting_from)
        async with self._database.read(reader.tenant) as session:
            rows = (await session.execute(page(statement, BY_START, request, descending=False))).all()
        return Page.cut([_event(row) for row in rows], request)

    async def list_hosted(
        self, hosts: Sequence[HostId], reader: Reader, request: PageRequest
    ) -> Mapping[HostId, Page[Event]]:
        return await self._list_by(EVENTS, events.c.host_id, hosts, reader, request)

    async def list_attended(
        self, users: Sequence[HostId], reader: Reader, request: PageRequest
    ) -> Mapping[HostId, Page[Event]]:
        going = event_attendees.c.status == AttendanceStatus.GOING.value
        attended = select(events).join_from(event_attendees, events).where(going)
        return await self._list_by(attended, event_attendees.c.user_id, users, reader, request)

    async def add_venue(self, venue: Venue) -> Venue:
        values = {name: getattr(venue, name) for name in Venue.__dataclass_fields__}
        async with self._database.write() as session:
            await session.execute(insert(venues).values(values))
        return venue

    async def find_venues(self, ids: Sequence[VenueId]) -> Mapping[VenueId, Venue]:
        async with self._database.read() as session:
            rows = await session.execute(select(*VENUE_COLUMNS).where(venues.c.id.in_(ids)))
            return {row.id: Venue(**row._mapping) for row in rows}

    async def _list_by(
        self,
        statement: Select[Any],
        column: ColumnElement[Any],
        users: Sequence[HostId],
        reader: Reader,
        request: PageRequest,
    ) -> Mapping[HostId, Page[Event]]:
        visible = statement.where(_visible_to(reader))
        pages = pages_of_parents(visible, column, users, BY_START, request, descending=False)
        async with self._database.read(reader.tenant) as session:
            rows = await session.execute(pages)
            found = ((row._mapping[PARENT], _event(row)) for row in rows)
            return pages_of(users, found, request)


def _visible_to(reader: Reader) -> ColumnElement[bool]:
    seen = [events.c.status != EventStatus.DRAFT.value]
    if reader.user_id is not None:
        seen.append(events.c.host_id == reader.user_id)
    if reader.tenant is not None:
        seen.append(and_(events.c.tenant_id.is_not(None), events.c.tenant_id == UUID(reader.tenant)))
    return or_(*seen)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _event(row: Row[Any]) -> Event:
    values = {name: row._mapping[name] for name in Event.__dataclass_fields__}
    values |= {"category": EventCategory(row.category), "status": EventStatus(row.status)}
    return Event(**values)
