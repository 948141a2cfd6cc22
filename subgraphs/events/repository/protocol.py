"""What the service asks of a store. `reader` is who will see the answer; drafts are left out for others than
their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

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
from subgraphs.kit.pages import Page, PageRequest


class EventRepository(Protocol):
    async def add(self, event: NewEvent, reader: Reader) -> Event: ...

    async def find_by_ids(self, ids: Sequence[EventId], reader: Reader) -> Mapping[EventId, Event]: ...

    async def update(self, event_id: EventId, change: EventChange, reader: Reader) -> Event | None:
        """None when there is no such event, or not one the reader's tenant may write."""
        ...

    async def list_by_start(self, wanted: EventFilter, reader: Reader, page: PageRequest) -> Page[Event]: ...

    async def list_hosted(
        self, hosts: Sequence[HostId], reader: Reader, page: PageRequest
    ) -> Mapping[HostId, Page[Event]]: ...

    async def list_attended(
        self, users: Sequence[HostId], reader: Reader, page: PageRequest
    ) -> Mapping[HostId, Page[Event]]:
        """What they are going to."""
        ...

    async def add_venue(self, venue: Venue) -> Venue: ...

    async def find_venues(self, ids: Sequence[VenueId]) -> Mapping[VenueId, Venue]: ...


class AttendanceRepository(Protocol):
    async def answer(self, event: Event, user_id: HostId, status: AttendanceStatus) -> bool:
        """Set or change an answer. False when the event is full; two who want the last place do not both get
        it.
        """
        ...

    async def withdraw(self, event_id: EventId, user_id: HostId) -> None: ...

    async def list_attendees(
        self, events: Sequence[EventId], page: PageRequest
    ) -> Mapping[EventId, Page[Attendance]]:
        """Those going, in the order they said so."""
        ...

    async def count_going(self, events: Sequence[EventId]) -> Mapping[EventId, int]: ...

    async def find_answers(
        self, user_id: HostId, events: Sequence[EventId]
    ) -> Mapping[EventId, AttendanceStatus]: ...
