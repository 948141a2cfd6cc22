"""Venues: anybody who is logged in adds one, who added it keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from subgraphs.events.repository.protocol import VenueRepository
from subgraphs.events.values import HostId, NewVenue, Venue, VenueFilter, VenueId, VenueOrder
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.text import is_storable
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks

MOST_CAPACITY = 1_000_000
LINES = (
    ("name", "The name", 200),
    ("address", "The address", 300),
    ("city", "The city", 100),
)


@dataclass(frozen=True, slots=True)
class VenueDetails:
    """What its maker says about a venue."""

    name: str
    address: str
    city: str
    latitude: float
    longitude: float
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Venues:
    venues: VenueRepository

    async def find_by_ids(self, ids: Sequence[VenueId]) -> Mapping[VenueId, Venue]:
        return await self.venues.find_by_ids(ids)

    async def list_venues(self, order: VenueOrder, wanted: VenueFilter, page: PageRequest) -> Page[Venue]:
        if wanted.city is not None and not is_storable(wanted.city):
            return Page((), has_next=False, has_previous=False)
        return await self.venues.list_venues(order, wanted, page)

    async def count(self, wanted: VenueFilter) -> int:
        if wanted.city is not None and not is_storable(wanted.city):
            return 0
        return await self.venues.count(wanted)

    async def create(
        self, viewer: Viewer, details: VenueDetails, checks: Checks, attempt: Attempt | None = None
    ) -> Venue:
        """Raises Refused (InvalidInput, Conflict)."""
        given = {name: getattr(details, name) for name in VenueDetails.__dataclass_fields__}
        kept = _checked(checks, given)
        checks.done()
        new = NewVenue(VenueId(uuid4()), **kept, created_by=HostId(viewer.id))
        return await self.venues.add(new, attempt)

    async def update(
        self, viewer: Viewer, venue_id: VenueId, columns: Mapping[str, object], checks: Checks
    ) -> Venue:
        """For who added it and administrators. Raises Refused (InvalidInput, NotFound), Forbidden."""
        kept = _checked(checks, columns)
        checks.done()
        venue = await self.venues.update(venue_id, kept, None if viewer.is_admin else viewer.id)
        if venue is None:
            if venue_id in await self.find_by_ids([venue_id]):
                raise Forbidden("Only who added a venue may change it.")
            raise Refused(not_found("venue", "venueId"))
        return venue


def _checked(checks: Checks, columns: Mapping[str, object]) -> dict[str, Any]:
    """The columns as they are stored."""
    kept: dict[str, Any] = dict(columns)
    for name, label, most in LINES:
        if isinstance(value := columns.get(name), str):
            kept[name] = checks.line(value, name, label, least=1, most=most)
    for name, most in (("latitude", 90), ("longitude", 180)):
        if isinstance(degrees := columns.get(name), float):
            checks.require(-most <= degrees <= most, name, f"Between -{most} and {most} degrees.")
    if isinstance(capacity := columns.get("capacity"), int):
        fits = 1 <= capacity <= MOST_CAPACITY
        checks.require(fits, "capacity", f"Between 1 and {MOST_CAPACITY} fit.")
    return kept
