"""What events hears of tickets: which events are registered for, and who was let in. Nothing else is kept of
a registration.

A check-in and its undoing name the check-in, and each leaves the same row whichever is heard first and
however often. The outbox keeps the order of one registration's messages, but one that failed too often is
put aside (dead_letters) and may be heard after its successors.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Uuid, delete, literal, select
from sqlalchemy.dialects.postgresql import Insert, insert

from db.postgres import WriteSession
from subgraphs.events.models import events
from subgraphs.events.models.said import check_ins, ticketed_events
from subgraphs.kit.outbox import Message

UNKNOWN = UUID(int=0)
"""The check-in of a message, or a row, of a release that did not say which."""


async def hear_of_tickets(session: WriteSession, message: Message) -> None:
    """Of an event that is there; hearing it twice is hearing it once."""
    match message.type:
        case "RegistrationConfirmed":
            await _note_sold(session, message)
        case "TicketCheckedIn":
            await _note_sold(session, message)
            await session.execute(_row(message).on_conflict_do_nothing())
        case "TicketCheckInUndone" if "check_in_id" in message.payload:
            await _undo(session, message)


async def _note_sold(session: WriteSession, message: Message) -> None:
    which = events.c.id == UUID(message.payload["event_id"])
    sold = insert(ticketed_events).from_select(["event_id"], select(events.c.id).where(which))
    await session.execute(sold.on_conflict_do_nothing())


async def _undo(session: WriteSession, message: Message) -> None:
    """Of a check-in that was never heard of, it is the one that is not known by its id."""
    undone = _row(message, undone=True)
    if (await session.execute(undone.on_conflict_do_nothing().returning(check_ins.c.event_id))).first():
        unknown = check_ins.c.check_in_id == UNKNOWN
        await session.execute(delete(check_ins).where(*_theirs(message), unknown))
    else:
        this = check_ins.c.check_in_id == _check_in(message)
        await session.execute(check_ins.update().where(*_theirs(message), this).values(undone=True))


def _row(message: Message, *, undone: bool = False) -> Insert:
    of = select(
        events.c.id,
        literal(UUID(message.payload["user_id"]), Uuid),
        literal(_check_in(message), Uuid),
        literal(undone, Boolean),
    ).where(events.c.id == UUID(message.payload["event_id"]))
    return insert(check_ins).from_select(["event_id", "user_id", "check_in_id", "undone"], of)


def _theirs(message: Message) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    event, user = UUID(message.payload["event_id"]), UUID(message.payload["user_id"])
    return check_ins.c.event_id == event, check_ins.c.user_id == user


def _check_in(message: Message) -> UUID:
    return UUID(message.payload["check_in_id"]) if "check_in_id" in message.payload else UNKNOWN
