"""What the domain asks of a payment provider, in its own words.

Every write carries a key of ours: the same one again is the same payment, or refund. What a provider tells by
webhook may come twice, late, in any order, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol
from uuid import UUID


class BadWebhook(Exception):
    """It is not the provider's word: not signed by it, too old, or not readable."""

    code = "BAD_WEBHOOK"


class ProviderRefused(Exception):
    """The provider said no, for good; `failure` is its code."""

    code = "PROVIDER_REFUSED"

    def __init__(self, failure: str) -> None:
        super().__init__(f"the payment provider refused: {failure}")
        self.failure = failure


class ProviderOff(Exception):
    """None is configured."""

    code = "PROVIDER_OFF"


class ProviderStatus(Enum):
    OPEN = "OPEN"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Order:
    payment_id: UUID
    registration_id: UUID
    amount_minor: int
    currency: str
    method: str


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """`payment_id` is ours, as we once gave it; None for one that we did not make."""

    id: str
    status: ProviderStatus
    amount_minor: int
    currency: str
    payment_id: UUID | None
    checkout_url: str | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """`refund_id` is ours; None for one that was made at the provider."""

    id: str
    status: ProviderStatus
    amount_minor: int
    provider_payment_id: str
    refund_id: UUID | None


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    id: str
    type: str
    about: ProviderPayment | ProviderRefund | None
    """None for what does not concern us."""


class PaymentProvider(Protocol):
    """Calls raise StoreUnavailable when they may be tried again, and ProviderRefused when not."""

    @property
    def name(self) -> str: ...

    async def create(self, order: Order) -> ProviderPayment: ...

    async def find(self, provider_payment_id: str) -> ProviderPayment | None: ...

    async def cancel(self, provider_payment_id: str) -> None:
        """What is paid already stays paid."""
        ...

    async def refund(
        self, refund_id: UUID, provider_payment_id: str, amount_minor: int
    ) -> ProviderRefund: ...

    async def list_since(self, moment: datetime) -> Sequence[ProviderPayment]: ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        """Raises BadWebhook. Header names are in lower case."""
        ...
