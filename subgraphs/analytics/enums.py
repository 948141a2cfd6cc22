"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.analytics import values
from subgraphs.kit.enums import describe_enum

describe_enum(
    values.Unit,
    "SeriesUnit",
    "How far the points of a series are apart.",
    {"HOUR": "An hour: of 31 days at most.", "DAY": "A day: of 366 days at most."},
)
describe_enum(
    values.Kind,
    "Activity",
    "What happens on the platform.",
    {
        "VIEW": "Somebody looked at an event.",
        "VISITOR": "Somebody looked at an event for the first time on a day.",
        "EVENT_CREATED": "An event was drafted.",
        "EVENT_PUBLISHED": "An event was published.",
        "EVENT_CANCELLED": "An event was cancelled.",
        "EVENT_COMPLETED": "An event was over.",
        "RESERVED": "A seat was held until it is paid.",
        "WAITLISTED": "Somebody began to wait for a seat.",
        "REGISTERED": "A registration was confirmed.",
        "CANCELLED": "A confirmed registration was cancelled.",
        "RELEASED": "A seat that was only held, or a place in the queue, was given up.",
        "EXPIRED": "A seat was not paid in time.",
        "CHECKED_IN": "Somebody came in.",
        "CHECK_IN_UNDONE": "A check-in was taken back.",
        "PAID": "Somebody paid.",
        "PAYMENT_FAILED": "A payment failed, or was cancelled.",
        "REFUNDED": "Money went back.",
        "POSTED": "Somebody posted.",
        "FOLLOWED": "Somebody began to follow somebody.",
        "ORGANIZATION_CREATED": "An organization was made.",
        "ACCOUNT_DELETED": "Somebody deleted their account.",
    },
)
