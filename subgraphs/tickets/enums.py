"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.kit.enums import describe_enum
from subgraphs.tickets import values

describe_enum(
    values.RegistrationStatus,
    "RegistrationStatus",
    "How far a registration is.",
    {
        "WAITLISTED": "All seats are taken; there will be one when others give theirs back.",
        "PENDING": "A seat is held until it is paid, or the time for that is over.",
        "CONFIRMED": "There is a ticket.",
        "CANCELLED": "It was given up, or taken back.",
        "EXPIRED": "It was not paid in time.",
    },
)
describe_enum(
    values.TicketStatus,
    "TicketStatus",
    "Whether a ticket opens the door.",
    {"VALID": "It lets its holder in, once.", "VOID": "Its registration was cancelled."},
)
describe_enum(
    values.Reason,
    "RegistrationEndReason",
    "Why a registration ended.",
    {
        "CANCELLED": "Who registered gave it up.",
        "BY_STAFF": "Who manages the event took it back.",
        "EVENT_CANCELLED": "The event does not take place.",
        "PAYMENT_FAILED": "The payment did not succeed.",
        "NOT_PAID_IN_TIME": "Nobody paid while the seat was held.",
        "PERSON_GONE": "Who registered has no account any longer.",
    },
)
