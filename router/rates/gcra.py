"""The generic cell rate algorithm in this process's memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from router.cache.lru import LRU

MAX_KEYS = 100_000


class Rates(Protocol):
    async def take(self, key: str, count: int, seconds: float) -> float:
        """Seconds to wait; 0 when it may go on, and then it is counted."""
        ...

    async def aclose(self) -> None: ...


class MemoryRates:
    """Bounded: of too many keys those used longest ago start from zero. O(1)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, capacity: int = MAX_KEYS) -> None:
        self._clock = clock
        self._arrivals: LRU[str, float] = LRU(capacity)

    async def take(self, key: str, count: int, seconds: float) -> float:
        return self.take_now(key, count, seconds)

    def take_now(self, key: str, count: int, seconds: float) -> float:
        now = self._clock()
        following = max(self._arrivals.find(key) or now, now) + seconds / count
        wait = following - seconds - now
        if wait > 1e-9:
            return wait
        self._arrivals.put(key, following)
        return 0.0

    async def aclose(self) -> None:
        """Nothing to close."""
