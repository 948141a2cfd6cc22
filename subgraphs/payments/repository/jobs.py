"""What is told to the provider later, and what is compared with its word: jobs that bear being done twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update

from db.postgres import WriteSession
from subgraphs.kit.acting import OFFICE, act_as
from subgraphs.kit.audit import Actor
from subgraphs.payments.models import payments, refunds
from subgraphs.payments.provider.port import (
    PaymentProvider,
    ProviderOff,
    ProviderPayment,
    ProviderRefused,
    ProviderStatus,
)
from subgraphs.payments.repository.provider_word import apply_payment, apply_refund, find_fault, get_locked
from subgraphs.payments.values import PAID, FindingKind, PaymentStatus

ASKED_AT_ONCE = 50
QUIET = timedelta(minutes=1)
"""So long a webhook is waited for before the provider is asked."""
COMPARED = timedelta(days=2)
LEDGER_FAULTS = text("SELECT payment_id, detail FROM ledger_faults() LIMIT 1000")


@dataclass(frozen=True, slots=True)
class ProviderJobs:
    """Each raises StoreUnavailable while the provider is away: then it is tried again, and not counted."""

    provider: PaymentProvider

    async def refund(self, session: WriteSession, payload: Mapping[str, Any]) -> None:
        await act_as(session, OFFICE)
        asked = select(refunds, payments.c.provider_payment_id).join(payments)
        which = asked.where(refunds.c.id == UUID(payload["refund"]), refunds.c.status == "REQUESTED")
        row = (await session.execute(which)).first()
        if row is None:
            return
        actor = Actor("job:refunds")
        try:
            said = await self.provider.refund(row.id, row.provider_payment_id, row.amount_cents)
        except ProviderRefused as refused:
            await get_locked(session, payments.c.id == row.payment_id)
            failed = update(refunds).where(refunds.c.id == row.id, refunds.c.status == "REQUESTED")
            await session.execute(failed.values(status="FAILED"))
            detail = f"a refund of {row.amount_cents} was refused: {refused.failure}"
            await find_fault(
                session, FindingKind.REFUND_FAILED, row.payment_id, row.provider_payment_id, detail
            )
            return
        await apply_refund(session, self.provider.name, said, actor)

    async def cancel(self, session: WriteSession, payload: Mapping[str, Any]) -> None:
        await self.provider.cancel(payload["provider_payment_id"])

    async def ask_about_open(self, session: WriteSession) -> None:
        """Webhooks may be lost: who paid hears of it all the same."""
        await act_as(session, OFFICE)
        quiet = payments.c.updated_at < func.now() - QUIET
        open_ = select(payments.c.provider_payment_id).where(payments.c.status == "PROCESSING", quiet)
        ids = (await session.execute(open_.order_by(payments.c.updated_at).limit(ASKED_AT_ONCE))).scalars()
        for identifier in list(ids):
            try:
                said = await self.provider.find(identifier)
            except ProviderOff:
                return
            if said is not None:
                await apply_payment(session, self.provider.name, said, Actor("job:open payments"))
            asked = update(payments).where(payments.c.provider_payment_id == identifier)
            await session.execute(asked.values(updated_at=func.now()))

    async def reconcile(self, session: WriteSession) -> None:
        """The ledger against the payments, and the payments of two days against the provider's."""
        await act_as(session, OFFICE)
        for row in (await session.execute(LEDGER_FAULTS)).all():
            await find_fault(session, FindingKind.LEDGER, row.payment_id, None, row.detail)
        since = datetime.now(UTC) - COMPARED
        theirs = {each.id: each for each in await self.provider.list_since(since)}
        for said in theirs.values():
            await apply_payment(session, self.provider.name, said, Actor("job:reconciliation"))
        await self._compare(session, since, theirs)

    async def _compare(
        self, session: WriteSession, since: datetime, theirs: Mapping[str, ProviderPayment]
    ) -> None:
        """What is paid here and not there."""
        ours = select(payments).where(
            payments.c.provider == self.provider.name, payments.c.completed_at >= since
        )
        for row in (await session.execute(ours)).all():
            said = theirs.get(row.provider_payment_id) or await self.provider.find(row.provider_payment_id)
            paid_there = said is not None and said.status is ProviderStatus.SUCCEEDED
            if PaymentStatus(row.status) in PAID and not paid_there:
                detail = "it is paid here, and not at the provider"
                await find_fault(session, FindingKind.NOT_PAID_THERE, row.id, row.provider_payment_id, detail)
