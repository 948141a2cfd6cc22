"""The payments domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.loading import Loader, loader
from subgraphs.kit.request import Request
from subgraphs.payments.service import Payments
from subgraphs.payments.values import Payment, PaymentId, Refund, RefundId, RegistrationId


@dataclass(frozen=True, slots=True)
class PaymentLoaders:
    by_id: Loader[PaymentId, Payment | None]
    of_registration: Loader[RegistrationId, Payment | None]
    refunds: Loader[PaymentId, Sequence[Refund] | None]
    refund: Loader[RefundId, Refund | None]


@dataclass(frozen=True, slots=True)
class PaymentsContext:
    request: Request
    payments: Payments
    loaders: PaymentLoaders


def payments_context(request: Request, payments: Payments) -> PaymentsContext:
    viewer = request.known_viewer

    async def by_ids(ids: Sequence[PaymentId]) -> Mapping[PaymentId, Payment]:
        return await payments.find_by_ids(ids, viewer)

    async def of_registrations(ids: Sequence[RegistrationId]) -> Mapping[RegistrationId, Payment]:
        return await payments.find_of_registrations(ids, viewer)

    async def refunds_of(ids: Sequence[PaymentId]) -> Mapping[PaymentId, Sequence[Refund]]:
        return await payments.list_refunds(ids, viewer)

    async def refunds(ids: Sequence[RefundId]) -> Mapping[RefundId, Refund]:
        return await payments.find_refunds(ids, viewer)

    loaders = PaymentLoaders(loader(by_ids), loader(of_registrations), loader(refunds_of), loader(refunds))
    return PaymentsContext(request, payments, loaders)
