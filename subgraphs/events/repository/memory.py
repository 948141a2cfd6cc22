"""The same repositories in memory: for tests of what is above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime

from subgraphs.events.values import (
    Attendance,
    AttendanceStatus,
    Event,
    EventChange,
    EventFilter,
    EventId,
    HostId,
    NewEvent,
    Reader,
    Venue,
    VenueId,
)
from subgraphs.kit.pages import Page, PageRequest, window


@dataclass(slots=True)
class InMemoryAttendanceRepository:
    answers: dict[tuple[EventId, HostId], Attendance] = field(default_factory=dict)

    async def answer(self, event: Event, user_id: HostId, status: AttendanceStatus) -> bool:
        others = sum(at == event.id and who != user_id and self._goes(at, who) for at, who in self.answers)
        if (
            status is AttendanceStatus.GOING
            and event.max_attendees is not None
            and others >= event.max_attendees
        ):
            return False
        known = self.answers.get((event.id, user_id))
        since = known.since if known else datetime.now(UTC)
        self.answers[event.id, user_id] = Attendance(user_id, status, since)
        return True

    async def withdraw(self, event_id: EventId, user_id: HostId) -> None:
        self.answers.pop((event_id, user_id), None)

    async def list_attendees(
        self, events: Sequence[EventId], page: PageRequest
    ) -> Mapping[EventId, Page[Attendance]]:
        def of(event: EventId) -> Page[Attendance]:
            going = [
                answer for (at, who), answer in self.answers.items() if at == event and self._goes(at, who)
            ]
            return window(going, page, lambda answer: answer.position)

        return {event: of(event) for event in events}

    async def count_going(self, events: Sequence[EventId]) -> Mapping[EventId, int]:
        return {
            event: sum(at == event and self._goes(at, who) for at, who in self.answers) for event in events
        }

    async def find_answers(
        self, user_id: HostId, events: Sequence[EventId]
    ) -> Mapping[EventId, AttendanceStatus]:
        pairs = [(event, user_id) for event in events if (event, user_id) in self.answers]
        return {pair[0]: self.answers[pair].status for pair in pairs}

    def _goes(self, event: EventId, user: HostId) -> bool:
        return self.answers[event, user].status is AttendanceStatus.GOING


@dataclass(slots=True)
class InMemoryEventRepository:
    attendance: InMemoryAttendanceRepository = field(default_factory=InMemoryAttendanceRepository)
    events: dict[EventId, Event] = field(default_factory=dict)
    venues: dict[VenueId, Venue] = field(default_factory=dict)

    async def add(self, event: NewEvent, reader: Reader) -> Event:
        now = datetime.now(UTC)
        self.events[event.id] = Event(**asdict(event), created_at=now, updated_at=now)
        return self.events[event.id]

    async def find_by_ids(self, ids: Sequence[EventId], reader: Reader) -> Mapping[EventId, Event]:
        known = (self.events[event_id] for event_id in ids if event_id in self.events)
        return {event.id: event for event in known if event.is_visible_to(reader)}

    async def update(self, event_id: EventId, change: EventChange, reader: Reader) -> Event | None:
        event = self.events.get(event_id)
        if event is None or (event.tenant_id is not None and str(event.tenant_id) != reader.tenant):
            return None
        columns: dict[str, object] = {**change.columns, "updated_at": datetime.now(UTC)}
        self.events[event_id] = replace(event, **columns)  # type: ignore[arg-type]
        return self.events[event_id]

    async def list_by_start(self, wanted: EventFilter, reader: Reader, page: PageRequest) -> Page[Event]:
        def matches(event: Event) -> bool:
            category = wanted.category in {None, event.category}
            return category and (wanted.starting_from is None or event.starts_at >= wanted.starting_from)

        return self._window(matches, reader, page)

    async def list_hosted(
        self, hosts: Sequence[HostId], reader: Reader, page: PageRequest
    ) -> Mapping[HostId, Page[Event]]:
        def by(host: HostId) -> Page[Event]:
            return self._window(lambda event: event.host_id == host, reader, page)

        return {host: by(host) for host in hosts}

    async def list_attended(
        self, users: Sequence[HostId], reader: Reader, page: PageRequest
    ) -> Mapping[HostId, Page[Event]]:
        def attended_by(user: HostId) -> Page[Event]:
            answers = self.attendance.answers
            going = {
                at for (at, who), a in answers.items() if who == user and a.status is AttendanceStatus.GOING
            }
            return self._window(lambda event: event.id in going, reader, page)

        return {user: attended_by(user) for user in users}

    async def add_venue(self, venue: Venue) -> Venue:
        self.venues[venue.id] = venue
        return venue

    async def find_venues(self, ids: Sequence[VenueId]) -> Mapping[VenueId, Venue]:
        return {venue_id: self.venues[venue_id] for venue_id in ids if venue_id in self.venues}

    def _window(self, wanted: Callable[[Event], bool], reader: Reader, page: PageRequest) -> Page[Event]:
        seen = [event for event in self.events.values() if wanted(event) and event.is_visible_to(reader)]
        return window(seen, page, lambda event: event.position)
