"""Events, answers to them, and venues: made, changed and ended."""

from __future__ import annotations

import strawberry

from db.places import Point
from subgraphs.events import inputs, values
from subgraphs.events.service import Details, VenueDetails
from subgraphs.events.types import Event, EventsInfo, Venue, event_type, venue_type
from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.repeats import attempt_of
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks


@payload
class CreateEventPayload:
    event: Event | None = outcome("The new event.")
    errors: list[UserError] = problems()


@payload
class CreateEventSeriesPayload:
    event: Event | None = outcome("The first of the new events; its series has the others.")
    errors: list[UserError] = problems()


@payload
class UpdateEventPayload:
    event: Event | None = outcome("The event as it is now.")
    errors: list[UserError] = problems()


@payload
class PublishEventPayload:
    event: Event | None = outcome("The event, published.")
    errors: list[UserError] = problems()


@payload
class CancelEventPayload:
    event: Event | None = outcome("The event, cancelled.")
    errors: list[UserError] = problems()


@payload
class DeleteEventPayload:
    deleted_event_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@payload
class AttendEventPayload:
    event: Event | None = outcome("The event with your answer.")
    errors: list[UserError] = problems()


@payload
class LeaveEventPayload:
    event: Event | None = outcome("The event without your answer.")
    errors: list[UserError] = problems()


@payload
class RemoveAttendeePayload:
    event: Event | None = outcome("The event without them.")
    errors: list[UserError] = problems()


@payload
class CreateVenuePayload:
    venue: Venue | None = outcome("The new venue.")
    errors: list[UserError] = problems()


@payload
class UpdateVenuePayload:
    venue: Venue | None = outcome("The venue as it is now.")
    errors: list[UserError] = problems()


@strawberry.type(description="Events, answers and venues.")
class EventMutations:
    @mutation(CreateEventPayload, description="You become its host.")
    async def create_event(
        self, info: EventsInfo, input: inputs.CreateEventInput
    ) -> CreateEventPayload | None:
        return CreateEventPayload(event=event_type(await _created(info, input, None)))

    @mutation(
        CreateEventSeriesPayload,
        description="Each is an event of its own; you become the host of them all.",
    )
    async def create_event_series(
        self, info: EventsInfo, input: inputs.CreateEventSeriesInput
    ) -> CreateEventSeriesPayload | None:
        return CreateEventSeriesPayload(event=event_type(await _created(info, input, input.rule)))

    @mutation(UpdateEventPayload, description="For the host, while it is not cancelled or over.")
    async def update_event(
        self, info: EventsInfo, input: inputs.UpdateEventInput
    ) -> UpdateEventPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        columns = changes(input, checks, clearable={"venue_id", "location", "max_attendees"})
        event_id = _event_id(checks, columns.pop("event_id"))
        if columns.get("venue_id") is not None:
            columns["venue_id"] = _venue_id(checks, columns["venue_id"])
        if "location" in columns:
            columns["place"] = _place(columns.pop("location"))
        following = columns.pop("following", False)
        event = await info.context.events.update(viewer, event_id, columns, checks, following=following)
        return UpdateEventPayload(event=event_type(event))

    @mutation(PublishEventPayload, description="For the host: show a draft to everyone.")
    async def publish_event(
        self, info: EventsInfo, input: inputs.PublishEventInput
    ) -> PublishEventPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        event_id = _event_id(checks, input.event_id)
        event = await info.context.events.publish(viewer, event_id, checks, following=input.following)
        return PublishEventPayload(event=event_type(event))

    @mutation(CancelEventPayload, description="For the host and administrators. A draft stays hidden.")
    async def cancel_event(
        self, info: EventsInfo, input: inputs.CancelEventInput
    ) -> CancelEventPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        event = await info.context.events.cancel(
            viewer, _event_id(checks, input.event_id), input.reason, checks, following=input.following
        )
        return CancelEventPayload(event=event_type(event))

    @mutation(DeleteEventPayload, description="For the host, as long as nobody has answered.")
    async def delete_event(
        self, info: EventsInfo, input: inputs.DeleteEventInput
    ) -> DeleteEventPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        gone = await info.context.events.remove(viewer, _event_id(checks, input.event_id), checks)
        return DeleteEventPayload(deleted_event_id=strawberry.ID(str(gone)))

    @mutation(AttendEventPayload, description="Say that you come, that you might, or that you do not.")
    async def attend_event(
        self, info: EventsInfo, input: inputs.AttendEventInput
    ) -> AttendEventPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        event_id = _event_id(checks, input.event_id)
        event = await info.context.attendances.answer(viewer, event_id, input.status, checks)
        return AttendEventPayload(event=event_type(event))

    @mutation(LeaveEventPayload, description="Take your answer back.")
    async def leave_event(self, info: EventsInfo, input: inputs.LeaveEventInput) -> LeaveEventPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        event_id = _event_id(checks, input.event_id)
        event = await info.context.attendances.withdraw(viewer, event_id, checks)
        return LeaveEventPayload(event=event_type(event))

    @mutation(RemoveAttendeePayload, description="For the host: somebody does not come after all.")
    async def remove_attendee(
        self, info: EventsInfo, input: inputs.RemoveAttendeeInput
    ) -> RemoveAttendeePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        event_id, user_id = _event_id(checks, input.event_id), checks.id(input.user_id, "userId")
        event = await info.context.attendances.remove(viewer, event_id, values.HostId(user_id), checks)
        return RemoveAttendeePayload(event=event_type(event))

    @mutation(CreateVenuePayload, description="Add a place where events are held.")
    async def create_venue(
        self, info: EventsInfo, input: inputs.CreateVenueInput
    ) -> CreateVenuePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        attempt = attempt_of(viewer.id, input, checks)
        details = VenueDetails(**{name: getattr(input, name) for name in VenueDetails.__dataclass_fields__})
        venue = await info.context.venues.create(viewer, details, checks, attempt)
        return CreateVenuePayload(venue=venue_type(venue))

    @mutation(UpdateVenuePayload, description="For who added it and administrators.")
    async def update_venue(
        self, info: EventsInfo, input: inputs.UpdateVenueInput
    ) -> UpdateVenuePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        columns = changes(input, checks, clearable={"capacity"})
        venue_id = _venue_id(checks, columns.pop("venue_id"))
        venue = await info.context.venues.update(viewer, venue_id, columns, checks)
        return UpdateVenuePayload(venue=venue_type(venue))


async def _created(info: EventsInfo, input: inputs.CreateEventInput, rule: str | None) -> values.Event:
    viewer, checks = info.context.request.require_viewer(), Checks()
    details = Details(
        title=input.title,
        description=input.description,
        category=input.category,
        starts_at=input.starts_at,
        ends_at=input.ends_at,
        timezone=input.timezone,
        venue_id=None if input.venue_id is None else _venue_id(checks, input.venue_id),
        max_attendees=input.max_attendees,
        place=_place(input.location),
    )
    attempt = attempt_of(viewer.id, input, checks)
    return await info.context.events.create(
        viewer, details, checks, is_draft=input.is_draft, attempt=attempt, rule=rule
    )


def _event_id(checks: Checks, text: str) -> values.EventId:
    return values.EventId(checks.id(text, "eventId"))


def _venue_id(checks: Checks, text: str) -> values.VenueId:
    return values.VenueId(checks.id(text, "venueId"))


def _place(location: inputs.GeoPointInput | None) -> Point | None:
    return None if location is None else Point(location.latitude, location.longitude)
