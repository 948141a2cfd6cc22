"""The events domain in GraphQL. `User` is another subgraph's entity with our fields on it."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.events import values
from subgraphs.events.loaders import EventsContext
from subgraphs.kit.connections import After, Before, Connection, First, Last, connection
from subgraphs.kit.pages import Page, page_request

EventsInfo: TypeAlias = Info[EventsContext, None]

strawberry.enum(values.EventStatus, name="EventStatus")
strawberry.enum(values.EventCategory, name="EventCategory")
strawberry.enum(values.AttendanceStatus, name="AttendanceStatus")


@federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field(description="The events they host, earliest first. Drafts are for the host alone.")
    async def hosted_events(
        self,
        info: EventsInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Event]:
        window = page_request(values.EVENTS_BY_START, first=first, after=after, last=last, before=before)
        host = values.HostId(UUID(self.id))
        return event_connection(await info.context.loaders.hosted.load((host, window)))

    @strawberry.field(description="The events they are going to, earliest first.")
    async def attending(
        self,
        info: EventsInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Event]:
        window = page_request(values.EVENTS_BY_START, first=first, after=after, last=last, before=before)
        user = values.HostId(UUID(self.id))
        return event_connection(await info.context.loaders.attended.load((user, window)))


@federation.type(keys=["id"], description="Where events are held.")
class Venue:
    id: strawberry.ID
    name: str
    address: str
    city: str
    latitude: float
    longitude: float
    capacity: int | None


@strawberry.type(description="Somebody who is going.")
class Attendee:
    user: User
    status: values.AttendanceStatus
    since: datetime


@federation.type(keys=["id"], description="Something people come to.")
class Event:
    record: strawberry.Private[values.Event]
    id: strawberry.ID
    host: User
    title: str
    description: str
    category: values.EventCategory
    status: values.EventStatus
    starts_at: datetime
    ends_at: datetime
    timezone: str = strawberry.field(
        description="Where it is held, as Europe/Berlin: for showing local times."
    )
    max_attendees: int | None
    created_at: datetime
    updated_at: datetime

    @strawberry.field
    async def venue(self, info: EventsInfo) -> Venue | None:
        if self.record.venue_id is None:
            return None
        venue = await info.context.loaders.venue.load(self.record.venue_id)
        return None if venue is None else venue_type(venue)

    @strawberry.field(description="Those going, in the order they said so.")
    async def attendees(
        self,
        info: EventsInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Attendee]:
        window = page_request(values.ATTENDEES_BY_ANSWER, first=first, after=after, last=last, before=before)
        page = await info.context.loaders.attendees.load((self.record.id, window))
        return connection(page, _attendee, lambda answer: values.ATTENDEES_BY_ANSWER.cursor(answer.position))

    @strawberry.field(description="How many are going.")
    async def attendee_count(self, info: EventsInfo) -> int:
        return await info.context.loaders.going.load(self.record.id) or 0

    @strawberry.field(description="Your answer; null when there is none or you are not logged in.")
    async def viewer_attendance(self, info: EventsInfo) -> values.AttendanceStatus | None:
        if info.context.request.viewer is None:
            return None
        return await info.context.loaders.viewers_answer.load(self.record.id)


def event_type(event: values.Event) -> Event:
    return Event(
        record=event,
        id=strawberry.ID(str(event.id)),
        host=User(id=strawberry.ID(str(event.host_id))),
        title=event.title,
        description=event.description,
        category=event.category,
        status=event.status,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        timezone=event.timezone,
        max_attendees=event.max_attendees,
        created_at=event.created_at,
        updated_at=event.updated_at,
    )


def venue_type(venue: values.Venue) -> Venue:
    return Venue(
        id=strawberry.ID(str(venue.id)),
        name=venue.name,
        address=venue.address,
        city=venue.city,
        latitude=venue.latitude,
        longitude=venue.longitude,
        capacity=venue.capacity,
    )


def event_connection(page: Page[values.Event]) -> Connection[Event]:
    return connection(page, event_type, lambda event: values.EVENTS_BY_START.cursor(event.position))


def _attendee(answer: values.Attendance) -> Attendee:
    user = User(id=strawberry.ID(str(answer.user_id)))
    return Attendee(user=user, status=answer.status, since=answer.since)
