"""What the tickets domain does about what others tell it, in the message's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.kit.acting import OFFICE, act_as
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message
from subgraphs.tickets.models import check_ins, events, registrations, tickets
from subgraphs.tickets.repository.seats import (
    confirm_paid,
    end,
    expire_held,
    lock_types,
    payment_failed,
    promote,
)
from subgraphs.tickets.values import Reason, RegistrationStatus

COLUMNS = ("tenant_id", "host_id", "status", "title", "is_public", "starts_at", "ends_at", "timezone")
EXPIRED_AT_ONCE = 200


async def hear_of_events(session: WriteSession, message: Message) -> None:
    """The copy follows. Of an event that does not take place all registrations end, paid ones in full."""
    await act_as(session, OFFICE)
    event = UUID(message.key)
    if message.type != "EventDeleted":
        values = {"id": event} | {name: _value(name, message.payload[name]) for name in COLUMNS}
        told = insert(events).values(values)
        kept = {name: told.excluded[name] for name in COLUMNS}
        await session.execute(told.on_conflict_do_update(index_elements=["id"], set_=kept))
    if message.type == "EventDeleted" or message.payload["status"] == "CANCELLED":
        await lock_types(session, event=event)
        which, actor = registrations.c.event_id == event, _job("events", message)
        await end(session, which, RegistrationStatus.CANCELLED, Reason.EVENT_CANCELLED, actor)
    if message.type == "EventDeleted":
        await _forget_event(session, event)


async def hear_of_payments(session: WriteSession, message: Message) -> None:
    await act_as(session, OFFICE)
    actor, payment = _job("payments", message), UUID(message.key)
    match message.type:
        case "PaymentSucceeded":
            await confirm_paid(session, UUID(message.payload["registration_id"]), payment, actor)
        case "PaymentFailed":
            await payment_failed(session, UUID(message.payload["registration_id"]), actor)


async def expire(session: WriteSession) -> None:
    """For a job. What it does not reach is reached the next time."""
    await act_as(session, OFFICE)
    await expire_held(session, EXPIRED_AT_ONCE, Actor("job:expire"))


async def forget_person(session: WriteSession, user: UUID) -> None:
    """Their seats at what is to come are free again, and what they paid goes back; what they were to is kept
    under an id that nobody can read any longer, with its payment. A ticket that was given to them goes with
    them.
    """
    await act_as(session, OFFICE)
    to_come = select(events.c.id).where(events.c.ends_at > func.now())
    theirs = (registrations.c.user_id == user) & registrations.c.event_id.in_(to_come)
    unused = ~select(check_ins.c.id).where(check_ins.c.registration_id == registrations.c.id).exists()
    kinds = sorted(
        set((await session.execute(select(registrations.c.ticket_type_id).where(theirs))).scalars())
    )
    for kind in kinds:
        await lock_types(session, kind)
    actor = Actor("job:departures")
    await end(session, theirs & unused, RegistrationStatus.CANCELLED, Reason.PERSON_GONE, actor)
    await promote(session, kinds, actor)
    held = update(tickets).where(tickets.c.holder_id == user, tickets.c.event_id.in_(to_come))
    await session.execute(held.values(status="VOID"))
    done = update(check_ins).where(check_ins.c.checked_in_by == user)
    await session.execute(done.values(checked_in_by=None))


async def _forget_event(session: WriteSession, event: UUID) -> None:
    """A draft that is gone has no registrations; the registrations of any other outlive it."""
    registered = select(literal(1)).where(registrations.c.event_id == event).exists()
    await session.execute(delete(events).where(events.c.id == event, ~registered))


def _value(name: str, told: Any) -> Any:
    if told is None:
        return None
    if name in ("starts_at", "ends_at"):
        return datetime.fromisoformat(told)
    return UUID(told) if name in ("tenant_id", "host_id") else told


def _job(name: str, message: Message) -> Actor:
    return Actor(f"job:{name}", request_id=str(message.id))
