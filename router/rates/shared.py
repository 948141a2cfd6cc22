"""Rates that routers count together in Redis or Valkey, and each for itself while it is away."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from router.errors import ConfigError
from router.rates.gcra import MemoryRates
from router.rates.script import SCRIPT

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 0.25
AWAY_SECONDS = 1.0
"""Nobody asks a Redis again that has just failed: a request must not wait for what will not answer."""
CONNECTIONS = 50
PREFIX = "plait:router:limit:"


class RedisRates:
    """`aclose` it in the event loop it was used in; it connects anew when it is used again."""

    def __init__(
        self,
        url: str,
        clock: Callable[[], float] = time.monotonic,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        setting: str = "rate_limits.redis_url",
    ) -> None:
        """`setting` is where the URL is from. Raises `ConfigError` where it is none or redis is missing."""
        try:
            from redis.asyncio import Redis
            from redis.asyncio.retry import Retry
            from redis.backoff import NoBackoff
            from redis.exceptions import RedisError
        except ModuleNotFoundError as error:
            raise ConfigError(f"{setting} needs the library redis: pip install redis") from error
        self._failures = (RedisError, OSError, TimeoutError)
        self._make: Callable[[], Any] = lambda: Redis.from_url(
            url,
            socket_timeout=answer_seconds,
            socket_connect_timeout=answer_seconds,
            max_connections=CONNECTIONS,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            self._make()
        except ValueError as error:
            raise ConfigError(f"{setting}: {error}") from error
        self._answer_seconds = answer_seconds
        self._client: Any = None
        self._clock = clock
        self._memory = MemoryRates(clock)
        self._away_until = 0.0

    async def take(self, key: str, count: int, seconds: float) -> float:
        if self._clock() < self._away_until:
            return self._memory.take_now(key, count, seconds)
        try:
            async with asyncio.timeout(self._answer_seconds):
                return await self._ask(key, count, seconds)
        except self._failures as error:
            self._away_until = self._clock() + AWAY_SECONDS
            logger.warning("Rates are counted by this router alone, Redis cannot be asked: %s", error)
            return self._memory.take_now(key, count, seconds)

    async def _ask(self, key: str, count: int, seconds: float) -> float:
        if self._client is None:
            self._client = self._make()
        milliseconds = seconds * 1000
        wait = await self._client.eval(SCRIPT, 1, PREFIX + key, milliseconds / count, milliseconds, 1)
        return int(wait) / 1000

    async def aclose(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
