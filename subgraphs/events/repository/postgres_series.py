"""An event of a series and all after it, changed or cancelled together: in one transaction, under the lock of
each, taken in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, Uuid, and_, func, or_, select, true, update
from sqlalchemy.sql import column
from sqlalchemy.sql import values as rows

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.events.models import event_attendees, events
from subgraphs.events.repository.rows import event_of, lock, plain
from subgraphs.events.values import Event, EventChange, EventId, Reader

MOMENT = DateTime(timezone=True)
OPEN = among(events.c.status, ["DRAFT", "PUBLISHED"])


class NotAll(Exception):
    """Ends the transaction: one of them cannot be changed so."""


async def change_following(
    session: WriteSession, event_id: EventId, change: EventChange, reader: Reader, now: datetime
) -> Mapping[EventId, Event]:
    """By id. Raises NotAll."""
    mine = events.c.host_id == reader.user_id
    found = await _following(session, event_id, and_(mine, OPEN, events.c.ends_at > now))
    if not found:
        return {}
    others = {name: plain(value) for name, value in change.columns.items() if name not in TIMES}
    moved = rows(column("id", Uuid), column("starts_at", MOMENT), column("ends_at", MOMENT), name="moved")
    data = moved.data([(each.id, *_times(each, found[0], change)) for each in found])
    changed = (
        update(events)
        .where(events.c.id == data.c.id, mine, OPEN, data.c.ends_at > data.c.starts_at, _fits(change))
        .values(**others, starts_at=data.c.starts_at, ends_at=data.c.ends_at)
        .returning(events)
    )
    made = {row.id: event_of(row) for row in (await session.execute(changed)).all()}
    if len(made) != len(found):
        raise NotAll
    return made


async def cancel_following(
    session: WriteSession, event_id: EventId, reason: str | None, reader: Reader, now: datetime
) -> Mapping[EventId, Event]:
    mine = true() if reader.is_admin else events.c.host_id == reader.user_id
    said = {"status": "CANCELLED", "cancel_reason": reason}
    return await _set_following(session, event_id, and_(mine, OPEN, events.c.ends_at > now), said)


async def publish_following(
    session: WriteSession, event_id: EventId, reader: Reader, now: datetime
) -> Mapping[EventId, Event]:
    drafts = and_(events.c.host_id == reader.user_id, events.c.status == "DRAFT", events.c.ends_at > now)
    return await _set_following(session, event_id, drafts, {"status": "PUBLISHED", "published_at": now})


async def _set_following(
    session: WriteSession, event_id: EventId, which: ColumnElement[bool], columns: Mapping[str, object]
) -> Mapping[EventId, Event]:
    ids = [each.id for each in await _following(session, event_id, which)]
    changed = update(events).where(among(events.c.id, ids), which).values(columns).returning(events)
    return {row.id: event_of(row) for row in (await session.execute(changed)).all()}


TIMES = ("starts_at", "ends_at")


async def _following(session: WriteSession, event_id: EventId, which: ColumnElement[bool]) -> Sequence[Event]:
    """It first. Nothing when it is not one of those; read again once nobody else changes them."""
    first = select(events.c.series_id, events.c.starts_at).where(events.c.id == event_id).subquery()
    later = and_(events.c.series_id == first.c.series_id, events.c.starts_at > first.c.starts_at)
    listed = select(events).join(first, true()).where(or_(events.c.id == event_id, later), which)
    ids = [row.id for row in (await session.execute(listed)).all()]
    for each in sorted(ids):
        await lock(session, each)
    kept = select(events).where(among(events.c.id, ids), which).order_by(events.c.starts_at, events.c.id)
    found = [event_of(row) for row in (await session.execute(kept)).all()]
    return found if found and found[0].id == event_id else []


def _times(event: Event, first: Event, change: EventChange) -> tuple[datetime, datetime]:
    """As far from where it was as the first one's, on the clock where they are held."""
    starts: Any = change.columns.get("starts_at", first.starts_at)
    ends: Any = change.columns.get("ends_at", first.ends_at)
    zone: Any = change.columns.get("timezone", first.timezone)
    if event.id == first.id:
        return starts, ends
    moved = _local(starts, zone) - _local(first.starts_at, first.timezone)
    at = (_local(event.starts_at, event.timezone) + moved).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    lasts: timedelta = event.ends_at - event.starts_at if not _is_moved(change) else ends - starts
    return at, at + lasts


def _is_moved(change: EventChange) -> bool:
    return any(name in change.columns for name in TIMES)


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _fits(change: EventChange) -> ColumnElement[bool]:
    """Nobody who is going is sent away; a place of its own is for events without a venue."""
    columns = change.columns
    needs_place = columns.get("latitude") is not None and "venue_id" not in columns
    free: ColumnElement[bool] = events.c.venue_id.is_(None) if needs_place else true()
    if (most := columns.get("max_attendees")) is None:
        return free
    answers = event_attendees.c
    going = select(func.count()).where(answers.event_id == events.c.id, answers.status == "GOING")
    return and_(free, going.scalar_subquery() <= most)
