"""Entities by key: our ticket types, registrations and tickets, and other subgraphs' users and events, which
need no lookup to carry our fields.
"""

from __future__ import annotations

from operator import attrgetter

from subgraphs.kit.federation import ReferenceResolver
from subgraphs.kit.references import ById, Known
from subgraphs.tickets.types import Event, User, registration_type, ticket_type, ticket_type_type

REFERENCES: dict[str, ReferenceResolver] = {
    "TicketType": ById(attrgetter("loaders.type"), ticket_type_type),
    "Registration": ById(attrgetter("loaders.registration"), registration_type),
    "Ticket": ById(attrgetter("loaders.ticket"), ticket_type),
    "User": Known(User),
    "Event": Known(Event),
}
