"""What the service asks of a store. `who` is who will see the answer, or who writes: what they may not see is
not there, what they may not write stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from subgraphs.kit.acting import Acting
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.payments.provider import ProviderEvent, ProviderPayment
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


class PaymentRepository(Protocol):
    async def find_by_ids(self, ids: Sequence[PaymentId], who: Acting) -> Mapping[PaymentId, Payment]: ...

    async def find_of_registrations(
        self, ids: Sequence[RegistrationId], who: Acting
    ) -> Mapping[RegistrationId, Payment]: ...

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
        """The provider has it. None when it is open no longer."""
        ...

    async def refund(
        self, payment: PaymentId, amount: int, reason: str, key: str, who: Acting, actor: Actor
    ) -> Refund | TooMuch | NotPaid:
        """Asked for once per key: again is the same one."""
        ...

    async def list_refunds(
        self, payments: Sequence[PaymentId], who: Acting
    ) -> Mapping[PaymentId, Sequence[Refund]]: ...

    async def find_refunds(self, ids: Sequence[RefundId], who: Acting) -> Mapping[RefundId, Refund]: ...

    async def hear(self, provider: str, event: ProviderEvent) -> None:
        """The provider's word, once per event, in whatever order."""
        ...

    async def list_findings(self, page: PageRequest) -> Page[Finding]: ...

    async def count_findings(self) -> int: ...
