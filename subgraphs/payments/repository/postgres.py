"""Payments, refunds and findings in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.pages import page
from db.postgres import Database, WriteSession, violated_constraint
from db.statements import per_shape
from subgraphs.kit import audit, jobs
from subgraphs.kit.acting import OFFICE, Acting, reading, writing
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.payments.models import findings, payments, refunds, webhook_events
from subgraphs.payments.provider.port import ProviderEvent, ProviderPayment, ProviderRefund
from subgraphs.payments.repository.provider_word import apply_payment, apply_refund
from subgraphs.payments.repository.rows import finding_of, payment_of, refund_of
from subgraphs.payments.values import (
    Finding,
    NotPaid,
    Payment,
    PaymentId,
    Refund,
    RefundId,
    RegistrationId,
    TooMuch,
)

PAY, BACK = payments.c, refunds.c
REFUND_QUEUE = "provider refunds"
REFUSALS: Mapping[str | None, TooMuch | NotPaid] = {
    "payments_refunding": TooMuch(),
    "refunds_paid": NotPaid(),
}


class PostgresPaymentRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_ids(self, ids: Sequence[PaymentId], who: Acting) -> Mapping[PaymentId, Payment]:
        async with reading(self._database, who) as session:
            return {row.id: payment_of(row) for row in await session.fetch(_found(ids))}

    async def find_of_registrations(
        self, ids: Sequence[RegistrationId], who: Acting
    ) -> Mapping[RegistrationId, Payment]:
        async with reading(self._database, who) as session:
            rows = await session.fetch(_of_registrations(ids))
            return {row.registration_id: payment_of(row) for row in rows}

    async def start(
        self,
        payment: PaymentId,
        made: ProviderPayment,
        provider: str,
        method: str,
        metadata: bytes,
        who: Acting,
        actor: Actor,
    ) -> Payment | None:
        """As who pays, and no further than to PROCESSING: that it is paid is for the provider to say."""
        values = {
            "status": "PROCESSING",
            "provider": provider,
            "provider_payment_id": made.id,
            "method": method,
            "checkout_url": made.checkout_url,
            "metadata": metadata,
        }
        started = update(payments).where(PAY.id == payment, among(PAY.status, ["DUE", "PROCESSING"]))
        async with writing(self._database, who) as session:
            row = (await session.execute(started.values(values).returning(payments))).first()
            if row is None:
                return None
            await audit.record(session, actor, "start", "payment", payment, {"method": method})
            return payment_of(row)

    async def refund(
        self, payment: PaymentId, amount: int, reason: str, key: str, who: Acting, actor: Actor
    ) -> Refund | TooMuch | NotPaid:
        try:
            async with writing(self._database, who) as session:
                return await request_refund(session, payment, amount, reason, key, actor)
        except IntegrityError as error:
            refusal = REFUSALS.get(violated_constraint(error))
            if refusal is None:
                raise
            return refusal

    async def list_refunds(
        self, ids: Sequence[PaymentId], who: Acting
    ) -> Mapping[PaymentId, Sequence[Refund]]:
        listed: dict[PaymentId, list[Refund]] = {payment: [] for payment in ids}
        async with reading(self._database, who) as session:
            for row in await session.fetch(_refunds_of(ids)):
                listed[row.payment_id].append(refund_of(row))
        return listed

    async def find_refunds(self, ids: Sequence[RefundId], who: Acting) -> Mapping[RefundId, Refund]:
        async with reading(self._database, who) as session:
            return {row.id: refund_of(row) for row in await session.fetch(_refunds(ids))}

    async def hear(self, provider: str, event: ProviderEvent) -> None:
        seen = insert(webhook_events).values(provider=provider, event_id=event.id, type=event.type[:100])
        async with writing(self._database, OFFICE) as session:
            first = seen.on_conflict_do_nothing().returning(webhook_events.c.event_id)
            if (await session.execute(first)).first() is None:
                return
            about = await hear_about(session, provider, event.about, Actor(f"webhook:{provider}"))
            which = (webhook_events.c.provider == provider) & (webhook_events.c.event_id == event.id)
            await session.execute(update(webhook_events).where(which).values(payment_id=about))

    async def list_findings(self, request: PageRequest) -> Page[Finding]:
        async with self._database.read() as session:
            rows = await session.fetch(_findings(request))
        return Page.cut([finding_of(row) for row in rows], request)

    async def count_findings(self) -> int:
        async with self._database.read() as session:
            counted = select(func.count()).select_from(findings)
            return int((await session.execute(counted)).scalar_one())


async def hear_about(
    session: WriteSession, provider: str, about: ProviderPayment | ProviderRefund | None, actor: Actor
) -> Any:
    match about:
        case ProviderPayment():
            return await apply_payment(session, provider, about, actor)
        case ProviderRefund():
            return await apply_refund(session, provider, about, actor)
        case None:
            return None


async def request_refund(
    session: WriteSession, payment: PaymentId, amount: int, reason: str, key: str, actor: Actor
) -> Refund:
    """Noted, and told to the provider by a job. The same key again is the same refund."""
    values = {
        "id": uuid4(),
        "payment_id": payment,
        "amount_cents": amount,
        "reason": reason,
        "idempotency_key": key,
    }
    asked = insert(refunds).values(values).on_conflict_do_nothing(constraint="refunds_once")
    row = (await session.execute(asked.returning(refunds))).first()
    if row is not None:
        await jobs.enqueue(session, REFUND_QUEUE, {"refund": str(row.id)}, unique_key=str(row.id))
        told = {"amount_cents": amount, "reason": reason}
        await audit.record(session, actor, "request refund", "payment", payment, told)
        return refund_of(row)
    known = select(refunds).where(BACK.payment_id == payment, BACK.idempotency_key == key)
    return refund_of((await session.execute(known)).one())


@per_shape
def _found(ids: Sequence[PaymentId]) -> Select[Any]:
    return select(payments).where(among(PAY.id, ids))


@per_shape
def _of_registrations(ids: Sequence[RegistrationId]) -> Select[Any]:
    return select(payments).where(among(PAY.registration_id, ids))


@per_shape
def _refunds_of(ids: Sequence[PaymentId]) -> Select[Any]:
    return select(refunds).where(among(BACK.payment_id, ids)).order_by(BACK.created_at, BACK.id)


@per_shape
def _refunds(ids: Sequence[RefundId]) -> Select[Any]:
    return select(refunds).where(among(BACK.id, ids))


@per_shape
def _findings(request: PageRequest) -> Select[Any]:
    return page(select(findings), [findings.c.found_at, findings.c.id], request, descending=True)
