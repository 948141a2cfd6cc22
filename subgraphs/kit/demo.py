"""What the domains' demo data share, so that they agree on ids without knowing each other.

Row `n` of a kind has the id uuid5(kind, n); each kind draws from its own generator with its own seed. The
same size therefore gives the same world on every machine, and a world that is there already is left alone.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from faker import Faker

NAMESPACE = UUID("6f1c2f5e-3b1d-5c55-9a53-706c61697421")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""The demo world's present: what it calls past and future is fixed too."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DemoSize:
    users: int
    posts: int
    artists: int
    events: int


SIZES = {"small": DemoSize(30, 200, 12, 40), "large": DemoSize(600, 4000, 240, 800)}


def demo_id(kind: str, number: int) -> UUID:
    """`kind` is the entity's name in lower case; numbers count from 0."""
    return uuid5(NAMESPACE, f"{kind}:{number}")


def demo_random(kind: str) -> random.Random:
    return random.Random(f"plait {kind}")  # noqa: S311 -- a reproducible world, not a secret


def demo_faker(kind: str) -> Faker:
    from faker import Faker

    fake = Faker("en_US")
    fake.seed_instance(f"plait {kind}")
    return fake
