"""What the feed domain is about, as frozen values: no GraphQL, no store."""

from __future__ import annotations

from datetime import datetime
from typing import NewType
from uuid import UUID

import msgspec

from subgraphs.kit.pages import Ordering

PostId = NewType("PostId", UUID)
PersonId = NewType("PersonId", UUID)

NEWEST = Ordering("feed", (datetime, UUID), descending=True)
MOST_COUNTED = 100
"""Of new posts: more are as many."""

CROWD = 10_000
"""Whoever has more followers is read from, and not written to each of them."""


class Entry(msgspec.Struct, frozen=True):
    """A post's place in a timeline."""

    created_at: datetime
    post_id: PostId

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.post_id)
