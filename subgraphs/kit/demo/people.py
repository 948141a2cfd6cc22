"""Who lives in the demo world: name, city, language and interests of each person, the same for every domain.

Person `n` does not depend on how many there are. The first have parts to play: `Part` says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from subgraphs.kit.demo.names import draw_name
from subgraphs.kit.demo.places import CITIES_OF, LANGUAGES, City
from subgraphs.kit.demo.topics import TOPICS
from subgraphs.kit.demo.world import demo_random

SHARES = (45, 30, 25)
"""Of a hundred people so many speak each of LANGUAGES."""


class Part(IntEnum):
    """The number of the person who plays it."""

    ADMINISTRATOR = 0
    ARTIST_MANAGER = 1
    HOST = 2
    TEACHER = 3
    STUDENT = 4
    PLAIN_USER = 5


LEADING = (Part.ARTIST_MANAGER, Part.HOST)


def active(number: int, count: int) -> int:
    """Who manages artist `number` and holds event `number`: everybody in turn but the administrator, the
    teacher, the student and the plain user, who are left to be just that.
    """
    others = range(len(Part), count)
    turn = number % (len(LEADING) + len(others))
    return (LEADING[turn] if turn < len(LEADING) else others[turn - len(LEADING)]) % count


@dataclass(frozen=True, slots=True)
class Person:
    given: str
    family: str
    city: City
    topics: tuple[str, ...]
    """Two to four, the dearest first."""

    @property
    def language(self) -> str:
        return self.city.language


@dataclass(frozen=True, slots=True)
class People:
    everybody: Sequence[Person]
    by_language: Mapping[str, Sequence[int]]
    by_city: Mapping[str, Sequence[int]]
    by_interest: Mapping[tuple[str, str], Sequence[int]]
    """Language and topic → the people who could talk about it."""

    def __len__(self) -> int:
        return len(self.everybody)

    def __getitem__(self, number: int) -> Person:
        return self.everybody[number]


@lru_cache(maxsize=2)
def people(count: int) -> People:
    """The first `count`, and who of them is where. O(count)."""
    everybody = tuple(_person(number) for number in range(count))
    by_language: dict[str, list[int]] = {}
    by_city: dict[str, list[int]] = {}
    by_interest: dict[tuple[str, str], list[int]] = {}
    for number, person in enumerate(everybody):
        by_language.setdefault(person.language, []).append(number)
        by_city.setdefault(person.city.name, []).append(number)
        for topic in person.topics:
            by_interest.setdefault((person.language, topic), []).append(number)
    return People(everybody, by_language, by_city, by_interest)


def _person(number: int) -> Person:
    draw = demo_random("person", number)
    (language,) = draw.choices(LANGUAGES, SHARES)
    given, family = draw_name(language, draw)
    city = draw.choice(CITIES_OF[language])
    return Person(given, family, city, tuple(draw.sample(TOPICS, draw.randint(2, 4))))
