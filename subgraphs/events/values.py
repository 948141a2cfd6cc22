"""What the events domain is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType, assert_never
from uuid import UUID

import msgspec

from db.places import Point
from subgraphs.kit.pages import Ordering

EventId = NewType("EventId", UUID)
VenueId = NewType("VenueId", UUID)
InvitationId = NewType("InvitationId", UUID)
SeriesId = NewType("SeriesId", UUID)
OrganizationId = NewType("OrganizationId", UUID)
HostId = NewType("HostId", UUID)
"""A user, known here by id; the same for whoever attends."""

ATTENDEES_BY_ANSWER = Ordering("attendees", (datetime, UUID))
ATTENDANCE_BY_START = Ordering("attendance", (datetime, UUID))
RECEIVED_INVITATIONS = Ordering("event-invitations", (datetime, UUID), descending=True)
SENT_INVITATIONS = Ordering("sent-event-invitations", (datetime, UUID), descending=True)


class EventOrder(Enum):
    EARLIEST = "EARLIEST"
    LATEST = "LATEST"


EVENT_ORDERINGS = {
    EventOrder.EARLIEST: Ordering("events", (datetime, UUID)),
    EventOrder.LATEST: Ordering("latest-events", (datetime, UUID), descending=True),
}


class VenueOrder(Enum):
    NAME = "NAME"
    CITY = "CITY"
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"


VENUE_ORDERINGS = {
    VenueOrder.NAME: Ordering("venues", (str, UUID)),
    VenueOrder.CITY: Ordering("venues-by-city", (str, str, UUID)),
    VenueOrder.NEWEST: Ordering("newest-venues", (datetime, UUID), descending=True),
    VenueOrder.OLDEST: Ordering("oldest-venues", (datetime, UUID)),
}


class EventStatus(Enum):
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    CANCELLED = "CANCELLED"
    COMPLETED = "COMPLETED"


TRANSITIONS: Mapping[EventStatus, frozenset[EventStatus]] = {
    EventStatus.DRAFT: frozenset({EventStatus.PUBLISHED, EventStatus.CANCELLED}),
    EventStatus.PUBLISHED: frozenset({EventStatus.CANCELLED, EventStatus.COMPLETED}),
    EventStatus.CANCELLED: frozenset(),
    EventStatus.COMPLETED: frozenset(),
}
"""The store enforces the same (db/migrations/states.py), and docs/domains/events.md draws it."""


class EventCategory(Enum):
    COFFEE = "COFFEE"
    FOOD = "FOOD"
    GAMING = "GAMING"
    SPORTS = "SPORTS"
    MUSIC = "MUSIC"
    MOVIES = "MOVIES"
    STUDY = "STUDY"
    ART = "ART"
    OTHER = "OTHER"


class AttendanceStatus(Enum):
    GOING = "GOING"
    INTERESTED = "INTERESTED"
    DECLINED = "DECLINED"


class InvitationStatus(Enum):
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody asked somebody else to an event."""

    id: InvitationId
    event_id: EventId
    inviter_id: HostId
    invitee_id: HostId
    status: InvitationStatus
    created_at: datetime
    answered_at: datetime | None

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class TooMany:
    """As many were invited as may be."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who will see an answer or writes, as the store needs to know it."""

    user_id: HostId | None = None
    tenant: str | None = None
    is_admin: bool = False
    is_moderator: bool = False


@dataclass(frozen=True, slots=True)
class Venue:
    id: VenueId
    name: str
    address: str
    city: str
    latitude: float
    longitude: float
    capacity: int | None
    created_by: HostId | None
    created_at: datetime
    name_sort: str
    city_sort: str
    """What name and city are ordered by; made by the store."""

    def position(self, order: VenueOrder) -> tuple[object, ...]:
        match order:
            case VenueOrder.NAME:
                return (self.name_sort, self.id)
            case VenueOrder.CITY:
                return (self.city_sort, self.name_sort, self.id)
            case VenueOrder.NEWEST | VenueOrder.OLDEST:
                return (self.created_at, self.id)
            case other:
                assert_never(other)


@dataclass(frozen=True, slots=True)
class NewVenue:
    id: VenueId
    name: str
    address: str
    city: str
    latitude: float
    longitude: float
    capacity: int | None
    created_by: HostId


@dataclass(frozen=True, slots=True)
class VenueFilter:
    city: str | None = None


class Event(msgspec.Struct, frozen=True):
    """`status` is what it is at the moment of reading: published and ended is completed."""

    id: EventId
    tenant_id: UUID | None
    host_id: HostId
    title: str
    description: str
    category: EventCategory
    status: EventStatus
    starts_at: datetime
    ends_at: datetime
    timezone: str
    venue_id: VenueId | None
    max_attendees: int | None
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    """Its venue's, where it has one; both or neither."""
    cancel_reason: str | None = None
    series_id: SeriesId | None = None
    series_rule: str | None = None

    @property
    def position(self) -> tuple[object, ...]:
        return (self.starts_at, self.id)

    @property
    def place(self) -> Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class NewEvent:
    id: EventId
    tenant_id: UUID | None
    host_id: HostId
    title: str
    description: str
    category: EventCategory
    status: EventStatus
    starts_at: datetime
    ends_at: datetime
    timezone: str
    venue_id: VenueId | None
    max_attendees: int | None
    published_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    series_id: SeriesId | None = None
    series_rule: str | None = None


@dataclass(frozen=True, slots=True)
class EventChange:
    """The columns to set; one that is absent stays."""

    columns: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventSearchFilter:
    """What is None does not matter."""

    category: EventCategory | None = None
    starts_after: datetime | None = None
    starts_before: datetime | None = None
    ends_before: datetime | None = None
    venue_id: VenueId | None = None
    organization_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EventFilter(EventSearchFilter):
    """Published means: and not over."""

    statuses: frozenset[EventStatus] = frozenset({EventStatus.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Attendance:
    """Somebody's answer to an event."""

    user_id: HostId
    status: AttendanceStatus
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.user_id)


@dataclass(frozen=True, slots=True)
class Attended:
    """An event somebody answered, and how."""

    event: Event
    status: AttendanceStatus
    since: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer: the event as it is, how many are going, and the answer that stands."""

    event: Event
    going: int
    status: AttendanceStatus | None
