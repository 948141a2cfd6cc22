"""Hosts make, change, publish and cancel events. The repository's statements decide; what is read here only
says why one did not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from db.places import Point
from subgraphs.events.errors import event_closed
from subgraphs.events.recurrence import BadRule, occurrences
from subgraphs.events.repository.protocol import AttendanceRepository, EventRepository
from subgraphs.events.service.readers import Clock, reader_of, utc_now
from subgraphs.events.values import (
    AttendanceStatus,
    Event,
    EventCategory,
    EventChange,
    EventFilter,
    EventId,
    EventStatus,
    HostId,
    NewEvent,
    OrganizationId,
    SeriesId,
    VenueId,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import conflict, invalid, not_found
from subgraphs.kit.validation import Checks

DESCRIPTION_CHARACTERS = 10_000
REASON_CHARACTERS = 500
MOST_ATTENDEES = 1_000_000
PATIENCE = timedelta(minutes=5)
"""An event may start "now", said by a clock that is a little behind or a form that was open for a while."""
ENDS_FIRST = "An event ends after it starts."
OF_VENUE = "An event at a venue is where the venue is."


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
    place: Point | None


@dataclass(frozen=True, slots=True)
class Events:
    events: EventRepository
    attendance: AttendanceRepository
    now: Clock = utc_now

    async def find_by_ids(self, ids: Sequence[EventId], viewer: Viewer | None) -> Mapping[EventId, Event]:
        return await self.events.find_by_ids(ids, reader_of(viewer))

    async def list_events(self, wanted: EventFilter, viewer: Viewer | None, page: PageRequest) -> Page[Event]:
        return await self.events.list_events(wanted, reader_of(viewer), page)

    async def count_events(self, wanted: EventFilter, viewer: Viewer | None) -> int:
        return await self.events.count_events(wanted, reader_of(viewer))

    async def list_hosted(
        self, hosts: Sequence[HostId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[HostId, Page[Event]]:
        return await self.events.list_hosted(hosts, reader_of(viewer), page)

    async def count_hosted(self, hosts: Sequence[HostId], viewer: Viewer | None) -> Mapping[HostId, int]:
        return await self.events.count_hosted(hosts, reader_of(viewer))

    async def list_of_organizations(
        self, organizations: Sequence[OrganizationId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[OrganizationId, Page[Event]]:
        """Drafts are for who acts for the organization, and for their host."""
        return await self.events.list_of_organizations(organizations, reader_of(viewer), page)

    async def count_of_organizations(
        self, organizations: Sequence[OrganizationId], viewer: Viewer | None
    ) -> Mapping[OrganizationId, int]:
        return await self.events.count_of_organizations(organizations, reader_of(viewer))

    async def list_of_series(
        self, series: Sequence[SeriesId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[SeriesId, Page[Event]]:
        return await self.events.list_of_series(series, reader_of(viewer), page)

    async def count_of_series(
        self, series: Sequence[SeriesId], viewer: Viewer | None
    ) -> Mapping[SeriesId, int]:
        return await self.events.count_of_series(series, reader_of(viewer))

    async def list_at_venues(
        self, venues: Sequence[VenueId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[VenueId, Page[Event]]:
        return await self.events.list_at_venues(venues, reader_of(viewer), page)

    async def count_at_venues(
        self, venues: Sequence[VenueId], viewer: Viewer | None
    ) -> Mapping[VenueId, int]:
        return await self.events.count_at_venues(venues, reader_of(viewer))

    async def create(
        self,
        viewer: Viewer,
        details: Details,
        checks: Checks,
        *,
        is_draft: bool,
        attempt: Attempt | None = None,
        rule: str | None = None,
    ) -> Event:
        """The viewer is its host, and its tenant is the viewer's; with a rule it is the first of a series.
        Raises Refused (InvalidInput, NotFound, Conflict).
        """
        self._check_times(checks, details.starts_at, details.ends_at)
        kept = _checked(checks, {name: getattr(details, name) for name in Details.__dataclass_fields__})
        checks.done()
        times = [details.starts_at] if rule is None else self._times(checks, details, rule)
        checks.done()
        first = NewEvent(
            id=EventId(uuid4()),
            tenant_id=None if viewer.tenant is None else UUID(viewer.tenant),
            host_id=HostId(viewer.id),
            status=EventStatus.DRAFT if is_draft else EventStatus.PUBLISHED,
            published_at=None if is_draft else self.now(),
            series_id=None if rule is None else SeriesId(uuid4()),
            series_rule=rule,
            **kept,
        )
        made = await self.events.add(_each(first, times), reader_of(viewer), attempt)
        if made is None:
            raise Refused(not_found("venue", "venueId"))
        return made

    async def update(
        self,
        viewer: Viewer,
        event_id: EventId,
        columns: Mapping[str, object],
        checks: Checks,
        *,
        following: bool = False,
    ) -> Event:
        """Raises Refused (InvalidInput, NotFound, EventClosed, Conflict), Forbidden."""
        self._check_times(checks, columns.get("starts_at"), columns.get("ends_at"))
        change = EventChange(_checked(checks, columns))
        checks.done()
        write = self.events.change_following if following else self.events.update
        event = await write(event_id, change, reader_of(viewer), self.now())
        if event is None:
            raise await self._why_not(viewer, event_id, change)
        return event

    async def publish(
        self, viewer: Viewer, event_id: EventId, checks: Checks, *, following: bool = False
    ) -> Event:
        """A draft becomes public; a published event stays so. Raises Refused (NotFound, EventClosed),
        Forbidden.
        """
        checks.done()
        write = self.events.publish_following if following else self.events.publish
        event = await write(event_id, reader_of(viewer), self.now())
        return event or await self._unless_already(viewer, event_id, EventStatus.PUBLISHED)

    async def cancel(
        self,
        viewer: Viewer,
        event_id: EventId,
        reason: str | None,
        checks: Checks,
        *,
        following: bool = False,
    ) -> Event:
        """For the host and administrators; a cancelled event stays so, with the reason it has, a cancelled
        draft stays hidden. Raises Refused (InvalidInput, NotFound, EventClosed), Forbidden.
        """
        kept = checks.prose(reason, "reason", "The reason", most=REASON_CHARACTERS) or None
        checks.done()
        write = self.events.cancel_following if following else self.events.cancel
        event = await write(event_id, kept, reader_of(viewer), self.now())
        return event or await self._unless_already(viewer, event_id, EventStatus.CANCELLED)

    async def remove(self, viewer: Viewer, event_id: EventId, checks: Checks) -> EventId:
        """Raises Refused (NotFound; Conflict when somebody has answered), Forbidden."""
        checks.done()
        if not await self.events.remove(event_id, reader_of(viewer)):
            await self._get_own(viewer, event_id)
            raise Refused(
                conflict("Somebody has answered or reviewed it: cancel the event instead.", "eventId")
            )
        return event_id

    async def _unless_already(self, viewer: Viewer, event_id: EventId, status: EventStatus) -> Event:
        event = await self._get_own(viewer, event_id)
        if event.status is status:
            return event
        raise event_closed(event.status)

    async def _get_own(self, viewer: Viewer, event_id: EventId) -> Event:
        """What cannot be seen does not exist; what is seen may be another's, or another tenant's."""
        event = (await self.find_by_ids([event_id], viewer)).get(event_id)
        if event is None:
            raise Refused(not_found("event", "eventId"))
        ours = event.tenant_id is None or str(event.tenant_id) == viewer.tenant
        if not viewer.is_admin and (event.host_id != viewer.id or not ours):
            raise Forbidden("Only its host may change an event.")
        return event

    async def _why_not(self, viewer: Viewer, event_id: EventId, change: EventChange) -> Exception:
        event = await self._get_own(viewer, event_id)
        if event.host_id != viewer.id:
            return Forbidden("Only its host may change an event.")
        if event.status in {EventStatus.CANCELLED, EventStatus.COMPLETED}:
            return event_closed(event.status)
        details = {name: getattr(event, name) for name in Details.__dataclass_fields__} | change.columns
        if details["ends_at"] <= details["starts_at"]:
            return Refused(invalid(ENDS_FIRST, "endsAt" if "ends_at" in change.columns else "startsAt"))
        going = (await self.attendance.count_attendees([event_id], AttendanceStatus.GOING)).get(event_id, 0)
        if details["max_attendees"] is not None and going > details["max_attendees"]:
            return Refused(invalid(f"{going} are going already.", "maxAttendees"))
        if change.columns.get("venue_id") is not None:
            return Refused(not_found("venue", "venueId"))
        if change.columns.get("latitude") is not None and event.venue_id is not None:
            return Refused(invalid(OF_VENUE, "location"))
        if event.series_id is not None:
            return Refused(conflict("It, or one that follows, cannot be changed so.", "eventId"))
        return Refused(conflict("The event has just changed. Look at it again.", "eventId"))

    def _times(self, checks: Checks, details: Details, rule: str) -> list[datetime]:
        try:
            return occurrences(rule, details.starts_at, details.timezone)
        except BadRule as problem:
            checks.require(False, "rule", str(problem))
            return []

    def _check_times(self, checks: Checks, starts: object, ends: object) -> None:
        if isinstance(starts, datetime):
            checks.require(starts > self.now() - PATIENCE, "startsAt", "An event starts in the future.")
        if isinstance(starts, datetime) and isinstance(ends, datetime):
            checks.require(ends > starts, "endsAt", ENDS_FIRST)


def _each(first: NewEvent, times: Sequence[datetime]) -> list[NewEvent]:
    """As long as the first one, each."""
    lasts = first.ends_at - first.starts_at
    others = [replace(first, id=EventId(uuid4()), starts_at=at, ends_at=at + lasts) for at in times[1:]]
    return [first, *others]


def _checked(checks: Checks, columns: Mapping[str, object]) -> dict[str, Any]:
    """The columns as they are stored."""
    kept: dict[str, Any] = dict(columns)
    if isinstance(title := columns.get("title"), str):
        kept["title"] = checks.line(title, "title", "The title", least=1, most=200)
    if isinstance(description := columns.get("description"), str):
        most = DESCRIPTION_CHARACTERS
        kept["description"] = checks.prose(description, "description", "The description", most=most)
    if isinstance(zone := columns.get("timezone"), str):
        checks.time_zone(zone, "timezone")
    if isinstance(most_attendees := columns.get("max_attendees"), int):
        fits = 1 <= most_attendees <= MOST_ATTENDEES
        checks.require(fits, "maxAttendees", f"Between 1 and {MOST_ATTENDEES} may come.")
    if "place" in kept:
        place = kept.pop("place")
        _check_place(checks, place, kept.get("venue_id"))
        kept["latitude"] = None if place is None else place.latitude
        kept["longitude"] = None if place is None else place.longitude
    return kept


def _check_place(checks: Checks, place: Point | None, venue: object) -> None:
    if place is not None:
        checks.require(venue is None, "location", OF_VENUE)
        problem = "Between -90 and 90 degrees north, between -180 and 180 degrees east."
        checks.require(place.is_on_the_globe, "location", problem)
