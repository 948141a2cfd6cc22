"""Entities by key: our ticket types, registrations and tickets, and other subgraphs' users and events, which
need no lookup to carry our fields.
"""

from __future__ import annotations

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.tickets.loaders import TicketsContext
from subgraphs.tickets.types import (
    Event,
    Registration,
    Ticket,
    TicketType,
    User,
    registration_type,
    ticket_type,
    ticket_type_type,
)
from subgraphs.tickets.values import RegistrationId, TicketId, TicketTypeId


def resolve_ticket_type(representation: Representation, context: TicketsContext) -> TicketType | None:
    key = TicketTypeId(parse_id(_key(representation)))
    return context.loaders.type.found(key, ticket_type_type)


def resolve_registration(representation: Representation, context: TicketsContext) -> Registration | None:
    key = RegistrationId(parse_id(_key(representation)))
    return context.loaders.registration.found(key, registration_type)


def resolve_ticket(representation: Representation, context: TicketsContext) -> Ticket | None:
    return context.loaders.ticket.found(TicketId(parse_id(_key(representation))), ticket_type)


def resolve_user(representation: Representation, context: TicketsContext) -> User:
    return User(id=strawberry.ID(str(parse_id(_key(representation)))))


def resolve_event(representation: Representation, context: TicketsContext) -> Event:
    return Event(id=strawberry.ID(str(parse_id(_key(representation)))))


def _key(representation: Representation) -> str:
    return key_text(representation, "id") or ""


REFERENCES = {
    "TicketType": resolve_ticket_type,
    "Registration": resolve_registration,
    "Ticket": resolve_ticket,
    "User": resolve_user,
    "Event": resolve_event,
}
