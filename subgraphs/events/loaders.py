"""The events domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from subgraphs.events.loaders_said import Said, SaidLoaders
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
from subgraphs.kit.loading import Loader, loader, made_once, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.records import Records
from subgraphs.kit.request import Request
from subgraphs.kit.search import NameSearch


class AnswerLoaders:
    """Lists by answer: one set for those who are going, one for the interested. Each is made when it is first
    asked for.
    """

    def __init__(self, request: Request, attendances: Attendances, status: AttendanceStatus) -> None:
        self._viewer = request.known_viewer
        self._attendances = attendances
        self._status = status

    @made_once
    def attendees(self) -> Loader[tuple[EventId, PageRequest], Page[Attendance]]:
        return page_loader(self._attendees)

    @made_once
    def attendee_count(self) -> Loader[EventId, int | None]:
        """Everybody."""
        return loader(self._attendee_count)

    @made_once
    def seen_count(self) -> Loader[EventId, int | None]:
        """Those who are listed for the reader."""
        return loader(self._seen_count)

    @made_once
    def attended(self) -> Loader[tuple[HostId, PageRequest], Page[Attended]]:
        return page_loader(self._attended)

    @made_once
    def attended_count(self) -> Loader[HostId, int | None]:
        return loader(self._attended_count)

    async def _attendees(
        self, ids: Sequence[EventId], page: PageRequest
    ) -> Mapping[EventId, Page[Attendance]]:
        return await self._attendances.list_attendees(ids, self._status, self._viewer, page)

    async def _attendee_count(self, ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await self._attendances.count_attendees(ids, self._status)

    async def _seen_count(self, ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await self._attendances.count_seen_attendees(ids, self._status, self._viewer)

    async def _attended(self, users: Sequence[HostId], page: PageRequest) -> Mapping[HostId, Page[Attended]]:
        return await self._attendances.list_attended(users, self._status, self._viewer, page)

    async def _attended_count(self, users: Sequence[HostId]) -> Mapping[HostId, int]:
        return await self._attendances.count_attended(users, self._status, self._viewer)


class EventLoaders:
    """Each is made when it is first asked for."""

    def __init__(
        self,
        request: Request,
        events: Events,
        attendances: Attendances,
        venues: Venues,
        galleries: Galleries,
        said: Said,
    ) -> None:
        self._request = request
        self._viewer = request.known_viewer
        self._events = events
        self._attendances = attendances
        self._venues = venues
        self._galleries = galleries
        self._said = said

    @made_once
    def by_id(self) -> Loader[EventId, Event | None]:
        return loader(self._by_ids)

    @made_once
    def hosted(self) -> Loader[tuple[HostId, PageRequest], Page[Event]]:
        return page_loader(self._hosted)

    @made_once
    def hosted_count(self) -> Loader[HostId, int | None]:
        return loader(self._hosted_count)

    @made_once
    def of_organization(self) -> Loader[tuple[OrganizationId, PageRequest], Page[Event]]:
        return page_loader(self._of_organizations)

    @made_once
    def of_organization_count(self) -> Loader[OrganizationId, int | None]:
        return loader(self._of_organization_count)

    @made_once
    def of_series(self) -> Loader[tuple[SeriesId, PageRequest], Page[Event]]:
        return page_loader(self._of_series)

    @made_once
    def of_series_count(self) -> Loader[SeriesId, int | None]:
        return loader(self._of_series_count)

    @made_once
    def venue(self) -> Loader[VenueId, Venue | None]:
        return loader(self._venues.find_by_ids)

    @made_once
    def at_venue(self) -> Loader[tuple[VenueId, PageRequest], Page[Event]]:
        return page_loader(self._at_venues)

    @made_once
    def at_venue_count(self) -> Loader[VenueId, int | None]:
        return loader(self._at_venue_count)

    @made_once
    def by_answer(self) -> Mapping[AttendanceStatus, AnswerLoaders]:
        return {
            status: AnswerLoaders(self._request, self._attendances, status) for status in AttendanceStatus
        }

    @made_once
    def viewers_answer(self) -> Loader[EventId, AttendanceStatus | None]:
        return loader(self._viewers_answer)

    @made_once
    def images(self) -> Loader[EventId, tuple[EventImage, ...] | None]:
        return loader(self._galleries.list_by_events)

    @made_once
    def image(self) -> Loader[ImageId, EventImage | None]:
        return loader(self._image)

    @made_once
    def said(self) -> SaidLoaders:
        return SaidLoaders(self._request, self._said)

    async def _by_ids(self, ids: Sequence[EventId]) -> Mapping[EventId, Event]:
        return await self._events.find_by_ids(ids, self._viewer)

    async def _hosted(self, hosts: Sequence[HostId], page: PageRequest) -> Mapping[HostId, Page[Event]]:
        return await self._events.list_hosted(hosts, self._viewer, page)

    async def _hosted_count(self, hosts: Sequence[HostId]) -> Mapping[HostId, int]:
        return await self._events.count_hosted(hosts, self._viewer)

    async def _of_organizations(
        self, ids: Sequence[OrganizationId], page: PageRequest
    ) -> Mapping[OrganizationId, Page[Event]]:
        return await self._events.list_of_organizations(ids, self._viewer, page)

    async def _of_organization_count(self, ids: Sequence[OrganizationId]) -> Mapping[OrganizationId, int]:
        return await self._events.count_of_organizations(ids, self._viewer)

    async def _of_series(self, ids: Sequence[SeriesId], page: PageRequest) -> Mapping[SeriesId, Page[Event]]:
        return await self._events.list_of_series(ids, self._viewer, page)

    async def _of_series_count(self, ids: Sequence[SeriesId]) -> Mapping[SeriesId, int]:
        return await self._events.count_of_series(ids, self._viewer)

    async def _at_venues(self, ids: Sequence[VenueId], page: PageRequest) -> Mapping[VenueId, Page[Event]]:
        return await self._events.list_at_venues(ids, self._viewer, page)

    async def _at_venue_count(self, ids: Sequence[VenueId]) -> Mapping[VenueId, int]:
        return await self._events.count_at_venues(ids, self._viewer)

    async def _viewers_answer(self, ids: Sequence[EventId]) -> Mapping[EventId, AttendanceStatus]:
        return await self._attendances.find_answers(self._request.require_viewer(), ids)

    async def _image(self, ids: Sequence[ImageId]) -> Mapping[ImageId, EventImage]:
        return await self._galleries.find_by_ids(ids, self._viewer)


class EventsContext(msgspec.Struct, frozen=True):
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
    loaders = EventLoaders(request, events, attendances, venues, galleries, said)
    return EventsContext(
        request, events, attendances, invitations, venues, searches, names, galleries, said, loaders
    )
