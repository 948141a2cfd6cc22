"""Handing a ticket on, and letting its holder in."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.tickets import inputs, values
from subgraphs.tickets.types import Ticket, TicketsInfo, ticket_type


@payload
class TransferTicketPayload:
    ticket: Ticket | None = outcome("The ticket, theirs.")
    errors: list[UserError] = problems()


@payload
class CheckInTicketPayload:
    ticket: Ticket | None = outcome("The ticket that was used.")
    errors: list[UserError] = problems()


@payload
class UndoCheckInPayload:
    ticket: Ticket | None = outcome("The ticket, unused.")
    errors: list[UserError] = problems()


@strawberry.type(description="Tickets that change hands, and open doors.")
class DoorMutations:
    @mutation(
        TransferTicketPayload, description="Give a ticket that you hold to somebody else, with a new code."
    )
    async def transfer_ticket(
        self, info: TicketsInfo, input: inputs.TransferTicketInput
    ) -> TransferTicketPayload | None:
        viewer, checks, context = info.context.request.require_viewer(), Checks(), info.context
        key = values.TicketId(checks.id(input.ticket_id, "ticketId"))
        to = values.PersonId(checks.id(input.user_id, "userId"))
        given = await context.tickets.transfer(viewer, key, to, checks, context.actor)
        return TransferTicketPayload(ticket=ticket_type(given))

    @mutation(
        CheckInTicketPayload,
        description="For who manages the event: let somebody in. The same scan again changes nothing.",
    )
    async def check_in_ticket(
        self, info: TicketsInfo, input: inputs.CheckInTicketInput
    ) -> CheckInTicketPayload | None:
        viewer, checks, context = info.context.request.require_viewer(), Checks(), info.context
        event = values.EventId(checks.id(input.event_id, "eventId"))
        used = await context.tickets.check_in(
            viewer, event, input.code, input.scanned_at, checks, context.actor
        )
        return CheckInTicketPayload(ticket=ticket_type(used))

    @mutation(UndoCheckInPayload, description="For who manages the event: it was a mistake.")
    async def undo_check_in(
        self, info: TicketsInfo, input: inputs.UndoCheckInInput
    ) -> UndoCheckInPayload | None:
        viewer, checks, context = info.context.request.require_viewer(), Checks(), info.context
        key = values.TicketId(checks.id(input.ticket_id, "ticketId"))
        ticket = await context.tickets.undo_check_in(viewer, key, checks, context.actor)
        return UndoCheckInPayload(ticket=ticket_type(ticket))
