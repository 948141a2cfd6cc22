"""Texts by hash in Redis or Valkey, for several routers: memory first, Redis behind it.

Redis away closes nothing: a client whose hash is not found sends its text, so a failing command counts as a
miss, and for a while nobody asks again.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from functools import partial
from typing import Any

from router.errors import ConfigError
from router.persisted.apq import MemoryTexts

logger = logging.getLogger(__name__)

PREFIX = "plait:apq:"
ANSWER_SECONDS = 0.5
AWAY_SECONDS = 5.0
CONNECTIONS = 50


def _client(kind: Any, url: str) -> Any:
    return kind.from_url(
        url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, max_connections=CONNECTIONS
    )


class RedisTexts:
    """`aclose` it in the event loop it was used in; it connects anew when it is used again."""

    def __init__(self, url: str, ttl_seconds: float, memory: MemoryTexts) -> None:
        """Raises `ConfigError` where the library is missing or the URL is none."""
        try:
            from redis.asyncio import Redis
            from redis.exceptions import RedisError
        except ModuleNotFoundError as error:
            raise ConfigError(
                "persisted_operations.apq.redis_url needs redis: pip install 'plait[redis]'"
            ) from error
        self._failures = (RedisError, OSError, TimeoutError)
        self._make = partial(_client, Redis, url)
        try:
            self._make()
        except ValueError as error:
            raise ConfigError(f"persisted_operations.apq.redis_url: {error}") from error
        self._client: Any = None
        self._ttl = max(1, round(ttl_seconds))
        self._memory = memory
        self._away_until = 0.0

    async def find(self, hash_: str) -> str | None:
        known = await self._memory.find(hash_)
        if known is not None:
            return known
        found = await self._ask(lambda client: client.getex(PREFIX + hash_, ex=self._ttl))
        text = found.decode("utf-8", "replace") if isinstance(found, bytes) else None
        # Whoever can write there must not be able to put one operation in another's place.
        if text is None or hashlib.sha256(text.encode()).hexdigest() != hash_:
            return None
        await self._memory.put(hash_, text)
        return text

    async def put(self, hash_: str, text: str) -> None:
        await self._memory.put(hash_, text)
        await self._ask(lambda client: client.set(PREFIX + hash_, text, ex=self._ttl))

    async def aclose(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ask(self, command: Any) -> Any:
        """None when Redis does not answer."""
        now = asyncio.get_running_loop().time()
        if now < self._away_until:
            return None
        if self._client is None:
            self._client = self._make()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await command(self._client)
        except self._failures as error:
            self._away_until = asyncio.get_running_loop().time() + AWAY_SECONDS
            logger.warning("Redis for persisted queries does not answer; memory alone for a while. %s", error)
            return None
