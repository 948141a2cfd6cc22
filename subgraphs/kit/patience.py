"""A Redis that must never hold up what it is there to make quicker.

    async with PatientRedis(redis).use() as client:   await client.get(…)       # within ANSWER_SECONDS

One that does not answer costs one request of each PAUSE_SECONDS a wait; the others hear at once that it is
away, and read the store.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from db.errors import StoreUnavailable
from db.redis import RedisStore

ANSWER_SECONDS = 0.5
PAUSE_SECONDS = 1.0


class PatientRedis:
    def __init__(self, redis: RedisStore) -> None:
        self._redis = redis
        self._away_until = 0.0

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Redis]:
        """Raises StoreUnavailable."""
        if self._away_until > time.monotonic():
            raise StoreUnavailable(self._redis.target, "it did not answer just now", "Redis")
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._redis.use() as client:
                yield client
        except StoreUnavailable:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            raise
        except TimeoutError as error:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            raise StoreUnavailable(self._redis.target, "it does not answer", "Redis") from error
