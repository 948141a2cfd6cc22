"""What artists and records are called. A genre has a mood, and names, biographies and albums go by it."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from subgraphs.kit.demo import demo_random
from subgraphs.kit.demo.names import draw_name
from subgraphs.kit.demo.places import City
from subgraphs.kit.demo.texts import read_texts

CALM, LOUD, BRIGHT = "calm", "loud", "bright"
MOODS = {
    "Ambient": CALM,
    "Classical": CALM,
    "Electronic": LOUD,
    "Folk": CALM,
    "Hip-Hop": LOUD,
    "Indie": BRIGHT,
    "Jazz": CALM,
    "Metal": LOUD,
    "Pop": BRIGHT,
    "Rock": LOUD,
    "Soul": BRIGHT,
}
GENRES = tuple(MOODS)
FORMATIONS = frozenset({"Classical", "Jazz"})
SECONDS = {
    "Ambient": (240, 560),
    "Classical": (180, 620),
    "Electronic": (230, 430),
    "Jazz": (220, 520),
    "Metal": (180, 400),
}
USUAL_SECONDS = (140, 270)


def artist_name(number: int, genre: str, city: City) -> str:
    """Bands have names put together, one artist in three goes by a personal name."""
    draw, words = demo_random("artist name", number), _artists()[city.language][MOODS[genre]]
    first, second = draw.choice(words["first"]), draw.choice(words["second"])
    given, family = draw_name(city.language, draw)
    if genre in FORMATIONS:
        pattern = draw.choice(_artists()["formations"][city.language])
        return str(pattern.format(family=family, second=second))
    if draw.random() < 1 / 3:
        return f"{given} {family}"
    return f"{first}{second}" if city.language == "de" else f"{first} {second}"


def biography(genre: str, city: City, draw: Random) -> str:
    texts = _artists()
    written = draw.choice(texts[city.language][MOODS[genre]]["bios"])
    return str(written.format(genre=texts["genres"][city.language][genre], where=city.where))


def records(genre: str, city: City, count: int, draw: Random) -> list[tuple[str, list[str]]]:
    """Titles with their tracks, each about something else. There is material for three."""
    written = draw.sample(_albums()[city.language][MOODS[genre]], count)
    return [(str(draw.choice(about["titles"])), list(about["tracks"])) for about in written]


def seconds(genre: str, draw: Random) -> int:
    return draw.randint(*SECONDS.get(genre, USUAL_SECONDS))


@cache
def _artists() -> dict[str, Any]:
    return dict(read_texts(__package__, "artists"))


@cache
def _albums() -> dict[str, Any]:
    return dict(read_texts(__package__, "albums"))
