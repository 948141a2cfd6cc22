"""What the two kinds of event on each topic are like: where, when, how long, for how many. Their titles and
descriptions are in texts/<topic>.toml, in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import Enum

from subgraphs.events.values import EventCategory

SUNDAY = 6


class Kind(Enum):
    """A kind of venue: the capacity, None where there are no walls."""

    CAFE = 40
    CLUB = 180
    HALL = 200
    LIBRARY = 60
    STUDIO = 16
    KITCHEN = 26
    CINEMA = 110
    SPORTS = 80
    POOL = 120
    LAKE = -1
    PARK = -2
    GARDEN = -3
    MEETING = -4

    @property
    def capacity(self) -> int | None:
        return self.value if self.value > 0 else None


@dataclass(frozen=True, slots=True)
class Plan:
    kind: Kind
    starts: time
    lasts: timedelta
    most: int | None
    """How many may come; None: as many as there are."""
    weekday: int | None = None


def _plan(kind: Kind, starts: str, hours: float, most: int | None, weekday: int | None = None) -> Plan:
    return Plan(kind, time.fromisoformat(starts), timedelta(hours=hours), most, weekday)


ART, COFFEE, FOOD, GAMING, MOVIES, MUSIC, SPORTS, STUDY, OTHER = (
    EventCategory.ART,
    EventCategory.COFFEE,
    EventCategory.FOOD,
    EventCategory.GAMING,
    EventCategory.MOVIES,
    EventCategory.MUSIC,
    EventCategory.SPORTS,
    EventCategory.STUDY,
    EventCategory.OTHER,
)

PLANS: dict[str, tuple[EventCategory, Plan, Plan]] = {
    "astronomy": (STUDY, _plan(Kind.PARK, "20:30", 2, 30), _plan(Kind.LIBRARY, "18:00", 2, 24)),
    "baking": (FOOD, _plan(Kind.KITCHEN, "10:00", 4, 10), _plan(Kind.KITCHEN, "15:00", 3, 12)),
    "birds": (OTHER, _plan(Kind.PARK, "06:30", 2, 12), _plan(Kind.PARK, "10:00", 2, 30)),
    "boardgames": (GAMING, _plan(Kind.CAFE, "18:00", 4, 32), _plan(Kind.HALL, "17:00", 5, 8)),
    "ceramics": (ART, _plan(Kind.STUDIO, "11:00", 2, 8), _plan(Kind.STUDIO, "18:00", 3, 10)),
    "chess": (GAMING, _plan(Kind.LIBRARY, "19:00", 3, 24), _plan(Kind.PARK, "14:00", 3, None)),
    "choir": (MUSIC, _plan(Kind.HALL, "19:00", 2, 50), _plan(Kind.HALL, "18:00", 1.5, 150)),
    "cinema": (MOVIES, _plan(Kind.CINEMA, "19:30", 2, 90), _plan(Kind.CINEMA, "20:00", 2, 90)),
    "climbing": (SPORTS, _plan(Kind.SPORTS, "17:00", 2, 12), _plan(Kind.SPORTS, "19:00", 3, 20)),
    "coding": (STUDY, _plan(Kind.LIBRARY, "18:00", 3, 30), _plan(Kind.LIBRARY, "18:30", 2, 14)),
    "coffee": (COFFEE, _plan(Kind.CAFE, "11:00", 2, 16), _plan(Kind.CAFE, "09:00", 3, 24)),
    "concerts": (MUSIC, _plan(Kind.CLUB, "20:00", 3, 120), _plan(Kind.CLUB, "20:00", 2, 60)),
    "cooking": (FOOD, _plan(Kind.KITCHEN, "17:00", 4, 20), _plan(Kind.KITCHEN, "12:00", 4, 12)),
    "cycling": (SPORTS, _plan(Kind.MEETING, "09:00", 5, 25, SUNDAY), _plan(Kind.STUDIO, "18:00", 3, 12)),
    "dogs": (OTHER, _plan(Kind.PARK, "11:00", 1, 15), _plan(Kind.MEETING, "10:00", 3, 12)),
    "gardening": (OTHER, _plan(Kind.HALL, "14:00", 3, 40), _plan(Kind.GARDEN, "10:00", 4, 20)),
    "hiking": (SPORTS, _plan(Kind.MEETING, "08:00", 9, 20), _plan(Kind.MEETING, "09:00", 5, 25)),
    "history": (STUDY, _plan(Kind.MEETING, "15:00", 2, 25), _plan(Kind.LIBRARY, "17:00", 2, 20)),
    "knitting": (ART, _plan(Kind.CAFE, "18:30", 3, 16), _plan(Kind.CAFE, "18:30", 3, 10)),
    "languages": (STUDY, _plan(Kind.CAFE, "19:00", 2, 30), _plan(Kind.CAFE, "18:30", 2, 12)),
    "photography": (ART, _plan(Kind.MEETING, "07:00", 2, 12), _plan(Kind.MEETING, "18:00", 2, 12)),
    "reading": (STUDY, _plan(Kind.LIBRARY, "19:00", 2, 16), _plan(Kind.LIBRARY, "17:00", 2, 30)),
    "retrogames": (GAMING, _plan(Kind.HALL, "18:00", 4, 30), _plan(Kind.CLUB, "19:00", 4, 40)),
    "running": (SPORTS, _plan(Kind.PARK, "18:30", 1, 30), _plan(Kind.PARK, "09:00", 2, None, SUNDAY)),
    "sketching": (ART, _plan(Kind.MEETING, "14:00", 2.5, 15), _plan(Kind.STUDIO, "19:00", 2, 14)),
    "streetfood": (FOOD, _plan(Kind.MEETING, "18:00", 3, 14), _plan(Kind.KITCHEN, "18:00", 3, 24)),
    "swimming": (SPORTS, _plan(Kind.LAKE, "07:30", 1, None), _plan(Kind.POOL, "18:00", 1.5, 6)),
    "vinyl": (MUSIC, _plan(Kind.CLUB, "17:00", 3, 40), _plan(Kind.CAFE, "20:00", 2, 20)),
    "volunteering": (OTHER, _plan(Kind.HALL, "13:00", 4, 60), _plan(Kind.MEETING, "11:00", 3, 50)),
    "woodwork": (ART, _plan(Kind.STUDIO, "18:00", 3, 8), _plan(Kind.STUDIO, "10:00", 7, 6)),
}
