"""The deadlines of all fetches of an event loop on a single timer.

Deadlines mostly come in the order they are set, so one timer for the earliest does, where asyncio.timeout_at
makes one for each: when it fires it cancels who is late and waits for the next.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from operator import attrgetter
from typing import TypeVar

T = TypeVar("T")


class Deadlines:
    """`running_deadlines` gives those of the running loop."""

    __slots__ = ("_armed", "_timer", "_waits", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._waits: set[_Wait] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._armed = 0.0

    def now(self) -> float:
        return self.loop.time()

    async def within(self, deadline: float, work: Awaitable[T]) -> T:
        """Awaits `work`, cancelled at the deadline: `TimeoutError` then."""
        task = asyncio.current_task(self.loop)
        assert task is not None
        cancelling = task.cancelling()
        wait = _Wait(task, deadline)
        self._waits.add(wait)
        if self._timer is None or deadline < self._armed:
            self._arm(deadline)
        try:
            result = await work
        except asyncio.CancelledError:
            if wait.is_late and task.uncancel() <= cancelling:
                raise TimeoutError from None
            raise
        else:
            if wait.is_late:
                task.uncancel()  # It was done all the same.
            return result
        finally:
            self._waits.discard(wait)

    def _arm(self, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._armed = deadline
        self._timer = self.loop.call_at(deadline, self._fire)

    def _fire(self) -> None:
        """O(waits), once in the time that a fetch has: the next timer is for the earliest of those left."""
        self._timer = None
        now = self.loop.time()
        waits = sorted((wait for wait in self._waits if not wait.is_late), key=attrgetter("deadline"))
        for wait in waits:
            if wait.deadline > now:
                self._arm(wait.deadline)
                return
            wait.is_late = True
            wait.task.cancel()


class _Wait:
    """One task can have several, one inside the other: a subgraph in this process may be a router."""

    __slots__ = ("deadline", "is_late", "task")

    def __init__(self, task: asyncio.Task[object], deadline: float) -> None:
        self.task = task
        self.deadline = deadline
        self.is_late = False


class _OfThread(threading.local):
    deadlines: Deadlines | None = None


_OF_THREAD = _OfThread()
"""A thread runs one event loop at a time."""


def running_deadlines() -> Deadlines:
    loop = asyncio.get_running_loop()
    deadlines = _OF_THREAD.deadlines
    if deadlines is None or deadlines.loop is not loop:
        deadlines = _OF_THREAD.deadlines = Deadlines(loop)
    return deadlines
