"""How ticket types, registrations and tickets are kept: Protocols for the service, and PostgreSQL."""

from subgraphs.tickets.repository.postgres_registrations import PostgresRegistrationRepository
from subgraphs.tickets.repository.postgres_tickets import PostgresTicketRepository
from subgraphs.tickets.repository.postgres_types import PostgresTicketTypeRepository
from subgraphs.tickets.repository.protocol import (
    RegistrationRepository,
    TicketRepository,
    TicketTypeRepository,
)

__all__ = [
    "PostgresRegistrationRepository",
    "PostgresTicketRepository",
    "PostgresTicketTypeRepository",
    "RegistrationRepository",
    "TicketRepository",
    "TicketTypeRepository",
]
