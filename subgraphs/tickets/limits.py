"""How often one may try: what guesses is closed without Redis, what orders is not."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.kit.rate_limit import Limit, RateLimiter

MINUTE = 60

TYPED_CODE = Limit("ticket-typed-code", count=20, seconds=MINUTE, closed=True)
ACCESS_CODE = Limit("ticket-access-code", count=10, seconds=MINUTE, closed=True)
REGISTER = Limit("ticket-register", count=60, seconds=MINUTE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Each raises RateLimited."""

    limiter: RateLimiter

    async def typed_code(self, staff: object) -> None:
        """Somebody at the door tries a code that we did not sign: said by people, or guessed."""
        await self.limiter.take(TYPED_CODE, str(staff))

    async def access_code(self, who: str) -> None:
        """Somebody says the code of a hidden ticket type, right or wrong."""
        await self.limiter.take(ACCESS_CODE, who)

    async def register(self, user_id: object) -> None:
        await self.limiter.take(REGISTER, str(user_id))
