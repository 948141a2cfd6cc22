"""The events domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.events.loaders_said import Said, SaidLoaders, said_loaders
from subgraphs.events.service import Attendances, Events, EventSearches, Galleries, Invitations, Venues
from subgraphs.events.values import (
    Attendance,
    AttendanceStatus,
    Attended,
    Event,
    EventId,
    HostId,
    OrganizationId,
    SeriesId,
    Venue,
    VenueId,
)
from subgraphs.events.values_gallery import EventImage, ImageId
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.records import Records
from subgraphs.kit.request import Request
from subgraphs.kit.search import NameSearch


@dataclass(frozen=True, slots=True)
class AnswerLoaders:
    """Lists by answer: one set for those who are going, one for the interested."""

    attendees: Loader[tuple[EventId, PageRequest], Page[Attendance]]
    attendee_count: Loader[EventId, int | None]
    """Everybody."""
    seen_count: Loader[EventId, int | None]
    """Those who are listed for the reader."""
    attended: Loader[tuple[HostId, PageRequest], Page[Attended]]
    attended_count: Loader[HostId, int | None]


@dataclass(frozen=True, slots=True)
class EventLoaders:
    by_id: Loader[EventId, Event | None]
    hosted: Loader[tuple[HostId, PageRequest], Page[Event]]
    hosted_count: Loader[HostId, int | None]
    of_organization: Loader[tuple[OrganizationId, PageRequest], Page[Event]]
    of_organization_count: Loader[OrganizationId, int | None]
    of_series: Loader[tuple[SeriesId, PageRequest], Page[Event]]
    of_series_count: Loader[SeriesId, int | None]
    venue: Loader[VenueId, Venue | None]
    at_venue: Loader[tuple[VenueId, PageRequest], Page[Event]]
    at_venue_count: Loader[VenueId, int | None]
    by_answer: Mapping[AttendanceStatus, AnswerLoaders]
    viewers_answer: Loader[EventId, AttendanceStatus | None]
    images: Loader[EventId, tuple[EventImage, ...] | None]
    image: Loader[ImageId, EventImage | None]
    said: SaidLoaders


@dataclass(frozen=True, slots=True)
class EventsContext:
    request: Request
    events: Events
    attendances: Attendances
    invitations: Invitations
    venues: Venues
    searches: EventSearches
    names: Mapping[str, NameSearch]
    """Table → what finds its rows by name."""
    galleries: Galleries
    said: Said
    loaders: EventLoaders

    @property
    def records(self) -> Records:
        return self.said.records


def events_context(
    request: Request,
    events: Events,
    attendances: Attendances,
    invitations: Invitations,
    venues: Venues,
    searches: EventSearches,
    names: Mapping[str, NameSearch],
    galleries: Galleries,
    said: Said,
) -> EventsContext:
    viewer = request.known_viewer

    async def by_ids(ids: Sequence[EventId]) -> Mapping[EventId, Event]:
        return await events.find_by_ids(ids, viewer)

    async def hosted(hosts: Sequence[HostId], page: PageRequest) -> Mapping[HostId, Page[Event]]:
        return await events.list_hosted(hosts, viewer, page)

    async def hosted_count(hosts: Sequence[HostId]) -> Mapping[HostId, int]:
        return await events.count_hosted(hosts, viewer)

    async def of_organizations(
        ids: Sequence[OrganizationId], page: PageRequest
    ) -> Mapping[OrganizationId, Page[Event]]:
        return await events.list_of_organizations(ids, viewer, page)

    async def of_organization_count(ids: Sequence[OrganizationId]) -> Mapping[OrganizationId, int]:
        return await events.count_of_organizations(ids, viewer)

    async def of_series(ids: Sequence[SeriesId], page: PageRequest) -> Mapping[SeriesId, Page[Event]]:
        return await events.list_of_series(ids, viewer, page)

    async def of_series_count(ids: Sequence[SeriesId]) -> Mapping[SeriesId, int]:
        return await events.count_of_series(ids, viewer)

    async def at_venues(ids: Sequence[VenueId], page: PageRequest) -> Mapping[VenueId, Page[Event]]:
        return await events.list_at_venues(ids, viewer, page)

    async def at_venue_count(ids: Sequence[VenueId]) -> Mapping[VenueId, int]:
        return await events.count_at_venues(ids, viewer)

    async def viewers_answer(ids: Sequence[EventId]) -> Mapping[EventId, AttendanceStatus]:
        return await attendances.find_answers(request.require_viewer(), ids)

    async def image(ids: Sequence[ImageId]) -> Mapping[ImageId, EventImage]:
        return await galleries.find_by_ids(ids, viewer)

    loaders = EventLoaders(
        by_id=loader(by_ids),
        hosted=page_loader(hosted),
        hosted_count=loader(hosted_count),
        of_organization=page_loader(of_organizations),
        of_organization_count=loader(of_organization_count),
        of_series=page_loader(of_series),
        of_series_count=loader(of_series_count),
        venue=loader(venues.find_by_ids),
        at_venue=page_loader(at_venues),
        at_venue_count=loader(at_venue_count),
        by_answer={status: _answer_loaders(request, attendances, status) for status in AttendanceStatus},
        viewers_answer=loader(viewers_answer),
        images=loader(galleries.list_by_events),
        image=loader(image),
        said=said_loaders(request, said),
    )
    return EventsContext(
        request, events, attendances, invitations, venues, searches, names, galleries, said, loaders
    )


def _answer_loaders(request: Request, attendances: Attendances, status: AttendanceStatus) -> AnswerLoaders:
    async def attendees(ids: Sequence[EventId], page: PageRequest) -> Mapping[EventId, Page[Attendance]]:
        return await attendances.list_attendees(ids, status, request.known_viewer, page)

    async def attendee_count(ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await attendances.count_attendees(ids, status)

    async def seen_count(ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await attendances.count_seen_attendees(ids, status, request.known_viewer)

    async def attended(users: Sequence[HostId], page: PageRequest) -> Mapping[HostId, Page[Attended]]:
        return await attendances.list_attended(users, status, request.known_viewer, page)

    async def attended_count(users: Sequence[HostId]) -> Mapping[HostId, int]:
        return await attendances.count_attended(users, status, request.known_viewer)

    return AnswerLoaders(
        page_loader(attendees),
        loader(attendee_count),
        loader(seen_count),
        page_loader(attended),
        loader(attended_count),
    )
