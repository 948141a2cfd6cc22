"""The payments domain in GraphQL. `Registration` is the tickets domain's entity with our field on it."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.kit.connections import Connection, Counter, connection
from subgraphs.kit.enums import known_or
from subgraphs.kit.money import Amount, Money, money_type
from subgraphs.kit.pages import Page
from subgraphs.kit.scalars import URL, MinorUnits
from subgraphs.payments import enums as _described  # noqa: F401 -- before they are used
from subgraphs.payments import values
from subgraphs.payments.loaders import PaymentsContext

PaymentsInfo: TypeAlias = Info[PaymentsContext, None]


@federation.type(keys=["id"], description="Somebody's seat, or place in the queue for one.")
class Registration:
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(
        description="What is paid for it, for who registered and who manages the event; null when it costs "
        "nothing. It follows the registration by a second or so."
    )
    def payment(self, info: PaymentsInfo) -> Payment | None:
        key = values.RegistrationId(uuid_of(self.id))
        return info.context.loaders.of_registration.found(key, payment_type)


@federation.type(keys=["id"], description="What somebody owes, or paid, for a registration.")
class Payment:
    record: strawberry.Private[values.Payment]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    registration: Registration | None = strawberry.field(description="For what it is.")
    status: values.PaymentStatus = strawberry.field(description="How far it is.")
    amount: Money = strawberry.field(description="How much it is.")
    refunded: Money = strawberry.field(description="How much of it went back.")
    method: values.PaymentMethod | None = strawberry.field(
        description="How it is paid; null until somebody chose."
    )
    due_until: datetime = strawberry.field(description="Until when it has to be paid.")
    failure_code: str | None = strawberry.field(description="Why it failed, in the provider's words.")
    created_at: datetime = strawberry.field(description="Since when it is owed.")
    completed_at: datetime | None = strawberry.field(description="When it was paid.")

    @strawberry.field(
        description="Where to pay, at the provider: for who registered, while it is PROCESSING."
    )
    def checkout_url(self, info: PaymentsInfo) -> URL | None:
        viewer, record = info.context.request.known_viewer, self.record
        is_payer = viewer is not None and viewer.id == record.user_id
        open_ = record.status is values.PaymentStatus.PROCESSING
        return URL(record.checkout_url) if is_payer and open_ and record.checkout_url else None

    @strawberry.field(description="What went back of it, or is to, in the order it was asked for.")
    def refunds(self, info: PaymentsInfo) -> list[Refund]:
        return info.context.loaders.refunds.answer(self.record.id, _refunds)


@federation.type(keys=["id"], description="Money that goes back.")
class Refund:
    record: strawberry.Private[values.Refund]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    status: values.RefundStatus = strawberry.field(description="How far it is.")
    amount_minor: MinorUnits = strawberry.field(
        description="How much it is, in minor units of the payment's currency."
    )
    reason: str = strawberry.field(description="Why it goes back.")
    created_at: datetime = strawberry.field(description="When it was asked for.")

    @strawberry.field(description="Of what it is.")
    def payment(self, info: PaymentsInfo) -> Payment | None:
        return info.context.loaders.by_id.found(self.record.payment_id, payment_type)


@strawberry.type(description="Something about the money that a person should look at.")
class PaymentFinding:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    kind: values.FindingKind = strawberry.field(description="What kind of trouble it is.")
    payment_id: strawberry.ID | None = strawberry.field(
        description="With which payment, if it is one of ours."
    )
    provider_payment_id: str | None = strawberry.field(description="What the provider calls it.")
    detail: str = strawberry.field(description="What it is, for people.")
    found_at: datetime = strawberry.field(description="When it was found first.")


def payment_type(payment: values.Payment) -> Payment:
    methods = {each.value: each for each in values.PaymentMethod}
    return Payment(
        record=payment,
        id=strawberry.ID(str(payment.id)),
        registration=Registration(id=strawberry.ID(str(payment.registration_id))),
        status=payment.status,
        amount=money_type(payment.amount),
        refunded=money_type(Amount(payment.refunded_cents, payment.currency)),
        method=None if payment.method is None else methods.get(payment.method),
        due_until=payment.due_until,
        failure_code=payment.failure_code,
        created_at=payment.created_at,
        completed_at=payment.completed_at,
    )


def refund_type(refund: values.Refund) -> Refund:
    return Refund(
        record=refund,
        id=strawberry.ID(str(refund.id)),
        status=refund.status,
        amount_minor=MinorUnits(refund.amount_cents),
        reason=refund.reason,
        created_at=refund.created_at,
    )


def finding_type(finding: values.Finding) -> PaymentFinding:
    payment = finding.payment_id
    return PaymentFinding(
        id=strawberry.ID(str(finding.id)),
        kind=known_or(finding.kind, values.FindingKind.OTHER),
        payment_id=None if payment is None else strawberry.ID(str(payment)),
        provider_payment_id=finding.provider_payment_id,
        detail=finding.detail,
        found_at=finding.found_at,
    )


def finding_connection(page: Page[values.Finding], counter: Counter) -> Connection[PaymentFinding]:
    cursor = values.NEWEST_FINDINGS.cursor
    return connection(page, finding_type, lambda each: cursor(each.position), counter)


def _refunds(found: Sequence[values.Refund] | None) -> list[Refund]:
    return [refund_type(each) for each in found or ()]
