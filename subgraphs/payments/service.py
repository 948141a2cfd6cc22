"""Paying and giving back. That something is paid is the provider's word alone (repository/provider_word.py);
here it is asked to take money, by who owes it, and to give it back, by who manages the event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from subgraphs.kit.acting import acting_of
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.encryption import Cipher
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks
from subgraphs.payments.errors import payment_closed, payments_off, refund_too_large
from subgraphs.payments.provider import Order, PaymentProvider, ProviderOff, ProviderRefused
from subgraphs.payments.repository.protocol import PaymentRepository
from subgraphs.payments.values import (
    OPEN,
    Finding,
    NotPaid,
    Payment,
    PaymentId,
    PaymentMethod,
    Refund,
    RefundId,
    RegistrationId,
    TooMuch,
)

Clock = Callable[[], datetime]
COLUMN = "payments.metadata"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Payments:
    payments: PaymentRepository
    provider: PaymentProvider
    cipher: Cipher
    now: Clock = utc_now

    async def find_by_ids(
        self, ids: Sequence[PaymentId], viewer: Viewer | None
    ) -> Mapping[PaymentId, Payment]:
        return await self.payments.find_by_ids(ids, acting_of(viewer))

    async def find_of_registrations(
        self, ids: Sequence[RegistrationId], viewer: Viewer | None
    ) -> Mapping[RegistrationId, Payment]:
        return await self.payments.find_of_registrations(ids, acting_of(viewer))

    async def list_refunds(
        self, ids: Sequence[PaymentId], viewer: Viewer | None
    ) -> Mapping[PaymentId, Sequence[Refund]]:
        return await self.payments.list_refunds(ids, acting_of(viewer))

    async def find_refunds(self, ids: Sequence[RefundId], viewer: Viewer | None) -> Mapping[RefundId, Refund]:
        return await self.payments.find_refunds(ids, acting_of(viewer))

    async def start(
        self,
        viewer: Viewer,
        registration: RegistrationId,
        method: PaymentMethod,
        known: Mapping[str, str | None],
        checks: Checks,
        actor: Actor,
    ) -> Payment:
        """By who registered. The provider knows the payment by our id, so twice is once. `known` is what the
        request says of how they pay; it is kept encrypted. Raises Refused (NotFound, PaymentClosed,
        PaymentsOff, Conflict), StoreUnavailable.
        """
        checks.done()
        who = acting_of(viewer)
        payment = (await self.payments.find_of_registrations([registration], who)).get(registration)
        if payment is None or payment.user_id != viewer.id:
            raise Refused(not_found("payment", "registrationId"))
        if payment.status not in OPEN or payment.due_until <= self.now():
            raise payment_closed(payment, "registrationId")
        order = Order(payment.id, registration, payment.amount_cents, payment.currency, method.value)
        try:
            made = await self.provider.create(order)
        except ProviderOff:
            raise payments_off() from None
        except ProviderRefused:
            raise Refused(conflict("The payment provider does not take this.", "method")) from None
        sealed = self._sealed(payment, dict(known) | {"method": method.value})
        name = self.provider.name
        started = await self.payments.start(payment.id, made, name, method.value, sealed, who, actor)
        if started is not None:
            return started
        again = await self.payments.find_by_ids([payment.id], who)
        raise payment_closed(again.get(payment.id, payment), "registrationId")

    def _sealed(self, payment: Payment, told: Mapping[str, str | None]) -> bytes:
        return self.cipher.encrypt(orjson.dumps(dict(told)).decode(), COLUMN, payment.id)

    async def refund(
        self,
        viewer: Viewer,
        payment_id: PaymentId,
        amount: int | None,
        reason: str,
        key: str,
        checks: Checks,
        actor: Actor,
    ) -> Refund:
        """By who manages the event; everything that is left without an `amount`. Raises Refused
        (InvalidInput, NotFound, PaymentClosed, RefundTooLarge), Forbidden.
        """
        kept = checks.line(reason, "reason", "The reason", least=1, most=200)
        said = checks.line(key, "idempotencyKey", "The key", least=8, most=80)
        checks.require(amount is None or amount > 0, "amountMinor", "More than nothing.")
        checks.done()
        who = acting_of(viewer)
        payment = (await self.payments.find_by_ids([payment_id], who)).get(payment_id)
        if payment is None:
            raise Refused(not_found("payment", "paymentId"))
        if not manages(viewer, payment):
            raise Forbidden("Only who manages the event gives money back.")
        left = payment.amount_cents - payment.refunding_cents
        wanted = left if amount is None else amount
        if wanted == 0:
            wanted = payment.amount_cents  # all of it went back already: the key says whether that was this
        asked = await self.payments.refund(payment_id, wanted, kept, f"staff {said}", who, actor)
        match asked:
            case Refund():
                return asked
            case TooMuch():
                raise refund_too_large(payment)
            case NotPaid():
                raise payment_closed(payment, "paymentId", "There is nothing that could go back.")

    async def hear_webhook(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raises BadWebhook for what is not the provider's word."""
        event = self.provider.read_webhook(headers, body)
        await self.payments.hear(self.provider.name, event)

    async def list_findings(self, viewer: Viewer, page: PageRequest) -> Page[Finding]:
        """For administrators. Raises Forbidden."""
        _require_admin(viewer)
        return await self.payments.list_findings(page)

    async def count_findings(self) -> int:
        return await self.payments.count_findings()


def manages(viewer: Viewer | None, payment: Payment) -> bool:
    """As the store's policies say."""
    if viewer is None:
        return False
    if payment.tenant_id is None:
        return viewer.is_admin or payment.host_id == viewer.id
    return viewer.is_admin or str(payment.tenant_id) == viewer.tenant


def _require_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Forbidden("Only administrators see what is wrong with payments.")
