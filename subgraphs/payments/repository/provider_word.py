"""What the provider says, applied inside a transaction: by webhook, by its answer to a question, or both, in
any order and any number of times.

A payment moves only as its state machine allows; a word that would move it elsewhere came late and says
nothing new. A refund of what is not known to be paid says that it is. An amount that is not ours moves
nothing: somebody has to look at it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message
from subgraphs.payments.models import findings, payments, refunds
from subgraphs.payments.provider.port import ProviderPayment, ProviderRefund, ProviderStatus
from subgraphs.payments.repository.rows import payment_of
from subgraphs.payments.values import PAID, TRANSITIONS, FindingKind, Payment, PaymentStatus

TOPIC = "payments.payment"
BECOMES = {
    ProviderStatus.SUCCEEDED: PaymentStatus.SUCCEEDED,
    ProviderStatus.FAILED: PaymentStatus.FAILED,
    ProviderStatus.CANCELLED: PaymentStatus.CANCELLED,
}
TOLD = {
    PaymentStatus.SUCCEEDED: "PaymentSucceeded",
    PaymentStatus.FAILED: "PaymentFailed",
    PaymentStatus.CANCELLED: "PaymentFailed",
}
AT_PROVIDER = "Made at the provider."


async def apply_payment(
    session: WriteSession, provider: str, said: ProviderPayment, actor: Actor
) -> UUID | None:
    """Which payment it is about; None when it is none of ours."""
    payment = await _locked(session, provider, said.id, said.payment_id)
    if payment is None:
        if said.status is ProviderStatus.SUCCEEDED:
            await find_fault(session, FindingKind.UNKNOWN_PAYMENT, None, said.id, "it is not known here")
        return None
    if (said.amount_minor, said.currency) != (payment.amount_cents, payment.currency):
        detail = f"{said.amount_minor} {said.currency} instead of {payment.amount_cents} {payment.currency}"
        await find_fault(session, FindingKind.AMOUNT_DIFFERS, payment.id, said.id, detail)
        return payment.id
    if payment.provider_payment_id not in (None, said.id):
        if said.status is ProviderStatus.SUCCEEDED:
            await find_fault(
                session, FindingKind.PAID_TWICE, payment.id, said.id, "it was paid a second time"
            )
        return payment.id
    await _note_provider(session, payment, provider, said)
    becomes = BECOMES.get(said.status)
    if becomes is not None and becomes in TRANSITIONS[payment.status]:
        await move(session, payment, becomes, actor, failure=said.failure)
    return payment.id


async def apply_refund(
    session: WriteSession, provider: str, said: ProviderRefund, actor: Actor
) -> UUID | None:
    payment = await _locked(session, provider, said.provider_payment_id, None)
    if payment is None:
        return None
    if payment.status not in PAID:
        await move(session, payment, PaymentStatus.SUCCEEDED, actor)
    which = refunds.c.id == said.refund_id if said.refund_id else refunds.c.provider_refund_id == said.id
    row = (await session.execute(select(refunds).where(which, refunds.c.payment_id == payment.id))).first()
    if row is None:
        row = await _made_at_provider(session, payment, said)
    if row is None:
        return payment.id
    known = {"provider_refund_id": said.id}
    if row.status == "REQUESTED" and said.status in (ProviderStatus.SUCCEEDED, ProviderStatus.FAILED):
        known |= {"status": said.status.value}
        told = {"status": [row.status, said.status.value], "amount_cents": row.amount_cents}
        await audit.record(session, actor, "refund", "payment", payment.id, told)
        await outbox.add(session, _message(payment, f"Refund{said.status.value.title()}", row.amount_cents))
    await session.execute(update(refunds).where(refunds.c.id == row.id).values(known))
    return payment.id


async def move(
    session: WriteSession,
    payment: Payment,
    to: PaymentStatus,
    actor: Actor,
    *,
    failure: str | None = None,
) -> None:
    """`payment` is locked, and may go there."""
    values: dict[str, Any] = {"status": to.value, "failure_code": failure}
    if to is PaymentStatus.SUCCEEDED:
        values |= {"completed_at": func.now(), "failure_code": None}
    await session.execute(update(payments).where(payments.c.id == payment.id).values(values))
    await audit.record(
        session, actor, "move", "payment", payment.id, {"status": [payment.status.value, to.value]}
    )
    await outbox.add(session, _message(payment, TOLD[to], payment.amount_cents))


async def find_fault(
    session: WriteSession, kind: FindingKind, payment: UUID | None, provider_payment: str | None, detail: str
) -> None:
    """Noted once, however often it is found."""
    row = {
        "kind": kind.value,
        "payment_id": payment,
        "provider_payment_id": provider_payment,
        "detail": detail[:500],
    }
    await session.execute(insert(findings).values(row).on_conflict_do_nothing())


async def get_locked(session: WriteSession, which: ColumnElement[bool]) -> Payment | None:
    row = (await session.execute(select(payments).where(which).with_for_update())).first()
    return None if row is None else payment_of(row)


async def _locked(
    session: WriteSession, provider: str, provider_payment: str, ours: UUID | None
) -> Payment | None:
    theirs = (payments.c.provider == provider) & (payments.c.provider_payment_id == provider_payment)
    return await get_locked(session, theirs if ours is None else or_(payments.c.id == ours, theirs))


async def _note_provider(
    session: WriteSession, payment: Payment, provider: str, said: ProviderPayment
) -> None:
    if payment.provider_payment_id is None:
        known = {"provider": provider, "provider_payment_id": said.id}
        await session.execute(update(payments).where(payments.c.id == payment.id).values(known))


async def _made_at_provider(session: WriteSession, payment: Payment, said: ProviderRefund) -> Any:
    """Somebody gave money back there, by hand."""
    if said.refund_id is not None or said.status is not ProviderStatus.SUCCEEDED:
        return None
    if said.amount_minor > payment.amount_cents - payment.refunding_cents:
        detail = f"{said.amount_minor} {payment.currency} went back, which is more than was left"
        await find_fault(session, FindingKind.REFUND_TOO_LARGE, payment.id, said.id, detail)
        return None
    row = {
        "payment_id": payment.id,
        "amount_cents": said.amount_minor,
        "reason": AT_PROVIDER,
        "provider_refund_id": said.id,
        "idempotency_key": f"provider {said.id}"[:100],
    }
    return (await session.execute(insert(refunds).values(row).returning(refunds))).one()


def _message(payment: Payment, kind: str, amount: int) -> Message:
    facts = {
        "registration_id": str(payment.registration_id),
        "event_id": str(payment.event_id),
        "user_id": str(payment.user_id),
        "tenant_id": None if payment.tenant_id is None else str(payment.tenant_id),
        "amount_minor": amount,
        "currency": payment.currency,
    }
    return Message(TOPIC, str(payment.id), kind, facts)
