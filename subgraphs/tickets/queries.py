"""What one can ask the tickets domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from typing import Annotated

import strawberry

from subgraphs.kit.ids import parse_id
from subgraphs.tickets import values
from subgraphs.tickets.service.rules import manages, opens
from subgraphs.tickets.types import (
    Registration,
    Ticket,
    TicketsInfo,
    TicketType,
    registration_type,
    ticket_type,
    ticket_type_type,
)

TypeKey = Annotated[strawberry.ID, strawberry.argument(description="The ticket type's id.")]
RegistrationKey = Annotated[strawberry.ID, strawberry.argument(description="The registration's id.")]
TicketKey = Annotated[strawberry.ID, strawberry.argument(description="The ticket's id.")]
AccessCode = Annotated[str | None, strawberry.argument(description="Its code, when it is hidden.")]


@strawberry.type(description="What a scanner without a network tells good attendance codes by.")
class AttendanceKey:
    algorithm: str = strawberry.field(description="Ed25519 (RFC 8032).")
    public_key: str = strawberry.field(description="Its 32 bytes in base64url, as `x` of a JSON Web Key.")
    format: str = strawberry.field(description="How a code is made, for programs: it changes with the form.")


FORMAT = "base64url(ticket id:16 | serial:2 | signature:64 of 'plait attendance code 1' + the first 18 bytes)"


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="A ticket type, if there is one that you may see.")
    async def ticket_type(
        self, info: TicketsInfo, id: TypeKey, access_code: AccessCode = None
    ) -> TicketType | None:
        kind = await info.context.loaders.type.load(values.TicketTypeId(parse_id(id)))
        if kind is None:
            return None
        if kind.access_code_hash is not None and not opens(kind, access_code):
            event = await info.context.loaders.event.load(kind.event_id)
            return ticket_type_type(kind) if manages(info.context.request.known_viewer, event) else None
        return ticket_type_type(kind)

    @strawberry.field(description="A registration of yours, or for an event you manage.")
    def registration(self, info: TicketsInfo, id: RegistrationKey) -> Registration | None:
        key = values.RegistrationId(parse_id(id))
        return info.context.loaders.registration.found(key, registration_type)

    @strawberry.field(description="A ticket that you hold, or for an event you manage.")
    def ticket(self, info: TicketsInfo, id: TicketKey) -> Ticket | None:
        return info.context.loaders.ticket.found(values.TicketId(parse_id(id)), ticket_type)

    @strawberry.field(description="The keys that attendance codes are signed with, the present one first.")
    def attendance_keys(self, info: TicketsInfo) -> list[AttendanceKey] | None:
        public = info.context.codes.public_key
        return [AttendanceKey(algorithm="Ed25519", public_key=public, format=FORMAT)]
