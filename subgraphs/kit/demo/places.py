"""The cities of the demo world: real ones, with streets that are there and the clock that they go by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from subgraphs.kit.demo.texts import read_texts

LANGUAGES = ("en", "de", "ru")


@dataclass(frozen=True, slots=True)
class City:
    """`where` and `park` complete a sentence in the city's language: in Berlin, im Treptower Park."""

    name: str
    language: str
    where: str
    park: str
    timezone: str
    latitude: float
    longitude: float
    streets: tuple[str, ...]

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def address(self, street: int, house: int) -> str:
        name = self.streets[street % len(self.streets)]
        return {"en": f"{house} {name}", "de": f"{name} {house}", "ru": f"{name}, {house}"}[self.language]

    def fill(self, text: str) -> str:
        """The sentence with its {where}, {park} and {city} filled in."""
        return text.format(where=self.where, park=self.park, city=self.name) if "{" in text else text


def _read() -> Iterator[City]:
    for row in read_texts(__package__, "cities")["city"]:
        yield City(**{**row, "streets": tuple(row["streets"])})


CITIES = tuple(_read())

CITIES_OF = {language: [c for c in CITIES if c.language == language] for language in LANGUAGES}
