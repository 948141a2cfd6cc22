"""The deadlines of one request's fetches on a single timer.

Deadlines mostly come in the order they are set, so one timer for the earliest does, where asyncio.timeout_at
makes one for each: when it fires it cancels who is late and waits for the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from operator import itemgetter
from typing import TypeVar

T = TypeVar("T")


class Deadlines:
    """`close` when nobody waits any more."""

    __slots__ = ("_armed", "_late", "_loop", "_timer", "_waiting")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: dict[asyncio.Task[object], float] = {}
        self._late: set[asyncio.Task[object]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._armed = 0.0

    def now(self) -> float:
        return self._loop.time()

    async def within(self, deadline: float, work: Awaitable[T]) -> T:
        """Awaits `work`, cancelled at the deadline: `TimeoutError` then. One at a time per task."""
        task = asyncio.current_task(self._loop)
        assert task is not None
        cancelling = task.cancelling()
        self._waiting[task] = deadline
        if self._timer is None or deadline < self._armed:
            self._arm(deadline)
        try:
            result = await work
        except asyncio.CancelledError:
            if task in self._late and task.uncancel() <= cancelling:
                raise TimeoutError from None
            raise
        else:
            if task in self._late:
                task.uncancel()  # It was done all the same.
            return result
        finally:
            del self._waiting[task]
            self._late.discard(task)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self, deadline: float) -> None:
        self.close()
        self._armed = deadline
        self._timer = self._loop.call_at(deadline, self._fire)

    def _fire(self) -> None:
        self._timer = None
        now = self._loop.time()
        pending = []
        for task, deadline in sorted(self._waiting.items(), key=itemgetter(1)):
            if deadline > now:
                pending.append(deadline)
            elif task not in self._late:
                self._late.add(task)
                task.cancel()
        if pending:
            self._arm(min(pending))
