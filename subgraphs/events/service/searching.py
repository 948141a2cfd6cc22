"""Finding events by where they are, when, of which kind and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.places import HALF_WAY_AROUND_KM, Box, Circle, Point, Within, within
from subgraphs.events.repository.protocol import EventSearchRepository
from subgraphs.events.searches import FOUND_BY_START, EventSearch, EventSearchOrder, FoundEvent, by_distance
from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.pages import Ordering, Page, PageRequest

FURTHEST_KM = 20_016
"""Half the way around the Earth, rounded up: everywhere."""
assert HALF_WAY_AROUND_KM < FURTHEST_KM


@dataclass(frozen=True, slots=True)
class EventSearches:
    searches: EventSearchRepository

    async def list_found(
        self,
        search: EventSearch,
        order: EventSearchOrder,
        phrases: Sequence[str] | None,
        page: PageRequest,
    ) -> Page[FoundEvent]:
        """For every order but RELEVANCE, which is that of names."""
        if order is EventSearchOrder.DISTANCE:
            return await self.searches.list_nearest(search, phrases, page)
        return await self.searches.list_earliest(search, phrases, page)

    async def count(self, search: EventSearch, phrases: Sequence[str] | None) -> int:
        return await self.searches.count(search, phrases)


def ordering_of(search: EventSearch, order: EventSearchOrder) -> Ordering:
    if order is EventSearchOrder.DISTANCE and search.near is not None:
        return by_distance(search.near.of)
    return FOUND_BY_START


def order_of(asked: EventSearchOrder | None, *, has_text: bool, has_near: bool) -> EventSearchOrder:
    """Raises BadUserInput for an order by what was not given."""
    if asked is EventSearchOrder.DISTANCE and not has_near:
        raise BadUserInput({"orderBy": "orderBy DISTANCE needs near."})
    if asked is EventSearchOrder.RELEVANCE and not has_text:
        raise BadUserInput({"orderBy": "orderBy RELEVANCE needs text."})
    if asked is not None:
        return asked
    if has_text:
        return EventSearchOrder.RELEVANCE
    return EventSearchOrder.DISTANCE if has_near else EventSearchOrder.STARTS_AT


def circle_of(latitude: float, longitude: float, radius_km: float) -> Circle:
    """Raises BadUserInput, listing everything wrong with it."""
    problems = _degrees("near", {"latitude": (latitude, 90), "longitude": (longitude, 180)})
    if not 0 < radius_km <= FURTHEST_KM:
        problems["near.radiusKm"] = f"near.radiusKm is more than 0 and at most {FURTHEST_KM}."
    if problems:
        raise BadUserInput(problems)
    return Circle(Point(latitude, longitude), radius_km * 1000)


def box_of(south: float, west: float, north: float, east: float) -> Within:
    """Raises BadUserInput, listing everything wrong with it."""
    edges = {"south": (south, 90), "west": (west, 180), "north": (north, 90), "east": (east, 180)}
    problems = _degrees("within", edges)
    if not problems and south > north:
        problems["within.south"] = "within.south is not north of within.north."
    if problems:
        raise BadUserInput(problems)
    return within(Box(south, west, north, east))


def _degrees(at: str, given: dict[str, tuple[float, int]]) -> dict[str, str]:
    return {
        f"{at}.{name}": f"{at}.{name} is between -{most} and {most} degrees."
        for name, (degrees, most) in given.items()
        if not -most <= degrees <= most
    }
