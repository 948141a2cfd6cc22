"""The events domain in GraphQL. `User`, `Organization` and `Post` are other subgraphs' entities with our
fields on them.
"""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry
from strawberry import federation
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.events import values
from subgraphs.events.loaders import EventsContext
from subgraphs.events.service.ics import ics_of
from subgraphs.events.types.gallery import WithGallery
from subgraphs.events.types.invitations import (
    EventInvitation,
    EventInvitationCounts,
    invitation_connection,
)
from subgraphs.events.types.questions import WithQuestions
from subgraphs.events.types.reviews import WithHostRating, WithOrganizationRating, WithReviews
from subgraphs.kit import connections as relay
from subgraphs.kit.connections import Connection, Counter, PageArguments, Paged, connection, paged
from subgraphs.kit.pages import Page
from subgraphs.kit.recorded import recorded
from subgraphs.kit.scalars import TimeZone

EventsInfo: TypeAlias = Info[EventsContext, None]

Order = Annotated[values.EventOrder, strawberry.argument(description="What comes first.")]
Answer = Annotated[values.AttendanceStatus, strawberry.argument(description="Which answers.")]


@federation.type(keys=["id"], description="A person with an account.")
class User(WithHostRating):
    id: strawberry.ID = strawberry.field(description="Theirs for good.")

    @strawberry.field(description="The events they host. Drafts are for the host and the organization alone.")
    @paged
    def hosted_events(
        self,
        info: EventsInfo,
        asked: PageArguments,
        order_by: Order = values.EventOrder.EARLIEST,
    ) -> Connection[Event] | None:
        ordering = values.EVENT_ORDERINGS[order_by]
        window = asked.of(ordering)
        host, loaders = values.HostId(uuid_of(self.id)), info.context.loaders
        count = partial(loaders.hosted_count.load, host)
        return loaders.hosted.answer((host, window), lambda page: event_connection(page, order_by, count))

    @strawberry.field(description="The events they answered so, earliest first.")
    @paged
    def attending(
        self,
        info: EventsInfo,
        asked: PageArguments,
        status: Answer = values.AttendanceStatus.GOING,
    ) -> AttendanceConnection | None:
        ordering = values.ATTENDANCE_BY_START
        window = asked.of(ordering)
        user, loaders = values.HostId(uuid_of(self.id)), info.context.loaders.by_answer[status]
        count = partial(loaders.attended_count.load, user)
        return loaders.attended.answer((user, window), lambda page: _attendance_connection(page, count))

    @strawberry.field(
        description="The events others invite them to, newest first. For themselves; null for anyone else."
    )
    @paged
    async def event_invitations(
        self,
        info: EventsInfo,
        asked: PageArguments,
    ) -> Connection[EventInvitation] | None:
        if (viewer := info.context.request.themselves(uuid_of(self.id))) is None:
            return None
        ordering, invitations = values.RECEIVED_INVITATIONS, info.context.invitations
        window = asked.of(ordering)
        page = await invitations.list_received(viewer, window)
        return invitation_connection(page, ordering, partial(invitations.count_received, viewer))

    @strawberry.field(
        description="The events they invite others to, newest first. For themselves; null for anyone else."
    )
    @paged
    async def sent_event_invitations(
        self,
        info: EventsInfo,
        asked: PageArguments,
    ) -> Connection[EventInvitation] | None:
        if (viewer := info.context.request.themselves(uuid_of(self.id))) is None:
            return None
        ordering, invitations = values.SENT_INVITATIONS, info.context.invitations
        window = asked.of(ordering)
        page = await invitations.list_sent(viewer, window)

        async def count() -> int:
            return sum((await invitations.count_sent(viewer)).values())

        return invitation_connection(page, ordering, count)

    @strawberry.field(
        description="What came of the invitations they sent. For themselves; null for anyone else."
    )
    async def event_invitation_counts(self, info: EventsInfo) -> EventInvitationCounts | None:
        if (viewer := info.context.request.themselves(uuid_of(self.id))) is None:
            return None
        counted = await info.context.invitations.count_sent(viewer)
        by_name = {status.name.lower(): number for status, number in counted.items()}
        return EventInvitationCounts(sent=sum(counted.values()), **by_name)


@federation.type(keys=["id"], description="People who work together, and what they own together.")
class Organization(WithOrganizationRating):
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(
        description="Its events. Drafts are for who acts for the organization, and for their host."
    )
    @paged
    def events(
        self,
        info: EventsInfo,
        asked: PageArguments,
        order_by: Order = values.EventOrder.EARLIEST,
    ) -> Connection[Event] | None:
        ordering = values.EVENT_ORDERINGS[order_by]
        window = asked.of(ordering)
        organization, loaders = values.OrganizationId(uuid_of(self.id)), info.context.loaders
        count = partial(loaders.of_organization_count.load, organization)
        return loaders.of_organization.answer(
            (organization, window), lambda page: event_connection(page, order_by, count)
        )


@federation.type(keys=["id"], description="Something somebody wanted others to see.")
class Post:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    event_id: strawberry.ID | None = federation.field(
        external=True, description="For the events subgraph, which knows whether it may be shown."
    )

    attached_event_id: strawberry.ID | None = federation.field(
        external=True, description="For the events subgraph, which knows whether it may be shown."
    )

    @federation.field(
        requires=["attachedEventId"],
        description="The event it shows beside what it says; null too when there is none that you may see.",
    )
    def attached_event(self, info: EventsInfo) -> Event | None:
        event_id = _uuid(self.attached_event_id)
        if event_id is None:
            return None
        return info.context.loaders.by_id.found(values.EventId(event_id), event_type)

    @federation.field(
        requires=["eventId"],
        description="The event it is about; null too when there is none that you may see.",
    )
    def event(self, info: EventsInfo) -> Event | None:
        event_id = _uuid(self.event_id)
        if event_id is None:
            return None
        return info.context.loaders.by_id.found(values.EventId(event_id), event_type)


@federation.type(keys=["id"], description="Where events are held.")
class Venue:
    record: strawberry.Private[values.Venue]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    name: str = strawberry.field(description="What people call it.")
    address: str = strawberry.field(description="Street and number, as written on a letter.")
    city: str = strawberry.field(description="The town it is in.")
    latitude: float = strawberry.field(description="In degrees, north is positive (WGS 84).")
    longitude: float = strawberry.field(description="In degrees, east is positive (WGS 84).")
    capacity: int | None = strawberry.field(description="How many fit, if that is known.")
    created_at: datetime = strawberry.field(description="When it was added.")

    @strawberry.field(description="Published events there that are not over.")
    @paged
    def events(
        self,
        info: EventsInfo,
        asked: PageArguments,
        order_by: Order = values.EventOrder.EARLIEST,
    ) -> Connection[Event]:
        ordering = values.EVENT_ORDERINGS[order_by]
        window = asked.of(ordering)
        loaders = info.context.loaders
        count = partial(loaders.at_venue_count.load, self.record.id)
        return loaders.at_venue.answer(
            (self.record.id, window), lambda page: event_connection(page, order_by, count)
        )


@strawberry.type(description="A point on the globe (WGS 84).")
class GeoPoint:
    latitude: float = strawberry.field(description="In degrees, north is positive.")
    longitude: float = strawberry.field(description="In degrees, east is positive.")


@strawberry.type(description="Events that come again by a rule.")
class EventSeries:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    rule: str = strawberry.field(description="The rule that made them (RFC 5545).")

    @strawberry.field(
        description="Those of them that you may see, also what was moved, is cancelled or over."
    )
    @paged
    def events(
        self,
        info: EventsInfo,
        asked: PageArguments,
        order_by: Order = values.EventOrder.EARLIEST,
    ) -> Connection[Event]:
        window = asked.of(values.EVENT_ORDERINGS[order_by])
        series, loaders = values.SeriesId(uuid_of(self.id)), info.context.loaders
        count = partial(loaders.of_series_count.load, series)
        return loaders.of_series.answer(
            (series, window), lambda page: event_connection(page, order_by, count)
        )


@strawberry.type(description="Somebody who answered an event.")
class AttendeeEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: User | None = strawberry.field(description="Who it is.")
    status: values.AttendanceStatus = strawberry.field(description="What they answered.")
    answered_at: datetime = strawberry.field(description="When they answered so.")


@strawberry.type(description="A page of the people who answered an event.")
class AttendeeConnection(Paged[AttendeeEdge, User | None]):
    pass


@recorded(
    id=lambda event: str(event.record.id),
    host=lambda event: User(id=strawberry.ID(str(event.record.host_id))),
    organization=lambda event: _organization(event.record.tenant_id),
)
@federation.type(keys=["id"], description="Something people come to.")
class Event(WithGallery, WithQuestions, WithReviews):
    record: strawberry.Private[values.Event]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    host: User | None = strawberry.field(description="Who invites.")
    organization: Organization | None = strawberry.field(
        description="Whose it is, when it is not the host's alone."
    )
    title: str = strawberry.field(description="Its name, in a line.")
    description: str = strawberry.field(description="What it is about; empty when nothing was written.")
    category: values.EventCategory = strawberry.field(description="What people do there.")
    status: values.EventStatus = strawberry.field(description="What it is at the moment.")
    starts_at: datetime = strawberry.field(description="When it starts.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    timezone: TimeZone = strawberry.field(description="Where it is held: for showing local times.")
    max_attendees: int | None = strawberry.field(description="How many may come; null: as many as want to.")
    published_at: datetime | None = strawberry.field(
        description="Since when everybody may see it; null when nobody else ever could."
    )
    cancel_reason: str | None = strawberry.field(
        description="Why it will not take place, if it was cancelled and somebody said."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    def __init__(self, record: values.Event) -> None:
        self.record = record

    @strawberry.field(description="Where it is held, when that is settled.")
    def venue(self, info: EventsInfo) -> Venue | None:
        if self.record.venue_id is None:
            return None
        return info.context.loaders.venue.found(self.record.venue_id, venue_type)

    @strawberry.field(description="Where it is on the globe: its venue's place, where it has a venue.")
    def location(self) -> GeoPoint | None:
        place = self.record.place
        return None if place is None else GeoPoint(latitude=place.latitude, longitude=place.longitude)

    @strawberry.field(description="What it is one of, when it comes again.")
    def series(self) -> EventSeries | None:
        series, rule = self.record.series_id, self.record.series_rule
        if series is None or rule is None:
            return None
        return EventSeries(id=strawberry.ID(str(series)), rule=rule)

    @strawberry.field(description="It as an iCalendar file, to import into a calendar.")
    async def calendar_file(self, info: EventsInfo) -> str:
        venue_id = self.record.venue_id
        venue = None if venue_id is None else await info.context.loaders.venue.load(venue_id)
        return ics_of([self.record], {} if venue is None else {venue.id: venue}, datetime.now(UTC))

    @strawberry.field(description="Who answered so and is there for you, in the order they did.")
    @paged
    def attendees(
        self,
        info: EventsInfo,
        asked: PageArguments,
        status: Answer = values.AttendanceStatus.GOING,
    ) -> AttendeeConnection:
        window = asked.of(values.ATTENDEES_BY_ANSWER)
        loaders = info.context.loaders.by_answer[status]
        count = partial(loaders.seen_count.load, self.record.id)
        return loaders.attendees.answer(
            (self.record.id, window), lambda page: _attendee_connection(page, count)
        )

    @strawberry.field(description="How many are going: as many places are taken.")
    def attendee_count(self, info: EventsInfo) -> int:
        going = info.context.loaders.by_answer[values.AttendanceStatus.GOING]
        return going.attendee_count.answer(self.record.id, lambda count: count or 0)

    @strawberry.field(description="Your answer; null when there is none or you are not logged in.")
    def viewer_attendance(self, info: EventsInfo) -> values.AttendanceStatus | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.viewers_answer.answer(self.record.id)


@strawberry.type(description="An event somebody answered.")
class AttendanceEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Event = strawberry.field(description="The event.")
    status: values.AttendanceStatus = strawberry.field(description="What they answered.")
    answered_at: datetime = strawberry.field(description="When they answered so.")


@strawberry.type(description="A page of the events somebody answered.")
class AttendanceConnection(Paged[AttendanceEdge, Event]):
    pass


event_type = Event


def _organization(tenant_id: UUID | None) -> Organization | None:
    return None if tenant_id is None else Organization(id=strawberry.ID(str(tenant_id)))


def venue_type(venue: values.Venue) -> Venue:
    return Venue(
        record=venue,
        id=strawberry.ID(str(venue.id)),
        name=venue.name,
        address=venue.address,
        city=venue.city,
        latitude=venue.latitude,
        longitude=venue.longitude,
        capacity=venue.capacity,
        created_at=venue.created_at,
    )


def event_connection(
    page: Page[values.Event], order: values.EventOrder, counter: Counter
) -> Connection[Event]:
    cursor = values.EVENT_ORDERINGS[order].cursor
    return connection(page, event_type, lambda event: cursor(event.position), counter)


def venue_connection(
    page: Page[values.Venue], order: values.VenueOrder, counter: Counter
) -> Connection[Venue]:
    cursor = values.VENUE_ORDERINGS[order].cursor
    return connection(page, venue_type, lambda venue: cursor(venue.position(order)), counter)


def _attendee_connection(page: Page[values.Attendance], counter: Counter) -> AttendeeConnection:
    return AttendeeConnection.of(map(_attendee_edge, page.items), page, counter)


def _attendee_edge(answer: values.Attendance) -> AttendeeEdge:
    at, who = values.ATTENDEES_BY_ANSWER.cursor(answer.position), User(id=strawberry.ID(str(answer.user_id)))
    return AttendeeEdge(cursor=at, node=who, status=answer.status, answered_at=answer.since)


def _attendance_connection(page: Page[values.Attended], counter: Counter) -> AttendanceConnection:
    return AttendanceConnection.of(map(_attendance_edge, page.items), page, counter)


def _attendance_edge(each: values.Attended) -> AttendanceEdge:
    at, event = values.ATTENDANCE_BY_START.cursor(each.event.position), event_type(each.event)
    return AttendanceEdge(cursor=at, node=event, status=each.status, answered_at=each.since)


def _uuid(text: str | None) -> UUID | None:
    """Another subgraph's word for an event; one that is no id leads nowhere."""
    try:
        return None if text is None else uuid_of(text)
    except ValueError:
        return None
