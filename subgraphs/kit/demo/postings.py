"""Who writes post `n`, and who sees it: posts and what is about posts agree on it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from subgraphs.kit.demo.gatherings import SHOWN, Gathering, Stage, gathering
from subgraphs.kit.demo.people import people
from subgraphs.kit.demo.texts import skewed
from subgraphs.kit.demo.world import DemoSize, demo_random

CYCLE, ABOUT_EVENT, WITH_IMAGES = 5, 4, 2
"""Of every five posts the last is about an event, the third shows pictures."""

FIRST_POSTS = 5 * SHOWN
"""So many of the posts about events are about those shown first."""

VISIBILITIES = ("PUBLIC",) * 18 + ("FOLLOWERS", "PRIVATE")


@dataclass(frozen=True, slots=True)
class Posting:
    author: int
    visibility: str
    event: int | None = None


def posting(size: DemoSize, number: int) -> Posting:
    """O(1)."""
    draw = demo_random("post", number)
    if number % CYCLE != ABOUT_EVENT:
        return Posting(topic_author(size, draw), visibility_of(number))
    event = event_of(size, number, draw)
    return Posting(guest(size, gathering(size, event), draw), "PUBLIC", event)


def visibility_of(number: int) -> str:
    return demo_random("post visibility", number).choice(VISIBILITIES)


def topic_author(size: DemoSize, draw: Random) -> int:
    """The first that a generator of a post about a topic draws."""
    return skewed(draw, range(len(people(size.users))), 1.6)


def event_of(size: DemoSize, number: int, draw: Random) -> int:
    """Which event it is about. Nobody writes about a draft."""
    nth = number // CYCLE
    event = nth % SHOWN if nth < FIRST_POSTS else draw.randrange(size.events)
    is_draft = gathering(size, event % size.events).stage is Stage.DRAFT
    return nth % min(SHOWN, size.events) if is_draft else event % size.events


def guest(size: DemoSize, meeting: Gathering, draw: Random) -> int:
    """Somebody who speaks the language, of those with the interest if there are some beside the host."""
    everybody = people(size.users)
    speaks = everybody.by_language[meeting.city.language]
    likes = everybody.by_interest[meeting.city.language, meeting.topic]
    return skewed(draw, likes if len(likes) > 1 else speaks, 1.2)
