"""Which events there are: who holds event `n`, where, and what it is about. Posts and events agree on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from random import Random

from subgraphs.kit.demo.people import Part, active, people
from subgraphs.kit.demo.places import City
from subgraphs.kit.demo.world import DemoSize, demo_random

SHOWN = 8
"""The first events are the soonest, and are written about most."""

CYCLE = 20
PAST, CANCELLED, DRAFTS = (10, 13, 14, 17), (12,), (8,)
"""Of every twenty events; the others are to come."""

DRAFT_OF_THE_HOST = 18

SOON = 2
"""Where the day begins first, the morning after tomorrow is tomorrow still by UTC."""

DAYS_AGO = (3, 45)
DAYS_AHEAD = 42


class Stage(Enum):
    UPCOMING = "UPCOMING"
    PAST = "PAST"
    CANCELLED = "CANCELLED"
    DRAFT = "DRAFT"


@dataclass(frozen=True, slots=True)
class Gathering:
    host: int
    topic: str
    city: City
    stage: Stage
    days: int
    """From the present; before it when negative."""


def gathering(size: DemoSize, number: int) -> Gathering:
    """O(1)."""
    draw = demo_random("gathering", number)
    host = active(number, size.users)
    if number == DRAFT_OF_THE_HOST:
        host = Part.HOST % size.users
    person = people(size.users)[host]
    stage = stage_of(number)
    return Gathering(host, draw.choice(person.topics), person.city, stage, _days(number, stage, draw))


def _days(number: int, stage: Stage, draw: Random) -> int:
    if stage is Stage.PAST:
        return -draw.randint(*DAYS_AGO)
    if number < SHOWN:
        return SOON + number // 3
    return SOON + SHOWN // 3 + int(DAYS_AHEAD * draw.random() ** 1.5)


def stage_of(number: int) -> Stage:
    if number == DRAFT_OF_THE_HOST or number % CYCLE in DRAFTS:
        return Stage.DRAFT
    if number % CYCLE in CANCELLED:
        return Stage.CANCELLED
    return Stage.PAST if number % CYCLE in PAST else Stage.UPCOMING
