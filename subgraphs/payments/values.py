"""What the payments domain is about, as frozen values: no GraphQL, no SQL, no provider's words.

    DUE ─► PROCESSING ─► SUCCEEDED ─► PARTIALLY_REFUNDED ─► REFUNDED
     │          │          ▲  └─────────────────────────────────▲
     └──────────┴─► FAILED, CANCELLED ─ it was paid after all

The provider's word counts in whatever order it comes, so DUE may become anything that PROCESSING may, and
what failed here or was cancelled may turn out to be paid. `TRANSITIONS` is that picture; the store enforces
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.kit.money import Amount
from subgraphs.kit.pages import Ordering

PaymentId = NewType("PaymentId", UUID)
RefundId = NewType("RefundId", UUID)
RegistrationId = NewType("RegistrationId", UUID)
NEWEST_FINDINGS = Ordering("payment-findings", (datetime, UUID), descending=True)


class PaymentStatus(Enum):
    DUE = "DUE"
    PROCESSING = "PROCESSING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"


class FindingKind(Enum):
    """What the store holds of them is text: a newer version may know more."""

    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"
    LEDGER = "LEDGER"
    NOT_PAID_THERE = "NOT_PAID_THERE"
    PAID_TWICE = "PAID_TWICE"
    REFUND_FAILED = "REFUND_FAILED"
    REFUND_TOO_LARGE = "REFUND_TOO_LARGE"
    UNKNOWN_PAYMENT = "UNKNOWN_PAYMENT"
    OTHER = "OTHER"


class RefundStatus(Enum):
    REQUESTED = "REQUESTED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class PaymentMethod(Enum):
    CARD = "CARD"
    BANK_DEBIT = "BANK_DEBIT"
    BANK_REDIRECT = "BANK_REDIRECT"
    WALLET = "WALLET"


_S = PaymentStatus
TRANSITIONS: Mapping[PaymentStatus, frozenset[PaymentStatus]] = {
    _S.DUE: frozenset({_S.PROCESSING, _S.SUCCEEDED, _S.FAILED, _S.CANCELLED}),
    _S.PROCESSING: frozenset({_S.SUCCEEDED, _S.FAILED, _S.CANCELLED}),
    _S.FAILED: frozenset({_S.SUCCEEDED}),
    _S.CANCELLED: frozenset({_S.SUCCEEDED}),
    _S.SUCCEEDED: frozenset({_S.PARTIALLY_REFUNDED, _S.REFUNDED}),
    _S.PARTIALLY_REFUNDED: frozenset({_S.REFUNDED}),
    _S.REFUNDED: frozenset(),
}
OPEN = frozenset({_S.DUE, _S.PROCESSING})
PAID = frozenset({_S.SUCCEEDED, _S.PARTIALLY_REFUNDED, _S.REFUNDED})


@dataclass(frozen=True, slots=True)
class Payment:
    id: PaymentId
    tenant_id: UUID | None
    host_id: UUID
    event_id: UUID
    registration_id: RegistrationId
    user_id: UUID
    provider: str | None
    provider_payment_id: str | None
    status: PaymentStatus
    method: str | None
    amount_cents: int
    refunded_cents: int
    refunding_cents: int
    currency: str
    checkout_url: str | None
    failure_code: str | None
    due_until: datetime
    created_at: datetime
    completed_at: datetime | None

    @property
    def amount(self) -> Amount:
        return Amount(self.amount_cents, self.currency)


@dataclass(frozen=True, slots=True)
class Refund:
    id: RefundId
    payment_id: PaymentId
    amount_cents: int
    reason: str
    status: RefundStatus
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TooMuch:
    """More would go back than was paid."""


@dataclass(frozen=True, slots=True)
class NotPaid:
    """There is nothing that could go back."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the money that a person should look at."""

    id: UUID
    kind: str
    payment_id: PaymentId | None
    provider_payment_id: str | None
    detail: str
    found_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.found_at, self.id)
