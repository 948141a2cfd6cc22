"""What the events domain is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.kit.pages import Ordering

EventId = NewType("EventId", UUID)
VenueId = NewType("VenueId", UUID)
HostId = NewType("HostId", UUID)
"""A user, known here by id; the same for whoever attends."""

EVENTS_BY_START = Ordering("events", (datetime, UUID))
ATTENDEES_BY_ANSWER = Ordering("attendees", (datetime, UUID))


class EventStatus(Enum):
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    CANCELLED = "CANCELLED"
    COMPLETED = "COMPLETED"


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


@dataclass(frozen=True, slots=True)
class Reader:
    """Who will see an answer, as the store needs to know it."""

    user_id: HostId | None = None
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class Venue:
    id: VenueId
    name: str
    address: str
    city: str
    latitude: float
    longitude: float
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Event:
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

    @property
    def position(self) -> tuple[object, ...]:
        return (self.starts_at, self.id)

    def is_visible_to(self, reader: Reader) -> bool:
        mine = self.host_id == reader.user_id
        ours = self.tenant_id is not None and str(self.tenant_id) == reader.tenant
        return self.status is not EventStatus.DRAFT or mine or ours


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


@dataclass(frozen=True, slots=True)
class EventChange:
    """The columns to set; one that is absent stays."""

    columns: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventFilter:
    category: EventCategory | None = None
    starting_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    user_id: HostId
    status: AttendanceStatus
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.user_id)
