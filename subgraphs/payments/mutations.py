"""What one can do in the payments domain. All of it needs a login."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.scalars import MinorUnits
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.payments import values
from subgraphs.payments.types import Payment, PaymentsInfo, Refund, payment_type, refund_type


@strawberry.input(description="What you pay, and how.")
class StartPaymentInput:
    registration_id: strawberry.ID = strawberry.field(description="One of yours that is PENDING.")
    method: values.PaymentMethod = strawberry.field(description="How you pay.")


@strawberry.input(description="What goes back.")
class RefundPaymentInput:
    payment_id: strawberry.ID = strawberry.field(description="One for an event that you manage.")
    amount_minor: MinorUnits | None = strawberry.field(
        default=None, description="In minor units of its currency; null or absent: all that is left."
    )
    reason: str = strawberry.field(description="Up to 200 characters; who paid can read it.")
    idempotency_key: str = strawberry.field(
        description="Your own for this refund, 8 to 80 characters: sent again, it is the same refund."
    )


@payload
class StartPaymentPayload:
    payment: Payment | None = outcome("The payment: follow its checkoutUrl.")
    errors: list[UserError] = problems()


@payload
class RefundPaymentPayload:
    refund: Refund | None = outcome("The refund.")
    errors: list[UserError] = problems()


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(
        StartPaymentPayload, description="Pay for a registration of yours. Doing it again changes nothing."
    )
    async def start_payment(self, info: PaymentsInfo, input: StartPaymentInput) -> StartPaymentPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        registration = values.RegistrationId(checks.id(input.registration_id, "registrationId"))
        known = {"address": request.client_address, "device": request.device}
        started = await info.context.payments.start(
            viewer, registration, input.method, known, checks, request.actor
        )
        return StartPaymentPayload(payment=payment_type(started))

    @mutation(
        RefundPaymentPayload, description="For who manages the event: give some of a payment back, or all."
    )
    async def refund_payment(
        self, info: PaymentsInfo, input: RefundPaymentInput
    ) -> RefundPaymentPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        payment = values.PaymentId(checks.id(input.payment_id, "paymentId"))
        refunded = await info.context.payments.refund(
            viewer,
            payment,
            input.amount_minor,
            input.reason,
            input.idempotency_key,
            checks,
            request.actor,
        )
        return RefundPaymentPayload(refund=refund_type(refunded))
