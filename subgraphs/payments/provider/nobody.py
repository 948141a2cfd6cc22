"""No provider is configured: what is free goes on, what costs cannot be paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from subgraphs.payments.provider.port import (
    BadWebhook,
    Order,
    ProviderEvent,
    ProviderOff,
    ProviderPayment,
    ProviderRefund,
)


class NobodyTakesPayments:
    name = "nobody"

    async def create(self, order: Order) -> ProviderPayment:
        raise ProviderOff

    async def find(self, provider_payment_id: str) -> ProviderPayment | None:
        raise ProviderOff

    async def cancel(self, provider_payment_id: str) -> None:
        raise ProviderOff

    async def refund(self, refund_id: UUID, provider_payment_id: str, amount_minor: int) -> ProviderRefund:
        raise ProviderOff

    async def list_since(self, moment: datetime) -> Sequence[ProviderPayment]:
        return ()

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        raise BadWebhook("no provider is configured")
