"""What the domains' demo data share, so that they agree on ids without knowing each other.

Row `n` of a kind has the id uuid5(kind, n); what it says is drawn from a generator seeded with its kind and
number. The same size and day therefore give the same world on every machine, and what is there already is
left alone: a world that was seeded last week keeps last week's present.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from subgraphs.kit.demo.pictures.book import PictureBook

SEED = "plait 3421"
"""Chosen so that the first events are in three languages."""

NAMESPACE = UUID("6f1c2f5e-3b1d-5c55-9a53-706c61697421")

Row = Mapping[str, Any]
Told = Callable[[int], None]
"""Hears how many more of the planned rows are done."""


@dataclass(frozen=True, slots=True)
class DemoSize:
    """How many there are of each. Everybody follows `follows` people and saves `bookmarks` posts, as far as
    there are so many; `likes` are how many each person gives away, `comments` how many are written in all.
    """

    users: int
    posts: int
    artists: int
    events: int
    follows: int = 5
    bookmarks: int = 3
    likes: int = 8
    comments: int = 120


SIZES = {
    "small": DemoSize(users=30, posts=200, artists=12, events=40),
    "large": DemoSize(
        users=100_000, posts=300_000, artists=2_000, events=20_000, follows=10, likes=10, comments=200_000
    ),
}


def today() -> datetime:
    """Midnight, so that two seedings of one day agree."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class World:
    """What is to be there, seen from `now`. Without a picture book nothing has a picture."""

    size: DemoSize
    now: datetime = field(default_factory=today)
    pictures: PictureBook | None = None

    def picture(self, name: str) -> str | None:
        """Where a picture of subgraphs/kit/demo/pictures is served from."""
        return None if self.pictures is None else self.pictures.address(name)


def demo_id(kind: str, number: int) -> UUID:
    """`kind` is the entity's name in lower case; numbers count from 0."""
    return uuid5(NAMESPACE, f"{kind}:{number}")


def demo_random(kind: str, number: int = 0) -> random.Random:
    return random.Random(f"{SEED} {kind} {number}")  # noqa: S311 -- a reproducible world, not a secret
