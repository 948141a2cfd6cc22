"""Events between rows and values, what a reader may see, and the settings that row-level security goes by."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import Enum
from operator import itemgetter
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    String,
    and_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)

from db.postgres import Database, WriteSession
from subgraphs.events.models import events
from subgraphs.events.values import (
    Event,
    EventCategory,
    EventFilter,
    EventId,
    EventStatus,
    Reader,
)
from subgraphs.kit.enums import Members

EVENTS = select(events)
COLUMNS = Event.__struct_fields__
_FACTS = itemgetter(*COLUMNS)
_CATEGORY, _STATUS = COLUMNS.index("category"), COLUMNS.index("status")
_CATEGORIES, _STATUSES = Members(EventCategory.OTHER), Members(EventStatus.CANCELLED)
PUBLISHED = events.c.status == literal_column("'PUBLISHED'")
"""Written out, so that a plan for any parameters can use the indexes that hold published events alone."""


@asynccontextmanager
async def writing(database: Database, reader: Reader) -> AsyncIterator[WriteSession]:
    """A transaction as somebody: their tenant, id and office are what the policies of the tables go by."""
    async with database.write(reader.tenant) as session:
        user = "" if reader.user_id is None else str(reader.user_id)
        office = "on" if reader.is_admin else ""
        settings = (("app.user_id", user), ("app.is_admin", office))
        await session.execute(select(*(func.set_config(name, value, True) for name, value in settings)))
        yield session


async def lock(session: WriteSession, event_id: EventId) -> None:
    """Answers to an event and changes of it come one at a time, until the transaction ends. The row itself
    cannot be locked: it may be another tenant's.
    """
    key = func.hashtextextended(cast(literal(str(event_id)), String), 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


def visible_to(reader: Reader) -> ColumnElement[bool]:
    seen: list[ColumnElement[bool]] = [events.c.published_at.is_not(None)]
    if reader.user_id is not None:
        seen.append(events.c.host_id == reader.user_id)
    if reader.tenant is not None:
        seen.append(and_(events.c.tenant_id.is_not(None), events.c.tenant_id == _uuid(reader.tenant)))
    return or_(*seen)


def _uuid(tenant: str | BindParameter[Any]) -> Any:
    return tenant if isinstance(tenant, BindParameter) else UUID(tenant)


def filtered(wanted: EventFilter, reader: Reader, now: datetime) -> Iterator[ColumnElement[bool]]:
    """Published events are everybody's: a list of them alone needs no other condition, and has an index."""
    yield or_(*(_has_status(status, now) for status in sorted(wanted.statuses, key=_name)))
    if wanted.statuses != {EventStatus.PUBLISHED}:
        yield visible_to(reader)
    for column, value in (
        (events.c.category, None if wanted.category is None else wanted.category.value),
        (events.c.venue_id, wanted.venue_id),
        (events.c.tenant_id, wanted.organization_id),
    ):
        yield true() if value is None else column == value
    if wanted.starts_after is not None:
        yield events.c.starts_at > wanted.starts_after
    if wanted.starts_before is not None:
        yield events.c.starts_at < wanted.starts_before
    if wanted.ends_before is not None:
        yield events.c.ends_at < wanted.ends_before


def _has_status(status: EventStatus, now: datetime) -> ColumnElement[bool]:
    match status:
        case EventStatus.PUBLISHED:
            return and_(PUBLISHED, events.c.ends_at > now)
        case EventStatus.COMPLETED:
            return or_(events.c.status == status.value, and_(PUBLISHED, events.c.ends_at <= now))
        case EventStatus.DRAFT | EventStatus.CANCELLED:
            kept: ColumnElement[bool] = events.c.status == status.value
            return kept
        case other:
            assert_never(other)


def plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def event_of(row: Row[Any]) -> Event:
    """A status that only a newer version knows is read as cancelled: it takes no answers and no changes."""
    facts: list[Any] = list(_FACTS(row._mapping))
    status = _STATUSES[facts[_STATUS]]
    if status is EventStatus.PUBLISHED and row.ends_at <= datetime.now(UTC):
        status = EventStatus.COMPLETED
    facts[_CATEGORY], facts[_STATUS] = _CATEGORIES[facts[_CATEGORY]], status
    return Event(*facts)


def _name(status: EventStatus) -> str:
    return status.name
