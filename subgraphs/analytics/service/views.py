"""Views of events: told by clients in batches, as often as they like, counted once.

Who looked is kept as 16 bytes of an HMAC under a key of the day, which is random, in no backup of ours that
outlives it, and gone two days later: nobody can then say who it was, nor that two days' visitors are one.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from subgraphs.analytics.repository.protocol import ViewRepository
from subgraphs.analytics.values import Fact, Kind, RecordedViews, SeenEvent, Visitor
from subgraphs.kit.rate_limit import Limit, RateLimiter
from subgraphs.kit.request import Request
from subgraphs.kit.validation import Checks

MOST_AT_ONCE = 100
OLDEST = timedelta(days=1)
AHEAD = timedelta(minutes=1)
BATCHES = Limit("record-event-views", count=60, seconds=60)
VIEWS = UUID("58f5f0ab-0e8d-5d6c-9b0a-7ce1c9a6ce5f")
"""The namespace of clients' ids: none of them is a message's."""
VISITOR_BYTES = 16


@dataclass(frozen=True, slots=True)
class Views:
    views: ViewRepository
    limiter: RateLimiter
    keys: dict[date, bytes] = field(default_factory=dict, repr=False)
    """Today's and yesterday's."""

    async def record(self, request: Request, seen: Sequence[SeenEvent], checks: Checks) -> RecordedViews:
        """By anybody. Raises Refused (InvalidInput), RateLimited."""
        _check(checks, seen, datetime.now(UTC))
        checks.done()
        await self.limiter.take(BATCHES, _who(request))
        public = await self.views.find_public([each.event_id for each in seen])
        facts = [await self._fact(request, each) for each in seen if each.event_id in public]
        recorded = await self.views.record(facts)
        unknown = dict.fromkeys(each.event_id for each in seen if each.event_id not in public)
        return RecordedViews(recorded, len(facts) - recorded, tuple(unknown))

    async def _fact(self, request: Request, seen: SeenEvent) -> Fact:
        visitor = hmac.digest(await self._key(seen.viewed_at.astimezone(UTC).date()), _face(request), sha256)
        return Fact(
            uuid5(VIEWS, str(seen.client_id)),
            Kind.VIEW,
            seen.event_id,
            seen.viewed_at,
            Visitor(visitor[:VISITOR_BYTES]),
        )

    async def _key(self, day: date) -> bytes:
        if day not in self.keys:
            for old in [each for each in self.keys if each < day - OLDEST]:
                del self.keys[old]
            self.keys[day] = await self.views.visitor_key(day)
        return self.keys[day]


def _who(request: Request) -> str:
    viewer = request.known_viewer
    return request.client_address if viewer is None else str(viewer.id)


def _face(request: Request) -> bytes:
    """Who is logged in is one visitor wherever they are; else an address and a device."""
    viewer = request.known_viewer
    told = f"{request.client_address} {request.device}" if viewer is None else f"user {viewer.id}"
    return told.encode(errors="replace")


def _check(checks: Checks, seen: Sequence[SeenEvent], now: datetime) -> None:
    checks.require(1 <= len(seen) <= MOST_AT_ONCE, "views", f"Between 1 and {MOST_AT_ONCE} views at once.")
    for at, each in enumerate(seen[:MOST_AT_ONCE]):
        place = ("views", at, "viewedAt")
        checks.require(each.viewed_at <= now + AHEAD, place, "It has not been looked at yet.")
        checks.require(each.viewed_at >= now - OLDEST, place, "It is more than a day old: leave it out.")
