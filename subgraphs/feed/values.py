"""What the feed domain is about, as frozen values: no GraphQL, no store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from subgraphs.kit.pages import Ordering

PostId = NewType("PostId", UUID)
PersonId = NewType("PersonId", UUID)

NEWEST = Ordering("feed", (datetime, UUID), descending=True)
MOST_COUNTED = 100
"""Of new posts: more are as many."""

CROWD = 10_000
"""Whoever has more followers is read from, and not written to each of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A post's place in a timeline."""

    post_id: PostId
    created_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.post_id)
