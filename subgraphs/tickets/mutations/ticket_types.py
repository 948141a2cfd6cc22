"""What is sold for an event: made, changed, taken away."""

from __future__ import annotations

import strawberry

from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.tickets import inputs, values
from subgraphs.tickets.types import TicketsInfo, TicketType, ticket_type_type

CLEARABLE = {"currency", "sales_start", "sales_end", "access_code", "cancellable_until"}


@payload
class CreateTicketTypePayload:
    ticket_type: TicketType | None = outcome("The new ticket type.")
    errors: list[UserError] = problems()


@payload
class UpdateTicketTypePayload:
    ticket_type: TicketType | None = outcome("The ticket type as it is now.")
    errors: list[UserError] = problems()


@payload
class DeleteTicketTypePayload:
    deleted_ticket_type_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@strawberry.type(description="Ticket types.")
class TicketTypeMutations:
    @mutation(CreateTicketTypePayload, description="For who manages the event: offer a kind of ticket.")
    async def create_ticket_type(
        self, info: TicketsInfo, input: inputs.CreateTicketTypeInput
    ) -> CreateTicketTypePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        columns = dict(vars(input))
        event_id = values.EventId(checks.id(columns.pop("event_id"), "eventId"))
        made = await info.context.types.create(viewer, event_id, columns, checks, info.context.actor)
        return CreateTicketTypePayload(ticket_type=ticket_type_type(made))

    @mutation(UpdateTicketTypePayload, description="For who manages the event.")
    async def update_ticket_type(
        self, info: TicketsInfo, input: inputs.UpdateTicketTypeInput
    ) -> UpdateTicketTypePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        columns = changes(input, checks, clearable=CLEARABLE)
        kind = _type_id(checks, columns.pop("ticket_type_id"))
        changed = await info.context.types.update(viewer, kind, columns, checks, info.context.actor)
        return UpdateTicketTypePayload(ticket_type=ticket_type_type(changed))

    @mutation(
        DeleteTicketTypePayload, description="For who manages the event, while nobody ever registered for it."
    )
    async def delete_ticket_type(
        self, info: TicketsInfo, input: inputs.DeleteTicketTypeInput
    ) -> DeleteTicketTypePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        kind = _type_id(checks, input.ticket_type_id)
        gone = await info.context.types.remove(viewer, kind, checks, info.context.actor)
        return DeleteTicketTypePayload(deleted_ticket_type_id=strawberry.ID(str(gone)))


def _type_id(checks: Checks, text: str) -> values.TicketTypeId:
    return values.TicketTypeId(checks.id(text, "ticketTypeId"))
