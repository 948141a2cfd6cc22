"""What a person can act on in the payments domain, beside the kit's InvalidInput, NotFound and Conflict.

PaymentClosed    it is paid, was given up, or its time is over
RefundTooLarge   more would go back than is left of what was paid
PaymentsOff      nobody takes payments here
"""

from __future__ import annotations

import strawberry

from subgraphs.kit.errors import Refused
from subgraphs.kit.money import Amount, Money, money_type
from subgraphs.kit.user_errors import UserError
from subgraphs.payments import enums as _described  # noqa: F401 -- before they are used
from subgraphs.payments.values import Payment, PaymentStatus

WHY = {
    PaymentStatus.DUE: "The time to pay it is over.",
    PaymentStatus.PROCESSING: "The time to pay it is over.",
    PaymentStatus.SUCCEEDED: "It is paid already.",
    PaymentStatus.FAILED: "The payment did not succeed. Register again.",
    PaymentStatus.CANCELLED: "The registration has ended. Register again.",
    PaymentStatus.PARTIALLY_REFUNDED: "It is paid already.",
    PaymentStatus.REFUNDED: "It was paid, and went back.",
}


@strawberry.type(description="There is nothing to pay, or nothing to give back: see its status.")
class PaymentClosed(UserError):
    status: PaymentStatus = strawberry.field(description="What it is now.")


@strawberry.type(description="More than is left of what was paid.")
class RefundTooLarge(UserError):
    left: Money = strawberry.field(description="How much could still go back.")


@strawberry.type(description="Nobody takes payments here.")
class PaymentsOff(UserError):
    pass


ERRORS = (PaymentClosed, RefundTooLarge, PaymentsOff)


def payment_closed(payment: Payment, at: str, message: str | None = None) -> Refused:
    message = message or WHY[payment.status]
    return Refused(PaymentClosed(message=message, code="PAYMENT_CLOSED", path=[at], status=payment.status))


def refund_too_large(payment: Payment) -> Refused:
    left = Amount(payment.amount_cents - payment.refunding_cents, payment.currency)
    message = f"No more than {left} can go back."
    return Refused(
        RefundTooLarge(message=message, code="REFUND_TOO_LARGE", path=["amountMinor"], left=money_type(left))
    )


def payments_off() -> Refused:
    message = "Payments are not set up here. Ask who runs this site."
    return Refused(PaymentsOff(message=message, code="PAYMENTS_OFF", path=[]))
