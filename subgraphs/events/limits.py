"""How often one may say something about events, or hang a picture. Open: without Redis people go on."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.kit.rate_limit import Limit, RateLimiter

HOUR = 3600

ASK = Limit("event-ask", count=30, seconds=HOUR)
REVIEW = Limit("event-review", count=30, seconds=HOUR)
UPVOTE = Limit("event-upvote", count=300, seconds=HOUR)
PICTURE = Limit("event-picture", count=300, seconds=HOUR)
REPORT = Limit("event-report", count=60, seconds=HOUR)


@dataclass(frozen=True, slots=True)
class Limits:
    """Each raises RateLimited."""

    limiter: RateLimiter

    async def ask(self, user_id: object) -> None:
        await self.limiter.take(ASK, str(user_id))

    async def review(self, user_id: object) -> None:
        await self.limiter.take(REVIEW, str(user_id))

    async def upvote(self, user_id: object) -> None:
        await self.limiter.take(UPVOTE, str(user_id))

    async def report(self, user_id: object) -> None:
        await self.limiter.take(REPORT, str(user_id))

    async def picture(self, user_id: object) -> None:
        await self.limiter.take(PICTURE, str(user_id))
