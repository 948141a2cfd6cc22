"""Who has a seat at which event, as tickets tells it, and who said that they come, as events does: who is
told that it moved, or is about to begin. Who is both hears once: the notices have one key.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, and_, delete, func, select, tuple_, union, update
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.kit.news import Row, keep_copy
from subgraphs.kit.outbox import Message
from subgraphs.notifications.models import goers, known_events, notification_causes, seats
from subgraphs.notifications.repository.keeping import keep, withdraw
from subgraphs.notifications.values import (
    REMINDED,
    Kind,
    Meaning,
    Notice,
    PersonId,
    Subjects,
    Withdrawal,
)

SEATED = seats.c
REMINDED_AT_ONCE = 500


async def follow_seats(session: WriteSession, message: Message) -> None:
    """The copies; a seat or an answer that is given back is reminded of no longer."""
    match message.type:
        case "AttendeesTold":
            await keep_copy(session, goers, message, _comes)
            for row in (*message.payload["rows"], *message.payload["gone"]):
                if not _comes(row):
                    await _unreminded(session, UUID(row["event_id"]), UUID(row["user_id"]))
        case "RegistrationConfirmed":
            told = message.payload
            row = {
                "registration_id": UUID(message.key),
                "event_id": UUID(told["event_id"]),
                "user_id": UUID(told["user_id"]),
            }
            await session.execute(insert(seats).values(row).on_conflict_do_nothing())
        case "RegistrationCancelled" | "RegistrationExpired":
            which = SEATED.registration_id == UUID(message.key)
            gone = delete(seats).where(which).returning(SEATED.event_id, SEATED.user_id)
            for seat in (await session.execute(gone)).all():
                await _unreminded(session, seat.event_id, seat.user_id)
        case "TicketTransferred":
            given = SEATED.user_id == UUID(message.payload["from_id"])
            which = and_(SEATED.registration_id == UUID(message.key), given)
            await session.execute(update(seats).where(which).values(user_id=UUID(message.payload["to_id"])))


async def moved_event(
    session: WriteSession, event: UUID, host: UUID, was: datetime, starts: datetime
) -> list[Meaning]:
    """For each who comes but the host, who moved it. Its reminders are of the time that it was at."""
    coming = (
        select(each.c.user_id).where(each.c.event_id == event, each.c.user_id != host)
        for each in (seats, goers)
    )
    people = (await session.execute(union(*coming))).scalars().all()
    key, facts = f"event {event} moved {starts.isoformat()}", {"was_at": was.isoformat()}
    about = Subjects(event_id=event)
    moved: list[Meaning] = [
        Notice(Kind.EVENT_MOVED, PersonId(user), key, f"event {event} moved", about=about, facts=facts)
        for user in people
    ]
    return [*moved, Withdrawal(soon_key(event, was))]


async def remind(session: WriteSession) -> None:
    """For a job: of events that begin within a day each who comes hears once; of one that moved, again."""
    for copy in (seats, goers):
        await _remind(session, copy)


async def _remind(session: WriteSession, copy: Table) -> None:
    known, now = known_events.c, func.now()
    soon = and_(known.status == "PUBLISHED", known.starts_at.between(now, now + REMINDED))
    due = (
        select(copy.c.event_id, copy.c.user_id)
        .join(known_events, known.id == copy.c.event_id)
        .where(soon, copy.c.reminded_for.is_distinct_from(known.starts_at))
        .limit(REMINDED_AT_ONCE)
    )
    reminded = (
        update(copy)
        .where(tuple_(copy.c.event_id, copy.c.user_id).in_(due), known.id == copy.c.event_id)
        .values(reminded_for=known.starts_at)
        .returning(copy.c.event_id, copy.c.user_id, known.starts_at, now.label("now"))
    )
    for row in (await session.execute(reminded)).all():
        key, about = soon_key(row.event_id, row.starts_at), Subjects(event_id=row.event_id)
        facts = {"starts_at": row.starts_at.isoformat()}
        notice = Notice(Kind.EVENT_SOON, PersonId(row.user_id), key, key, about=about, facts=facts)
        await keep(session, [notice], row.now)


def _comes(row: Row) -> bool:
    return row.get("status") == "GOING"


async def _unreminded(session: WriteSession, event: UUID, user: UUID) -> None:
    """Unless they come by the other way still."""
    coming = (
        select(each.c.user_id).where(each.c.event_id == event, each.c.user_id == user)
        for each in (seats, goers)
    )
    if (await session.execute(union(*coming))).first() is not None:
        return
    at = (await session.execute(select(known_events.c.starts_at).where(known_events.c.id == event))).scalar()
    if at is not None:
        theirs = notification_causes.c.recipient_id == user
        await withdraw(session, and_(notification_causes.c.key == soon_key(event, at), theirs))


def soon_key(event: UUID, starts: datetime) -> str:
    return f"event {event} soon {int(starts.timestamp())}"
