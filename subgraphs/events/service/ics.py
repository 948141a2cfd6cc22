"""Events as entries of an iCalendar file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from subgraphs.events.values import Event, EventStatus, Venue, VenueId
from subgraphs.kit import ics
from subgraphs.kit.ics import Entry


def ics_of(events: Iterable[Event], venues: Mapping[VenueId, Venue], now: datetime) -> str:
    """One entry for each; a cancelled one keeps its id, and says why."""
    entries = (
        _entry(event, None if event.venue_id is None else venues.get(event.venue_id)) for event in events
    )
    return ics.ics_of("Events", entries, now)


def _entry(event: Event, venue: Venue | None) -> Entry:
    place = event.place
    told = (event.cancel_reason, event.description)
    return Entry(
        uid=f"{event.id}@events.plait",
        title=event.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        changed_at=event.updated_at,
        is_off=event.status is EventStatus.CANCELLED,
        description="\n\n".join(part for part in told if part),
        place="" if venue is None else f"{venue.name}, {venue.address}, {venue.city}",
        point=None if place is None else (place.latitude, place.longitude),
    )
