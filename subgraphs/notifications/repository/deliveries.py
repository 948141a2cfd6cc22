"""Deliveries: notifications that are to leave the house, and what became of them.

    new notification ── WAITING until due ── job ──► all that is due for a person on a channel, in one message
                             ▲                           │ sent            │ away
                             └── later, twice as long ───┼─────────────────┘ ── after a day: DEAD
                                                         ▼
                                                notification_logs, a row for each attempt

A job is only a bell: what is sent is what waits when it rings, and for what waits longer it rings
again. What was read, withdrawn or turned off meanwhile is not sent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.kit import jobs
from subgraphs.notifications.hours import due
from subgraphs.notifications.models import (
    contacts,
    notification_deliveries,
    notification_logs,
    notifications,
)
from subgraphs.notifications.repository.devices import devices_of
from subgraphs.notifications.repository.rows import IS_KNOWN, notification_of
from subgraphs.notifications.values import (
    Address,
    Channel,
    DeliveryStatus,
    Kind,
    Notification,
    NotificationId,
    PersonId,
    Settings,
)

DELIVER = "deliver"
WAITING = notification_deliveries.c.status == DeliveryStatus.WAITING.value
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
GIVEN_UP = timedelta(days=1)
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something to be sent."""

    notification: Notification
    is_visible: bool
    attempts: int
    created_at: datetime


async def deliver_later(
    session: WriteSession,
    notification: UUID,
    kind: Kind,
    settings: Settings,
    channels: Collection[Channel],
    now: datetime,
) -> None:
    for channel in sorted(channels, key=lambda each: each.value):
        at = due(kind, channel, settings, now)
        row = {"notification_id": notification, "channel": channel.value, "due_at": at, "created_at": now}
        await session.execute(
            insert(notification_deliveries).values(row | {"recipient_id": settings.user_id})
        )
        await ring(session, settings.user_id, channel, at)


async def ring(session: WriteSession, user: PersonId, channel: Channel, at: datetime) -> None:
    """One bell for all that is due within a minute."""
    minute = at.replace(second=0, microsecond=0)
    payload = {"user": str(user), "channel": channel.value}
    key = f"{user} {channel.value} {minute.isoformat()}"
    await jobs.enqueue(session, DELIVER, payload, due_at=at, unique_key=key)


async def list_due(session: WriteSession, user: PersonId, channel: Channel, now: datetime) -> list[Waiting]:
    """The oldest first, locked, so that two workers do not send the same."""
    delivery = notification_deliveries.c
    waiting = (
        select(notifications, delivery.attempts, delivery.created_at.label("since"))
        .join(notification_deliveries, delivery.notification_id == notifications.c.id)
        .where(delivery.recipient_id == user, delivery.channel == channel.value, WAITING)
        .where(delivery.due_at <= now, IS_KNOWN)
        .order_by(notifications.c.happened_at, notifications.c.id)
        .limit(AT_ONCE)
        .with_for_update(of=notification_deliveries, skip_locked=True)
    )
    rows = (await session.execute(waiting)).all()
    return [Waiting(notification_of(row), row.is_visible, row.attempts, row.since) for row in rows]


async def address_of(session: WriteSession, user: PersonId) -> Address:
    row = (await session.execute(select(contacts).where(contacts.c.id == user))).first()
    devices = await devices_of(session, user)
    if row is None:
        return Address(devices=devices)
    return Address(row.email if row.is_verified else None, row.telegram_id, devices)


async def settle(
    session: WriteSession,
    user: PersonId,
    channel: Channel,
    ids: Sequence[NotificationId],
    status: DeliveryStatus,
    detail: str | None = None,
    versions: Sequence[int | None] = (),
) -> None:
    """They are done with; a row of the log for each."""
    await _update(session, channel, ids, {"status": status.value})
    await _log(session, user, channel, ids, status.value, detail, versions)


async def put_off(
    session: WriteSession,
    user: PersonId,
    channel: Channel,
    waiting: Sequence[Waiting],
    detail: str,
    now: datetime,
) -> None:
    """The channel is away: again later, and given up after a day."""
    old = [each.notification.id for each in waiting if now - each.created_at > GIVEN_UP]
    again = [each for each in waiting if each.notification.id not in old]
    if old:
        await settle(session, user, channel, old, DeliveryStatus.DEAD, detail)
    if not again:
        return
    most = max(each.attempts for each in again)
    at = now + min(FIRST_PAUSE * 2 ** min(most, 20), LONGEST_PAUSE)
    ids = [each.notification.id for each in again]
    later = {"attempts": notification_deliveries.c.attempts + 1, "due_at": at}
    await _update(session, channel, ids, later)
    await _log(session, user, channel, ids, "FAILED", detail, ())


async def postpone(session: WriteSession, channel: Channel, waiting: Sequence[Waiting], at: datetime) -> None:
    """It has become quiet since; nothing was attempted."""
    await _update(session, channel, [each.notification.id for each in waiting], {"due_at": at})


async def ring_again(session: WriteSession, user: PersonId, channel: Channel, now: datetime) -> None:
    """When the next of what waits is due, but not at once: another worker may be sending it. So no bell is
    lost by one that rang too early, by a clock that differs, or for more than it could send.
    """
    delivery = notification_deliveries.c
    theirs = (delivery.recipient_id == user) & (delivery.channel == channel.value) & WAITING
    due_next = (await session.execute(select(func.min(delivery.due_at)).where(theirs))).scalar()
    if due_next is not None:
        await ring(session, user, channel, max(due_next, now + FIRST_PAUSE))


async def _update(
    session: WriteSession, channel: Channel, ids: Sequence[NotificationId], values: dict[str, Any]
) -> None:
    delivery = notification_deliveries.c
    which = among(delivery.notification_id, ids) & (delivery.channel == channel.value)
    await session.execute(update(notification_deliveries).where(which).values(values))


async def _log(
    session: WriteSession,
    user: PersonId,
    channel: Channel,
    ids: Sequence[NotificationId],
    outcome: str,
    detail: str | None,
    versions: Sequence[int | None],
) -> None:
    padded = [*versions, *([None] * (len(ids) - len(versions)))]
    rows = [
        {
            "notification_id": each,
            "recipient_id": user,
            "channel": channel.value,
            "outcome": outcome,
            "detail": None if detail is None else detail[:500],
            "template_version": version,
        }
        for each, version in zip(ids, padded, strict=True)
    ]
    await session.execute(insert(notification_logs), rows)
