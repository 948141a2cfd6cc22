"""What the mutations of the events domain are given."""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.events import enums as _described  # noqa: F401 -- before they are used
from subgraphs.events import values
from subgraphs.kit.repeats import idempotency_key
from subgraphs.kit.scalars import TimeZone

TITLE = "Up to 200 characters."
DESCRIPTION = "Up to 10000 characters."
CATEGORY = "What people do there."
STARTS = "Not in the past."
ENDS = "After it starts."
ZONE = "Where it is held: for showing local times."
VENUE = "Where it is held."
PLACE = "Where it is held, when that is no venue: a venue has a place of its own."
MOST = "How many may come; null or absent: as many as want to."
STREET = "Street and number, as written on a letter: up to 300 characters."
LATITUDE = "In degrees, north is positive (WGS 84)."
LONGITUDE = "In degrees, east is positive (WGS 84)."
CAPACITY = "How many fit; null when that is not known."
OWN_EVENT = "An event you host."
UNSET = strawberry.UNSET


@strawberry.input(description="A point on the globe (WGS 84).")
class GeoPointInput:
    latitude: float = strawberry.field(description="In degrees, north is positive: -90 to 90.")
    longitude: float = strawberry.field(description="In degrees, east is positive: -180 to 180.")


@strawberry.input(description="A new event. You become its host.")
class CreateEventInput:
    title: str = strawberry.field(description=TITLE)
    description: str = strawberry.field(default="", description=DESCRIPTION)
    category: values.EventCategory = strawberry.field(
        default=values.EventCategory.OTHER, description=CATEGORY
    )
    starts_at: datetime = strawberry.field(description=STARTS)
    ends_at: datetime = strawberry.field(description=ENDS)
    timezone: TimeZone = strawberry.field(default=TimeZone("UTC"), description=ZONE)
    venue_id: strawberry.ID | None = strawberry.field(default=None, description=VENUE)
    location: GeoPointInput | None = strawberry.field(default=None, description=PLACE)
    max_attendees: int | None = strawberry.field(default=None, description=MOST)
    is_draft: bool = strawberry.field(default=False, description="Keep it to yourself until publishEvent.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="New events that come again by a rule. You become their host.")
class CreateEventSeriesInput(CreateEventInput):
    rule: str = strawberry.field(
        description="When it comes again: a recurrence rule of RFC 5545 with COUNT or UNTIL, such as "
        "FREQ=WEEKLY;BYDAY=TU;COUNT=10. Its days are those of timezone, the first is that of startsAt; at "
        "most 200 events within two years."
    )


@strawberry.input(description="A field that is absent stays; null clears venueId, location and maxAttendees.")
class UpdateEventInput:
    event_id: strawberry.ID = strawberry.field(description=OWN_EVENT)
    title: str | None = strawberry.field(default=UNSET, description=TITLE)
    description: str | None = strawberry.field(default=UNSET, description=DESCRIPTION)
    category: values.EventCategory | None = strawberry.field(default=UNSET, description=CATEGORY)
    starts_at: datetime | None = strawberry.field(default=UNSET, description=STARTS)
    ends_at: datetime | None = strawberry.field(default=UNSET, description=ENDS)
    timezone: TimeZone | None = strawberry.field(default=UNSET, description=ZONE)
    venue_id: strawberry.ID | None = strawberry.field(default=UNSET, description=VENUE)
    location: GeoPointInput | None = strawberry.field(default=UNSET, description=PLACE)
    max_attendees: int | None = strawberry.field(
        default=UNSET, description="At least as many as are going; null: as many as want to."
    )
    following: bool = strawberry.field(
        default=False, description="Whether it is changed in all that come after it in its series."
    )


@strawberry.input(description="What is published.")
class PublishEventInput:
    event_id: strawberry.ID = strawberry.field(description=OWN_EVENT)
    following: bool = strawberry.field(
        default=False, description="Whether so are all drafts that come after it in its series."
    )


@strawberry.input(description="What is cancelled.")
class CancelEventInput:
    event_id: strawberry.ID = strawberry.field(
        description="An event you host; any that is visible for administrators."
    )
    reason: str | None = strawberry.field(
        default=None, description="Why, for everybody who sees the event. Up to 500 characters."
    )
    following: bool = strawberry.field(
        default=False, description="Whether so are all that come after it in its series."
    )


@strawberry.input(description="What is deleted.")
class DeleteEventInput:
    event_id: strawberry.ID = strawberry.field(
        description="An event you host that nobody has answered: cancel it else."
    )


@strawberry.input(description="An answer to an event.")
class AttendEventInput:
    event_id: strawberry.ID = strawberry.field(description="An event that is published and not over.")
    status: values.AttendanceStatus = strawberry.field(
        default=values.AttendanceStatus.GOING, description="Whether you come, might, or do not."
    )


@strawberry.input(description="An answer that is taken back.")
class LeaveEventInput:
    event_id: strawberry.ID = strawberry.field(description="Whether you had answered or not.")


@strawberry.input(description="Who is removed, and from where.")
class RemoveAttendeeInput:
    event_id: strawberry.ID = strawberry.field(description=OWN_EVENT)
    user_id: strawberry.ID = strawberry.field(description="Somebody who has answered.")


@strawberry.input(description="A new venue.")
class CreateVenueInput:
    name: str = strawberry.field(description=TITLE)
    address: str = strawberry.field(description=STREET)
    city: str = strawberry.field(description="Up to 100 characters.")
    latitude: float = strawberry.field(description=LATITUDE)
    longitude: float = strawberry.field(description=LONGITUDE)
    capacity: int | None = strawberry.field(default=None, description=CAPACITY)
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A field that is absent stays; null clears capacity.")
class UpdateVenueInput:
    venue_id: strawberry.ID = strawberry.field(description="A venue you added.")
    name: str | None = strawberry.field(default=UNSET, description=TITLE)
    address: str | None = strawberry.field(default=UNSET, description=STREET)
    city: str | None = strawberry.field(default=UNSET, description="Up to 100 characters.")
    latitude: float | None = strawberry.field(default=UNSET, description=LATITUDE)
    longitude: float | None = strawberry.field(default=UNSET, description=LONGITUDE)
    capacity: int | None = strawberry.field(default=UNSET, description=CAPACITY)
