"""Which pictures hang where in the demo world: the galleries of events, on which media and events agree.
Knows no drawing library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from subgraphs.kit.demo.gatherings import Stage, gathering
from subgraphs.kit.demo.pictures import book
from subgraphs.kit.demo.pictures.names import SCENE_OF
from subgraphs.kit.demo.texts import read_texts
from subgraphs.kit.demo.world import DemoSize, demo_id, demo_random

MOST = 3
"""Pictures of one event."""
WITHOUT = 4
"""One event in so many has none."""


@dataclass(frozen=True, slots=True)
class Hung:
    id: UUID
    media_id: UUID
    host: int
    name: str
    """Of the drawing: pictures/book.py."""
    alt_text: str
    position: int


def gallery(size: DemoSize, number: int) -> Iterator[Hung]:
    """Of an event that is to come or is over, in order. O(1)."""
    meeting, draw = gathering(size, number), demo_random("gallery", number)
    if meeting.stage not in (Stage.UPCOMING, Stage.PAST) or number % WITHOUT == WITHOUT - 1:
        return
    variants = draw.sample(range(book.MOST_VARIANTS), draw.randint(1, MOST))
    for at, variant in enumerate(variants):
        yield Hung(
            demo_id("event_image", number * MOST + at),
            demo_id("event_media", number * MOST + at),
            meeting.host,
            book.post_picture(meeting.topic, variant),
            alt_text(SCENE_OF[meeting.topic], meeting.city.language),
            at + 1,
        )


def alt_text(scene: str, language: str) -> str:
    """What a picture shows, in a sentence."""
    return str(_sentences()[scene][language])


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return dict(read_texts(__package__, "pictures"))
