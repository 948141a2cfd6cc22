"""Rate limits by GCRA, in Redis: smooth, exact over all processes, one key and one script per check.

    LOGIN = Limit("login", count=5, seconds=60, closed=True)
    await limiter.take(LOGIN, address)      raises RateLimited, with `retryAfterSeconds`

`count` may come at once, then one more each `seconds / count`. The clock is Redis's: ours may jump and
differ; when its own goes back, limits start from zero. When Redis is away a `closed` limit refuses (logins,
sign-ups, codes sent by mail: guessing must not become free), an open one lets through (reads, ordinary
writes: the site goes on). What Redis lost starts from zero.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any

from db.errors import StoreUnavailable
from db.redis import RedisStore
from router.rates.script import SCRIPT
from subgraphs.kit.errors import SubgraphError

AWAY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    count: int
    seconds: float
    closed: bool = False
    """Whether it refuses when it cannot be checked."""


class RateLimited(SubgraphError):
    code = "RATE_LIMITED"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts: try again in {seconds} s.", retryAfterSeconds=seconds)
        self.seconds = seconds


class RateLimiter:
    def __init__(self, redis: RedisStore) -> None:
        self._redis = redis

    async def take(self, limit: Limit, who: str, cost: int = 1) -> None:
        """Raises RateLimited. `who` is whatever is limited (an address, a user, an account); it is hashed, so
        it may be as long and as hostile as a client likes.
        """
        interval = limit.seconds * 1000 / limit.count
        try:
            async with self._redis.use() as client:
                script: Any = client.eval(SCRIPT, 1, _key(limit, who), interval, limit.seconds * 1000, cost)
                wait = int(await script)
        except StoreUnavailable:
            if limit.closed:
                raise RateLimited(AWAY_SECONDS) from None
            return
        if wait:
            raise RateLimited(math.ceil(wait / 1000))


def _key(limit: Limit, who: str) -> str:
    return f"plait:limit:{limit.name}:{hashlib.sha256(who.encode(errors='replace')).hexdigest()[:32]}"
