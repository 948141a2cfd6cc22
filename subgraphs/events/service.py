"""What the events domain does: hosts make and change events, others find them and say whether they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from subgraphs.events.errors import EventClosed, EventFull, NotYourEvent
from subgraphs.events.repository.protocol import AttendanceRepository, EventRepository
from subgraphs.events.values import (
    Attendance,
    AttendanceStatus,
    Event,
    EventCategory,
    EventChange,
    EventFilter,
    EventId,
    EventStatus,
    HostId,
    NewEvent,
    Reader,
    Venue,
    VenueId,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import NotFound
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.validation import Checks

DESCRIPTION_CHARACTERS = 10_000
MOST_ATTENDEES = 1_000_000


@dataclass(frozen=True, slots=True)
class Details:
    """What a host decides about an event."""

    title: str
    description: str
    category: EventCategory
    starts_at: datetime
    ends_at: datetime
    timezone: str
    venue_id: VenueId | None
    max_attendees: int | None


@dataclass(frozen=True, slots=True)
class Events:
    events: EventRepository
    attendance: AttendanceRepository

    async def find_by_ids(self, ids: Sequence[EventId], viewer: Viewer | None) -> Mapping[EventId, Event]:
        return await self.events.find_by_ids(ids, reader_of(viewer))

    async def list_by_start(
        self, wanted: EventFilter, viewer: Viewer | None, page: PageRequest
    ) -> Page[Event]:
        return await self.events.list_by_start(wanted, reader_of(viewer), page)

    async def list_hosted(
        self, hosts: Sequence[HostId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[HostId, Page[Event]]:
        return await self.events.list_hosted(hosts, reader_of(viewer), page)

    async def list_attended(
        self, users: Sequence[HostId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[HostId, Page[Event]]:
        return await self.events.list_attended(users, reader_of(viewer), page)

    async def find_venues(self, ids: Sequence[VenueId]) -> Mapping[VenueId, Venue]:
        return await self.events.find_venues(ids)

    async def list_attendees(
        self, events: Sequence[EventId], page: PageRequest
    ) -> Mapping[EventId, Page[Attendance]]:
        return await self.attendance.list_attendees(events, page)

    async def count_going(self, events: Sequence[EventId]) -> Mapping[EventId, int]:
        return await self.attendance.count_going(events)

    async def find_answers(
        self, viewer: Viewer, events: Sequence[EventId]
    ) -> Mapping[EventId, AttendanceStatus]:
        return await self.attendance.find_answers(HostId(viewer.id), events)

    async def create(self, viewer: Viewer, details: Details, *, is_draft: bool) -> Event:
        """The viewer is its host, and its tenant is the viewer's. Raises BadUserInput, NotFound (venue)."""
        _check(details)
        await self._require_venue(details.venue_id)
        event = NewEvent(
            id=EventId(uuid4()),
            tenant_id=None if viewer.tenant is None else UUID(viewer.tenant),
            host_id=HostId(viewer.id),
            status=EventStatus.DRAFT if is_draft else EventStatus.PUBLISHED,
            title=details.title.strip(),
            description=details.description,
            category=details.category,
            starts_at=details.starts_at,
            ends_at=details.ends_at,
            timezone=details.timezone,
            venue_id=details.venue_id,
            max_attendees=details.max_attendees,
        )
        return await self.events.add(event, reader_of(viewer))

    async def update(self, viewer: Viewer, event_id: EventId, columns: dict[str, object]) -> Event:
        """Raises BadUserInput, NotFound, NotYourEvent, EventClosed."""
        event = await self._get_own(viewer, event_id)
        if event.status in {EventStatus.CANCELLED, EventStatus.COMPLETED}:
            raise EventClosed(event.status)
        kept = {name: getattr(event, name) for name in Details.__dataclass_fields__}
        details = Details(**{**kept, **columns})
        _check(details)
        if details.venue_id != event.venue_id:
            await self._require_venue(details.venue_id)
        return await self._change(viewer, event_id, columns)

    async def publish(self, viewer: Viewer, event_id: EventId) -> Event:
        """A draft becomes public; a published event stays so. Raises NotFound, NotYourEvent, EventClosed."""
        event = await self._get_own(viewer, event_id)
        if event.status is EventStatus.PUBLISHED:
            return event
        if event.status is not EventStatus.DRAFT:
            raise EventClosed(event.status)
        return await self._change(viewer, event_id, {"status": EventStatus.PUBLISHED})

    async def cancel(self, viewer: Viewer, event_id: EventId) -> Event:
        """Raises NotFound, NotYourEvent, EventClosed when it is over."""
        event = await self._get_own(viewer, event_id)
        if event.status is EventStatus.COMPLETED:
            raise EventClosed(event.status)
        return await self._change(viewer, event_id, {"status": EventStatus.CANCELLED})

    async def attend(self, viewer: Viewer, event_id: EventId, status: AttendanceStatus) -> Event:
        """Raises NotFound, EventClosed, EventFull."""
        event = await self._get(viewer, event_id)
        if event.status is not EventStatus.PUBLISHED:
            raise EventClosed(event.status)
        if not await self.attendance.answer(event, HostId(viewer.id), status):
            assert event.max_attendees is not None
            raise EventFull(event.max_attendees)
        return event

    async def withdraw(self, viewer: Viewer, event_id: EventId) -> Event:
        event = await self._get(viewer, event_id)
        await self.attendance.withdraw(event_id, HostId(viewer.id))
        return event

    async def _get(self, viewer: Viewer, event_id: EventId) -> Event:
        event = (await self.events.find_by_ids([event_id], reader_of(viewer))).get(event_id)
        if event is None:
            raise NotFound("event", event_id)
        return event

    async def _get_own(self, viewer: Viewer, event_id: EventId) -> Event:
        event = await self._get(viewer, event_id)
        if event.host_id != viewer.id:
            raise NotYourEvent
        return event

    async def _change(self, viewer: Viewer, event_id: EventId, columns: dict[str, object]) -> Event:
        """A host whose token is not of the event's tenant may not write it: row-level security says so."""
        event = await self.events.update(event_id, EventChange(columns), reader_of(viewer))
        if event is None:
            raise NotYourEvent
        return event

    async def _require_venue(self, venue_id: VenueId | None) -> None:
        if venue_id is not None and venue_id not in await self.events.find_venues([venue_id]):
            raise NotFound("venue", venue_id)


def reader_of(viewer: Viewer | None) -> Reader:
    return Reader() if viewer is None else Reader(HostId(viewer.id), viewer.tenant)


def _check(details: Details) -> None:
    checks = Checks()
    checks.text(details.title, "title", "The title", least=1, most=200)
    checks.text(details.description, "description", "The description", most=DESCRIPTION_CHARACTERS)
    checks.require(details.ends_at > details.starts_at, "endsAt", "An event ends after it starts.")
    checks.require(_is_timezone(details.timezone), "timezone", "A time zone reads Europe/Berlin.")
    most = details.max_attendees
    fits = most is None or 1 <= most <= MOST_ATTENDEES
    checks.require(fits, "maxAttendees", f"Between 1 and {MOST_ATTENDEES} may come.")
    checks.done()


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
