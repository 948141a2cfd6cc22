"""Entities by key: our payments and refunds, and the tickets domain's registrations, which need no lookup."""

from __future__ import annotations

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.payments.loaders import PaymentsContext
from subgraphs.payments.types import Payment, Refund, Registration, payment_type, refund_type
from subgraphs.payments.values import PaymentId, RefundId


def resolve_payment(representation: Representation, context: PaymentsContext) -> Payment | None:
    return context.loaders.by_id.found(PaymentId(parse_id(_key(representation))), payment_type)


def resolve_refund(representation: Representation, context: PaymentsContext) -> Refund | None:
    return context.loaders.refund.found(RefundId(parse_id(_key(representation))), refund_type)


def resolve_registration(representation: Representation, context: PaymentsContext) -> Registration:
    return Registration(id=strawberry.ID(str(parse_id(_key(representation)))))


def _key(representation: Representation) -> str:
    return key_text(representation, "id") or ""


REFERENCES = {"Payment": resolve_payment, "Refund": resolve_refund, "Registration": resolve_registration}
