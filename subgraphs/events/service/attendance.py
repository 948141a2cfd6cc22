"""Who comes: people answer events, and take their answers back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from subgraphs.events.errors import event_closed, event_full
from subgraphs.events.repository.protocol import AttendanceRepository, EventRepository
from subgraphs.events.service.readers import Clock, reader_of, utc_now
from subgraphs.events.values import (
    ATTENDANCE_BY_START,
    Attendance,
    AttendanceStatus,
    Attended,
    Event,
    EventId,
    EventStatus,
    HostId,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import NO_ID, Checks

MOST_IN_A_FILE = 1000


@dataclass(frozen=True, slots=True)
class Attendances:
    attendance: AttendanceRepository
    events: EventRepository
    now: Clock = utc_now

    async def list_attendees(
        self, events: Sequence[EventId], status: AttendanceStatus, viewer: Viewer | None, page: PageRequest
    ) -> Mapping[EventId, Page[Attendance]]:
        """Those who are there for the viewer."""
        return await self.attendance.list_attendees(events, status, reader_of(viewer), page)

    async def list_attended(
        self, users: Sequence[HostId], status: AttendanceStatus, viewer: Viewer | None, page: PageRequest
    ) -> Mapping[HostId, Page[Attended]]:
        return await self.attendance.list_attended(users, status, reader_of(viewer), page)

    async def list_whole(self, viewer: Viewer, since: datetime) -> Sequence[Event]:
        """What is no page: what they go to and started after that, as far as there is so much."""
        me, whole = HostId(viewer.id), PageRequest(ATTENDANCE_BY_START, MOST_IN_A_FILE, after=(since, NO_ID))
        pages = await self.attendance.list_attended([me], AttendanceStatus.GOING, reader_of(viewer), whole)
        return [each.event for each in pages[me].items]

    async def count_attendees(
        self, events: Sequence[EventId], status: AttendanceStatus
    ) -> Mapping[EventId, int]:
        """Everybody: it says how many places are taken."""
        return await self.attendance.count_attendees(events, status)

    async def count_seen_attendees(
        self, events: Sequence[EventId], status: AttendanceStatus, viewer: Viewer | None
    ) -> Mapping[EventId, int]:
        """As many as `list_attendees` lists."""
        return await self.attendance.count_seen_attendees(events, status, reader_of(viewer))

    async def count_attended(
        self, users: Sequence[HostId], status: AttendanceStatus, viewer: Viewer | None
    ) -> Mapping[HostId, int]:
        return await self.attendance.count_attended(users, status, reader_of(viewer))

    async def find_answers(
        self, viewer: Viewer, events: Sequence[EventId]
    ) -> Mapping[EventId, AttendanceStatus]:
        return await self.attendance.find_answers(HostId(viewer.id), events)

    async def answer(
        self, viewer: Viewer, event_id: EventId, status: AttendanceStatus, checks: Checks
    ) -> Event:
        """Raises Refused (NotFound, EventClosed, EventFull)."""
        checks.done()
        answered = await self.attendance.answer(event_id, reader_of(viewer), status, self.now())
        if answered is None:
            raise Refused(not_found("event", "eventId"))
        if answered.event.status is not EventStatus.PUBLISHED:
            raise event_closed(answered.event.status)
        if answered.status is not status:
            raise event_full(answered.event.max_attendees or 0, answered.going)
        return answered.event

    async def withdraw(self, viewer: Viewer, event_id: EventId, checks: Checks) -> Event:
        """Raises Refused (NotFound) for an event that is not there. No answer is no problem."""
        checks.done()
        await self.attendance.withdraw(event_id, HostId(viewer.id), reader_of(viewer))
        return await self._get(viewer, event_id)

    async def remove(self, viewer: Viewer, event_id: EventId, user_id: HostId, checks: Checks) -> Event:
        """For the host, until it is over: who was there may review it. Raises Refused (NotFound,
        EventClosed), Forbidden.
        """
        checks.done()
        event = await self._get(viewer, event_id)
        if event.host_id != viewer.id and not viewer.is_admin:
            raise Forbidden("Only its host may remove somebody from an event.")
        if event.status is EventStatus.COMPLETED:
            raise event_closed(event.status)
        if not await self.attendance.withdraw(event_id, user_id, reader_of(viewer)):
            raise Refused(not_found("answer", "userId"))
        return event

    async def _get(self, viewer: Viewer, event_id: EventId) -> Event:
        event = (await self.events.find_by_ids([event_id], reader_of(viewer))).get(event_id)
        if event is None:
            raise Refused(not_found("event", "eventId"))
        return event
