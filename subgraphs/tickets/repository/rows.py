"""Between rows and values."""

from __future__ import annotations

from typing import Any

from subgraphs.kit.enums import known_or
from subgraphs.tickets.values import (
    CheckIn,
    HeldEvent,
    Registration,
    RegistrationStatus,
    Ticket,
    TicketStatus,
    TicketType,
)

EVENT_COLUMNS = tuple(HeldEvent.__dataclass_fields__)
TYPE_COLUMNS = tuple(TicketType.__dataclass_fields__)
REGISTRATION_COLUMNS = tuple(Registration.__dataclass_fields__)
TICKET_COLUMNS = tuple(Ticket.__dataclass_fields__)
CHECK_IN_COLUMNS = tuple(CheckIn.__dataclass_fields__)


def event_of(row: Any) -> HeldEvent:
    return HeldEvent(**{name: row._mapping[name] for name in EVENT_COLUMNS})


def type_of(row: Any) -> TicketType:
    return TicketType(**{name: row._mapping[name] for name in TYPE_COLUMNS})


def registration_of(row: Any) -> Registration:
    """A status that only a newer version knows holds no seat here."""
    values = {name: row._mapping[name] for name in REGISTRATION_COLUMNS}
    return Registration(**values | {"status": known_or(row.status, RegistrationStatus.CANCELLED)})


def ticket_of(row: Any) -> Ticket:
    """A status that only a newer version knows opens no door."""
    values = {name: row._mapping[name] for name in TICKET_COLUMNS}
    return Ticket(**values | {"status": known_or(row.status, TicketStatus.VOID)})


def check_in_of(row: Any) -> CheckIn:
    return CheckIn(**{name: row._mapping[name] for name in CHECK_IN_COLUMNS})
