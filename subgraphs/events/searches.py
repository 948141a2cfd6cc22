"""What events are searched by, and what is found: values without GraphQL and SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID
from zlib import crc32

from db.places import Circle, Point, Within, metres_between
from subgraphs.events.values import Event, EventSearchFilter
from subgraphs.kit.pages import Ordering


class EventSearchOrder(Enum):
    RELEVANCE = "RELEVANCE"
    DISTANCE = "DISTANCE"
    STARTS_AT = "STARTS_AT"


FOUND_BY_START = Ordering("found-events", (datetime, UUID))


@dataclass(frozen=True, slots=True)
class EventSearch:
    """What is None does not matter."""

    wanted: EventSearchFilter
    near: Circle | None = None
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class NamesSearch(EventSearchFilter):
    """The same for a search by name, whose filters are one value each."""

    near: list[float] | None = None
    within: list[float] | None = None


@dataclass(frozen=True, slots=True)
class FoundEvent:
    event: Event
    apart: float | None = None
    """What a list by distance is ordered by: the store's own measure."""

    @property
    def position(self) -> tuple[object, ...]:
        return self.event.position if self.apart is None else (self.apart, self.event.id)


def by_distance(of: Point) -> Ordering:
    """From this point alone: another one's cursors are another list's."""
    mark = crc32(f"{of.latitude} {of.longitude}".encode())
    return Ordering(f"events near {mark:08x}", (float, UUID))


def kilometres(event: Event, near: Circle | None) -> float | None:
    place = event.place
    return None if near is None or place is None else metres_between(near.of, place) / 1000


def names_search(search: EventSearch) -> NamesSearch:
    given = {name: getattr(search.wanted, name) for name in EventSearchFilter.__dataclass_fields__}
    near, box = search.near, search.within
    return NamesSearch(
        **given,
        near=None if near is None else [near.of.latitude, near.of.longitude, near.metres],
        within=None if box is None else [*box.edges, *box.low, *box.high],
    )
