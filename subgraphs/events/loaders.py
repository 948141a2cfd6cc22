"""The events domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from strawberry.dataloader import DataLoader

from subgraphs.events.service import Events
from subgraphs.events.values import Attendance, AttendanceStatus, Event, EventId, HostId, Venue, VenueId
from subgraphs.kit.loading import loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request


@dataclass(frozen=True, slots=True)
class EventLoaders:
    by_id: DataLoader[EventId, Event | None]
    hosted: DataLoader[tuple[HostId, PageRequest], Page[Event]]
    attended: DataLoader[tuple[HostId, PageRequest], Page[Event]]
    venue: DataLoader[VenueId, Venue | None]
    attendees: DataLoader[tuple[EventId, PageRequest], Page[Attendance]]
    going: DataLoader[EventId, int | None]
    viewers_answer: DataLoader[EventId, AttendanceStatus | None]


@dataclass(frozen=True, slots=True)
class EventsContext:
    request: Request
    events: Events
    loaders: EventLoaders


def events_context(request: Request, events: Events) -> EventsContext:
    viewer = request.known_viewer

    async def by_ids(ids: Sequence[EventId]) -> Mapping[EventId, Event]:
        return await events.find_by_ids(ids, viewer)

    async def hosted(hosts: Sequence[HostId], page: PageRequest) -> Mapping[HostId, Page[Event]]:
        return await events.list_hosted(hosts, viewer, page)

    async def attended(users: Sequence[HostId], page: PageRequest) -> Mapping[HostId, Page[Event]]:
        return await events.list_attended(users, viewer, page)

    async def viewers_answer(ids: Sequence[EventId]) -> Mapping[EventId, AttendanceStatus]:
        return await events.find_answers(request.require_viewer(), ids)

    loaders = EventLoaders(
        by_id=loader(by_ids),
        hosted=page_loader(hosted),
        attended=page_loader(attended),
        venue=loader(events.find_venues),
        attendees=page_loader(events.list_attendees),
        going=loader(events.count_going),
        viewers_answer=loader(viewers_answer),
    )
    return EventsContext(request, events, loaders)
