"""Taking a seat, waiting for one, and giving it back."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.tickets import inputs, values
from subgraphs.tickets.types import Registration, TicketsInfo, registration_type


@payload
class RegisterForEventPayload:
    registration: Registration | None = outcome("Your registration: its status says what comes next.")
    errors: list[UserError] = problems()


@payload
class CancelRegistrationPayload:
    registration: Registration | None = outcome("The registration, ended.")
    errors: list[UserError] = problems()


@strawberry.type(description="Registrations.")
class RegistrationMutations:
    @mutation(
        RegisterForEventPayload,
        description="Take a seat. What costs is held until it is paid, or its time is over.",
    )
    async def register_for_event(
        self, info: TicketsInfo, input: inputs.RegisterForEventInput
    ) -> RegisterForEventPayload | None:
        viewer, checks, context = info.context.request.require_viewer(), Checks(), info.context
        kind = values.TicketTypeId(checks.id(input.ticket_type_id, "ticketTypeId"))
        made = await context.registrations.register(
            viewer, kind, input.access_code, checks, context.actor, may_wait=input.join_waitlist
        )
        return RegisterForEventPayload(registration=registration_type(made))

    @mutation(
        CancelRegistrationPayload,
        description="Give a seat back, or a place in the queue. Doing it again changes nothing.",
    )
    async def cancel_registration(
        self, info: TicketsInfo, input: inputs.CancelRegistrationInput
    ) -> CancelRegistrationPayload | None:
        viewer, checks, context = info.context.request.require_viewer(), Checks(), info.context
        key = values.RegistrationId(checks.id(input.registration_id, "registrationId"))
        ended = await context.registrations.cancel(viewer, key, checks, context.actor)
        return CancelRegistrationPayload(registration=registration_type(ended))
