"""Plays: told by players in batches, as often as they like; shown to who listened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from subgraphs.kit.auth import Viewer
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.rate_limit import Limit, RateLimiter
from subgraphs.kit.request import UNKNOWN_ADDRESS
from subgraphs.kit.validation import Checks
from subgraphs.streaming.repository.protocol import PlayRepository
from subgraphs.streaming.values import HeardPlay, ListenerId, Play, Recorded

MOST_AT_ONCE = 500
LONGEST_SECONDS = 24 * 3600
OLDEST = timedelta(days=7)
AHEAD = timedelta(minutes=1)
BATCHES = Limit("record-plays", count=120, seconds=60)


@dataclass(frozen=True, slots=True)
class Plays:
    plays: PlayRepository
    limiter: RateLimiter
    counted_seconds: int

    async def record(
        self, viewer: Viewer, address: str, plays: Sequence[HeardPlay], checks: Checks
    ) -> Recorded:
        """At least once, counted once: a batch whose answer was lost is sent again as it is. Raises Refused
        (InvalidInput), RateLimited.
        """
        _check(checks, plays, datetime.now(UTC))
        checks.done()
        await self.limiter.take(BATCHES, str(viewer.id))
        known = None if address == UNKNOWN_ADDRESS else address
        return await self.plays.record(ListenerId(viewer.id), known, plays, self.counted_seconds)

    async def list_history(
        self, listeners: Sequence[ListenerId], page: PageRequest
    ) -> Mapping[ListenerId, Page[Play]]:
        return await self.plays.list_history(listeners, page)

    async def count_history(self, listeners: Sequence[ListenerId]) -> Mapping[ListenerId, int]:
        return await self.plays.count_history(listeners)


def may_see_history(viewer: Viewer | None, listener: ListenerId) -> bool:
    """What somebody listens to is theirs alone; administrators look into complaints."""
    return viewer is not None and (viewer.id == listener or viewer.is_admin)


def _check(checks: Checks, plays: Sequence[HeardPlay], now: datetime) -> None:
    checks.require(1 <= len(plays) <= MOST_AT_ONCE, "plays", f"Between 1 and {MOST_AT_ONCE} plays at once.")
    for at, play in enumerate(plays[:MOST_AT_ONCE]):
        fits = 0 <= play.listened_sec <= LONGEST_SECONDS
        problem = f"Between 0 and {LONGEST_SECONDS} seconds."
        checks.require(fits, ("plays", at, "listenedSeconds"), problem)
        place = ("plays", at, "startedAt")
        checks.require(play.started_at <= now + AHEAD, place, "It has not started yet.")
        checks.require(
            play.started_at >= now - OLDEST, place, f"It is more than {OLDEST.days} days old: leave it out."
        )
