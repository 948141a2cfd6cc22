"""What the tickets domain is about, as frozen values: no GraphQL, no SQL.

                     ┌────────── a seat is free ──────────┐
    WAITLISTED ──────┤                                    ▼
        │            └─ it costs ─► PENDING ── paid ─► CONFIRMED ─► (a ticket, checked in once)
        ▼                              │  └─ not in time ─► EXPIRED    │
    CANCELLED ◄────────────────────────┴──────────────────────────────┘

`TRANSITIONS` is that picture; the store enforces the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.kit.money import Amount
from subgraphs.kit.pages import Ordering

EventId = NewType("EventId", UUID)
TicketTypeId = NewType("TicketTypeId", UUID)
RegistrationId = NewType("RegistrationId", UUID)
TicketId = NewType("TicketId", UUID)
PersonId = NewType("PersonId", UUID)
"""A user, known here by id."""

NEWEST_REGISTRATIONS = Ordering("registrations", (datetime, UUID), descending=True)
REGISTRATIONS_OF_EVENT = Ordering("event-registrations", (datetime, UUID))
NEWEST_TICKETS = Ordering("tickets", (datetime, UUID), descending=True)


class RegistrationStatus(Enum):
    WAITLISTED = "WAITLISTED"
    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class TicketStatus(Enum):
    VALID = "VALID"
    VOID = "VOID"


class Reason(Enum):
    """Why a registration ended."""

    CANCELLED = "CANCELLED"
    BY_STAFF = "BY_STAFF"
    EVENT_CANCELLED = "EVENT_CANCELLED"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    NOT_PAID_IN_TIME = "NOT_PAID_IN_TIME"
    PERSON_GONE = "PERSON_GONE"


BEGINS = frozenset({RegistrationStatus.WAITLISTED, RegistrationStatus.PENDING, RegistrationStatus.CONFIRMED})
TRANSITIONS: Mapping[RegistrationStatus, frozenset[RegistrationStatus]] = {
    RegistrationStatus.WAITLISTED: frozenset(
        {RegistrationStatus.PENDING, RegistrationStatus.CONFIRMED, RegistrationStatus.CANCELLED}
    ),
    RegistrationStatus.PENDING: frozenset(
        {RegistrationStatus.CONFIRMED, RegistrationStatus.CANCELLED, RegistrationStatus.EXPIRED}
    ),
    RegistrationStatus.CONFIRMED: frozenset({RegistrationStatus.CANCELLED}),
    RegistrationStatus.CANCELLED: frozenset(),
    RegistrationStatus.EXPIRED: frozenset(),
}


def price_of(minor: int, currency: str | None) -> Amount | None:
    """None for what costs nothing."""
    return None if currency is None or not minor else Amount(minor, currency)


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """What is known here of an event, from the events domain's messages."""

    id: EventId
    tenant_id: UUID | None
    host_id: PersonId
    status: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TicketType:
    id: TicketTypeId
    event_id: EventId
    name: str
    description: str
    quantity: int
    sold_count: int
    price_minor: int
    currency: str | None
    sales_start: datetime | None
    sales_end: datetime | None
    per_person_limit: int
    access_code_hash: str | None
    cancellable_until: datetime | None
    refund_percent: int
    created_at: datetime
    updated_at: datetime

    @property
    def price(self) -> Amount | None:
        return price_of(self.price_minor, self.currency)


@dataclass(frozen=True, slots=True)
class NewTicketType:
    id: TicketTypeId
    event_id: EventId
    name: str
    description: str
    quantity: int
    price_minor: int
    currency: str | None
    sales_start: datetime | None
    sales_end: datetime | None
    per_person_limit: int
    access_code_hash: str | None
    cancellable_until: datetime | None
    refund_percent: int


@dataclass(frozen=True, slots=True)
class TypeChange:
    """The columns to set; one that is absent stays."""

    columns: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registration:
    id: RegistrationId
    tenant_id: UUID | None
    event_id: EventId
    ticket_type_id: TicketTypeId
    user_id: PersonId
    status: RegistrationStatus
    confirmation_code: str
    price_minor: int
    currency: str | None
    held_until: datetime | None
    queue_number: int | None
    payment_id: UUID | None
    reason: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)

    @property
    def price(self) -> Amount | None:
        return price_of(self.price_minor, self.currency)


@dataclass(frozen=True, slots=True)
class NewRegistration:
    id: RegistrationId
    event_id: EventId
    ticket_type_id: TicketTypeId
    user_id: PersonId
    status: RegistrationStatus
    confirmation_code: str
    price_minor: int
    currency: str | None
    held_until: datetime | None


class Hindrance(Enum):
    """Why the store did not take a registration: the constraint that it ran into."""

    EVENT_CLOSED = "registrations_open"
    NOT_ON_SALE = "registrations_sales"
    PRICE_CHANGED = "registrations_price"
    LIMIT_REACHED = "registrations_per_person"
    SOLD_OUT = "ticket_types_seats"
    SEAT_FREE = "registrations_free"
    TYPE_GONE = "registrations_ticket_type_id_fkey"


@dataclass(frozen=True, slots=True)
class Ticket:
    id: TicketId
    registration_id: RegistrationId
    event_id: EventId
    holder_id: PersonId
    status: TicketStatus
    code_serial: int
    issued_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.issued_at, self.id)


@dataclass(frozen=True, slots=True)
class CheckIn:
    ticket_id: TicketId
    event_id: EventId
    checked_in_by: PersonId | None
    scanned_at: datetime
    checked_in_at: datetime
