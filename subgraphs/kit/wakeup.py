"""What ends the rest of this process's tasks early: somebody wrote to their store, or sent to the streams.

    a mutation, a task that had something   ──►  the tasks of that domain
    a relay that had something              ──►  the consumers of all domains

A task that finds nothing looks ever less often. Signalled, it looks at once, so `plait up` is quick when it
is used and quiet when it is not. Nobody else is: with a hundred tasks in one process, one that is busy for
minutes would keep all of them busy. What another process writes is found when the rest is over.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Wakeup:
    """`count` is how often it was signalled: who waits says from which on, so none is missed."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def signal(self) -> None:
        """O(those who wait)."""
        self.count += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def wait(self, seconds: float, *, since: int) -> bool:
        """Whether it was signalled within so many seconds, or had been since then."""
        if self.count == since:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.add(waiting)
            try:
                await asyncio.wait((waiting,), timeout=seconds)
            finally:
                self._waiting.discard(waiting)
        return self.count != since


STORES: defaultdict[str, Wakeup] = defaultdict(Wakeup)
"""Domain → somebody has written to its store."""
STREAMS = Wakeup()
"""A relay has sent."""
