"""What analytics is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import NewType
from uuid import UUID

EventId = NewType("EventId", UUID)
OrganizationId = NewType("OrganizationId", UUID)
Visitor = NewType("Visitor", bytes)
"""Somebody on one day: 16 bytes of a hash whose key nobody has any longer two days later."""

QUARTER = timedelta(minutes=15)
"""What is added up together. Every time zone is whole quarters of an hour away from UTC."""


class Kind(Enum):
    """What happened. A stored value is never changed, only joined by others."""

    VIEW = "VIEW"
    VISITOR = "VISITOR"
    """Derived: the first view of somebody on a day."""
    EVENT_CREATED = "EVENT_CREATED"
    EVENT_PUBLISHED = "EVENT_PUBLISHED"
    EVENT_CANCELLED = "EVENT_CANCELLED"
    EVENT_COMPLETED = "EVENT_COMPLETED"
    RESERVED = "RESERVED"
    WAITLISTED = "WAITLISTED"
    REGISTERED = "REGISTERED"
    CANCELLED = "CANCELLED"
    """Of a registration that was confirmed."""
    RELEASED = "RELEASED"
    """A seat that was only held, or a place in the queue, was given up."""
    EXPIRED = "EXPIRED"
    CHECKED_IN = "CHECKED_IN"
    CHECK_IN_UNDONE = "CHECK_IN_UNDONE"
    PAID = "PAID"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    REFUNDED = "REFUNDED"
    POSTED = "POSTED"
    FOLLOWED = "FOLLOWED"
    ORGANIZATION_CREATED = "ORGANIZATION_CREATED"
    ACCOUNT_DELETED = "ACCOUNT_DELETED"


class SubjectKind(Enum):
    EVENT = "EVENT"
    ORGANIZATION = "ORGANIZATION"


class Unit(Enum):
    """What the points of a series are apart."""

    HOUR = "HOUR"
    DAY = "DAY"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened once. `source_id` says which: told again by the same, it is the same."""

    source_id: UUID
    kind: Kind
    event_id: EventId | None = None
    occurred_at: datetime | None = None
    """None, or a time that cannot be, is when we heard of it."""
    visitor: Visitor | None = None
    amount_minor: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """A view as a client tells it. `client_id` is the client's own, the same when it tells it again."""

    client_id: UUID
    event_id: EventId
    viewed_at: datetime


@dataclass(frozen=True, slots=True)
class RecordedViews:
    """What came of a batch: every view is one of these."""

    recorded: int
    known: int
    unknown_events: tuple[EventId, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on, and before `until`; both are the start of a quarter."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Sum:
    """How often, and how much money (in minor units of the currency it is kept under)."""

    number: int = 0
    amount_minor: int = 0


NOTHING = Sum()


@dataclass(frozen=True, slots=True)
class Tally:
    """What some time comes to: sums by kind and currency. Where no money moved the currency is empty."""

    sums: Mapping[tuple[Kind, str], Sum] = field(default_factory=dict)

    def number(self, kind: Kind) -> int:
        return sum(each.number for (of, _), each in self.sums.items() if of is kind)

    def amounts(self, kind: Kind) -> Mapping[str, int]:
        """Currency → minor units, in the order of the currencies' codes."""
        found = {currency: each.amount_minor for (of, currency), each in self.sums.items() if of is kind}
        return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Point:
    """A tally of the time from `starts_at` to the next point."""

    starts_at: datetime
    tally: Tally
