"""What is forgotten: notifications after a time, and everything of somebody who is gone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select

from db.postgres import WriteSession
from subgraphs.notifications.models import (
    blocks,
    contacts,
    follows,
    goers,
    known_events,
    known_posts,
    known_settings,
    names,
    notification_causes,
    notification_choices,
    notification_logs,
    notifications,
    private_accounts,
    push_devices,
    seats,
    user_notification_settings,
)
from subgraphs.notifications.repository.keeping import withdraw
from subgraphs.notifications.repository.visibility import recount
from subgraphs.notifications.values import KEPT_READ, KEPT_UNREAD, PersonId

AT_ONCE = 10_000
OWN = (
    (notifications, notifications.c.recipient_id),
    (notification_logs, notification_logs.c.recipient_id),
    (notification_choices, notification_choices.c.user_id),
    (user_notification_settings, user_notification_settings.c.user_id),
    (seats, seats.c.user_id),
    (goers, goers.c.user_id),
    (names, names.c.id),
    (contacts, contacts.c.id),
    (push_devices, push_devices.c.user_id),
    (known_settings, known_settings.c.user_id),
    (known_posts, known_posts.c.author_id),
    (private_accounts, private_accounts.c.user_id),
)


async def forget_old(session: WriteSession) -> None:
    """For a job. Causes and deliveries go with their notifications; the log lives as long."""
    noted, now = notifications.c, func.now()
    old = or_(
        and_(noted.read_at.is_not(None), noted.happened_at < now - KEPT_READ),
        noted.happened_at < now - KEPT_UNREAD,
    )
    some = select(noted.id).where(noted.happened_at < now - KEPT_READ, old).limit(AT_ONCE)
    gone = await session.execute(
        delete(notifications).where(noted.id.in_(some)).returning(noted.recipient_id)
    )
    await recount(session, gone.scalars())
    logged = notification_logs.c
    past = select(logged.id).where(logged.attempted_at < now - KEPT_UNREAD).limit(AT_ONCE)
    await session.execute(delete(notification_logs).where(logged.id.in_(past)))
    over = known_events.c.starts_at < now - KEPT_UNREAD
    await session.execute(delete(known_events).where(over))


async def forget_person(session: WriteSession, user: UUID) -> None:
    """What was told to them, what they did to others, and what is known of them."""
    await withdraw(session, notification_causes.c.actor_id == user)
    unnamed = notification_causes.c.actor_id == user
    await session.execute(delete(notification_causes).where(unnamed))
    for table, whose in OWN:
        await session.execute(delete(table).where(whose == user))
    for pair in (follows, blocks):
        theirs = or_(*(column == user for column in pair.primary_key.columns))
        await session.execute(delete(pair).where(theirs))
    await recount(session, [PersonId(user)])
