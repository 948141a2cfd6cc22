"""How many may do something at a time; the others wait their turn.

asyncio's Semaphore looks through its waiters each time. This one counts: taking a free slot is a comparison,
for every request to a subgraph.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Slots:
    """`count` slots of one event loop. First come, first served."""

    __slots__ = ("_free", "_waiting")

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Whether one was free; else `wait` for it."""
        if self._free:
            self._free -= 1
            return True
        return False

    async def wait(self) -> None:
        """One that is given back."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._waiting.remove(turn)
            else:
                self.give_back()
            raise

    def give_back(self) -> None:
        """To whoever waits longest. O(1) but for those that left."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
