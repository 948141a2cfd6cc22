"""What one can do in the events domain. All of it needs a login."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @mutation, but not @mutation(…) with arguments.

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.events import values
from subgraphs.events.service import Details
from subgraphs.events.types import Event, EventsInfo, event_type
from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.ids import parse_id


@strawberry.input
class CreateEventInput:
    title: str
    description: str = ""
    category: values.EventCategory = values.EventCategory.OTHER
    starts_at: datetime
    ends_at: datetime
    timezone: str = "UTC"
    venue_id: strawberry.ID | None = None
    max_attendees: int | None = strawberry.field(default=None, description="Absent: as many as want to.")
    is_draft: bool = strawberry.field(default=False, description="Keep it to yourself until publishEvent.")


@strawberry.input(description="A field that is absent stays; null clears venueId and maxAttendees.")
class UpdateEventInput:
    title: str | None = strawberry.UNSET
    description: str | None = strawberry.UNSET
    category: values.EventCategory | None = strawberry.UNSET
    starts_at: datetime | None = strawberry.UNSET
    ends_at: datetime | None = strawberry.UNSET
    timezone: str | None = strawberry.UNSET
    venue_id: strawberry.ID | None = strawberry.UNSET
    max_attendees: int | None = strawberry.UNSET


@strawberry.type
class Mutation:
    @strawberry.mutation(description="You become its host.")
    async def create_event(self, info: EventsInfo, input: CreateEventInput) -> Event:
        viewer = info.context.request.require_viewer()
        details = Details(
            title=input.title,
            description=input.description,
            category=input.category,
            starts_at=input.starts_at,
            ends_at=input.ends_at,
            timezone=input.timezone,
            venue_id=_venue_id(input.venue_id),
            max_attendees=input.max_attendees,
        )
        return event_type(await info.context.events.create(viewer, details, is_draft=input.is_draft))

    @strawberry.mutation(description="For the host.")
    async def update_event(self, info: EventsInfo, id: strawberry.ID, input: UpdateEventInput) -> Event:
        viewer = info.context.request.require_viewer()
        columns = _given(input)
        return event_type(await info.context.events.update(viewer, _event_id(id), columns))

    @strawberry.mutation(description="For the host: show a draft to everyone.")
    async def publish_event(self, info: EventsInfo, id: strawberry.ID) -> Event:
        viewer = info.context.request.require_viewer()
        return event_type(await info.context.events.publish(viewer, _event_id(id)))

    @strawberry.mutation(description="For the host.")
    async def cancel_event(self, info: EventsInfo, id: strawberry.ID) -> Event:
        viewer = info.context.request.require_viewer()
        return event_type(await info.context.events.cancel(viewer, _event_id(id)))

    @strawberry.mutation(description="Say that you come, or that you might.")
    async def attend_event(
        self,
        info: EventsInfo,
        event_id: strawberry.ID,
        status: values.AttendanceStatus = values.AttendanceStatus.GOING,
    ) -> Event:
        viewer = info.context.request.require_viewer()
        return event_type(await info.context.events.attend(viewer, _event_id(event_id, "eventId"), status))

    @strawberry.mutation(description="Take your answer back.")
    async def leave_event(self, info: EventsInfo, event_id: strawberry.ID) -> Event:
        viewer = info.context.request.require_viewer()
        return event_type(await info.context.events.withdraw(viewer, _event_id(event_id, "eventId")))


CLEARABLE = frozenset({"venue_id", "max_attendees"})


def _given(input: UpdateEventInput) -> dict[str, object]:
    """The columns that were sent. Raises BadUserInput for a null that cannot be stored."""
    given: dict[str, object] = {k: v for k, v in vars(input).items() if v is not strawberry.UNSET}
    empty = [name for name, value in given.items() if value is None and name not in CLEARABLE]
    if empty:
        raise BadUserInput({name: f"{name} cannot be cleared." for name in empty})
    if isinstance(venue_id := given.get("venue_id"), str):
        given["venue_id"] = _venue_id(venue_id)
    return given


def _event_id(text: str, argument: str = "id") -> values.EventId:
    return values.EventId(parse_id(text, argument))


def _venue_id(text: str | None) -> values.VenueId | None:
    return None if text is None else values.VenueId(parse_id(text, "venueId"))
