"""Load shedding: while operations wait too long for their turn, new ones are refused at once.

What waits is whatever the event loop has to do; a timer that should come every `INTERVAL` says by how much it
comes late. Only when every one of the last few came late is it a queue and no single large answer.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable

from router.errors import RequestError

INTERVAL = 0.05
LOOKED_AT = 4
RETRY_AFTER = "1"


class Overloaded(RequestError):
    code = "ROUTER_OVERLOADED"

    def __init__(self) -> None:
        super().__init__(
            "The router has more to do than it can. Try again in a moment.",
            status=503,
            headers=[("retry-after", RETRY_AFTER)],
        )


class LoadShedder:
    """`max_queue` in seconds; without it nothing is refused. `told` hears how late each turn comes.

    It watches while there are requests, and stops when none came for a while.
    """

    def __init__(self, max_queue: float | None, told: Callable[[float], None] = lambda seconds: None) -> None:
        self._max_queue = math.inf if max_queue is None else max_queue
        self._told = told
        self._lateness: deque[float] = deque(maxlen=LOOKED_AT)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due = 0.0
        self._asked = False

    def admit(self) -> None:
        """One operation. Raises `Overloaded`."""
        self._asked = True
        if self._loop is None or self._loop.is_closed():
            self._watch(asyncio.get_running_loop())
        lateness = self._lateness
        if len(lateness) == LOOKED_AT and min(lateness) > self._max_queue:
            raise Overloaded

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lateness.clear()
        self._wait(loop)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        self._asked = False
        self._due = loop.time() + INTERVAL
        loop.call_at(self._due, self._tick, loop)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        late = max(0.0, loop.time() - self._due)
        self._lateness.append(late)
        self._told(late)
        if self._asked or max(self._lateness) > self._max_queue:
            self._wait(loop)
        else:
            self._loop = None
            self._told(0.0)
