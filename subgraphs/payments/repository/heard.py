"""What the payments domain does about what tickets tells it, in the message's transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.kit import jobs
from subgraphs.kit.acting import OFFICE, act_as
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message
from subgraphs.payments.models import payments
from subgraphs.payments.repository.postgres import request_refund
from subgraphs.payments.repository.provider_word import get_locked, move
from subgraphs.payments.values import OPEN, PAID, Payment, PaymentStatus

CANCEL_QUEUE = "provider cancellations"


async def hear_of_registrations(session: WriteSession, message: Message) -> None:
    await act_as(session, OFFICE)
    actor, registration = Actor("job:registrations", request_id=str(message.id)), UUID(message.key)
    match message.type:
        case "RegistrationReserved":
            await _owe(session, registration, message)
        case "RegistrationCancelled" | "RegistrationExpired":
            await _end(session, registration, int(message.payload["refund_minor"]), actor)
        case "RegistrationRefundDue":
            payment = await get_locked(session, payments.c.registration_id == registration)
            if payment is not None and payment.status in PAID:
                await _give_back(session, payment, payment.amount_cents, actor)


async def _owe(session: WriteSession, registration: UUID, message: Message) -> None:
    """Somebody who waited and gets a seat owes for it from then on."""
    told = message.payload
    if not told["amount_minor"] or told["held_until"] is None:
        return
    row = {
        "tenant_id": None if told["tenant_id"] is None else UUID(told["tenant_id"]),
        "host_id": UUID(told["host_id"]),
        "event_id": UUID(told["event_id"]),
        "registration_id": registration,
        "user_id": UUID(told["user_id"]),
        "amount_cents": told["amount_minor"],
        "currency": told["currency"],
        "due_until": datetime.fromisoformat(told["held_until"]),
    }
    await session.execute(insert(payments).values(row).on_conflict_do_nothing())


async def _end(session: WriteSession, registration: UUID, refund: int, actor: Actor) -> None:
    payment = await get_locked(session, payments.c.registration_id == registration)
    if payment is None:
        return
    if payment.status in OPEN:
        await move(session, payment, PaymentStatus.CANCELLED, actor)
        if payment.provider_payment_id is not None:
            told = {"provider_payment_id": payment.provider_payment_id}
            await jobs.enqueue(session, CANCEL_QUEUE, told, unique_key=str(payment.id))
    elif payment.status in PAID and refund:
        await _give_back(session, payment, refund, actor)


async def _give_back(session: WriteSession, payment: Payment, amount: int, actor: Actor) -> None:
    """As much of it as is left: some may have gone back already."""
    left = min(amount, payment.amount_cents - payment.refunding_cents)
    if left > 0:
        reason = "The registration has ended."
        await request_refund(session, payment.id, left, reason, "registration ended", actor)


async def forget_person(session: WriteSession, user: UUID) -> None:
    """What was paid stays, as the books must; from where and with what somebody paid goes."""
    await act_as(session, OFFICE)
    theirs = update(payments).where(payments.c.user_id == user, payments.c.metadata.is_not(None))
    await session.execute(theirs.values(metadata=None))
