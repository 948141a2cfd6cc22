"""What is told of a request after its answer: those of a moment together.

    request ends ── kept ──┐
    request ends ── kept ──┤   50 ms, or enough of them, or somebody wants to know
    request ends ── kept ──┴─> metrics, field usage, the access log, one request after the other; one write

Counting and writing a line between one answer and the next costs far more than the same for many in a row:
each time all that code and data has to come back into the processor's cache, and what answers requests goes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from router.telemetry.observer import Observed, Watcher

logger = logging.getLogger(__name__)

DELAY = 0.05
"""Seconds."""
MAX_WAITING = 128
"""Requests: about a millisecond's work, so that no answer waits long for it."""


class Afterwards:
    """A watcher that tells others. `then` is called when they were told of what there was.

    Used in the event loop that serves, which may be one after another: one that does not run any more calls
    nobody. (Asking which one runs is a system call in Python 3.11, so it is asked once for many requests.)
    """

    def __init__(self, watchers: Sequence[Watcher], then: Callable[[], object] = lambda: None) -> None:
        self._watchers = tuple(watchers)
        self._then = then
        self._waiting: list[Observed] = []
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        """The timer's."""

    def ended(self, observed: Observed) -> None:
        self._waiting.append(observed)
        if self._timer is None or self._loop is None or not self._loop.is_running():
            self._loop = asyncio.get_running_loop()
            self._timer = self._loop.call_later(DELAY, self.tell)
        elif len(self._waiting) >= MAX_WAITING:
            self.tell()

    def tell(self) -> None:
        """Now. What goes wrong with one request is logged and is not the others' trouble."""
        if self._timer is not None:
            self._timer.cancel()
        waiting, self._waiting, self._timer = self._waiting, [], None
        for watcher in self._watchers:
            for observed in waiting:
                try:
                    watcher.ended(observed)
                except Exception:
                    logger.exception("A request could not be counted or written down.")
        self._then()
