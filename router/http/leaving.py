"""A client that leaves before it is answered: its operation is given up.

To learn of it somebody has to wait for the connection's end, in a task of its own. Most operations are done
before that is worth it, so it begins when one has lasted a while; and one timer looks after all that are
under way, because a timer for each costs more than the rest of this file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from router.http.exchange import ClientLeft, Receive

T = TypeVar("T")
WATCH_AFTER_SECONDS = 0.05


class Watches:
    """Of one event loop's requests."""

    __slots__ = ("_begun", "_is_set", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._begun: dict[_Watch, float] = {}
        """When each began, the oldest first."""
        self._is_set = False

    async def unless_client_leaves(self, work: Awaitable[T], receive: Receive) -> T:
        """Awaits `work`, cancelled when the client disconnects. Raises `ClientLeft` then."""
        task = asyncio.current_task(self.loop)
        assert task is not None
        watch = _Watch(task, receive)
        self._begun[watch] = self.loop.time()
        if not self._is_set:
            self._set(WATCH_AFTER_SECONDS)
        try:
            return await work
        except asyncio.CancelledError:
            if watch.client_left and task.uncancel() == 0:
                raise ClientLeft from None
            raise
        finally:
            self._begun.pop(watch, None)
            watch.stop()

    def _set(self, seconds: float) -> None:
        self._is_set = True
        self.loop.call_later(seconds, self._start_due)

    def _start_due(self) -> None:
        """O(those that lasted so long)."""
        self._is_set = False
        long_ago = self.loop.time() - WATCH_AFTER_SECONDS
        while self._begun:
            watch, began = next(iter(self._begun.items()))
            if began > long_ago:
                self._set(began - long_ago)
                return
            del self._begun[watch]
            watch.start()


class RunningWatches:
    """Those of the running event loop: an application that is started again may be in another."""

    __slots__ = ("_watches",)

    def __init__(self) -> None:
        self._watches: Watches | None = None

    def get(self) -> Watches:
        loop = asyncio.get_running_loop()
        if self._watches is None or self._watches.loop is not loop:
            self._watches = Watches(loop)
        return self._watches


class _Watch:
    __slots__ = ("_receive", "_task", "_watching", "client_left")

    def __init__(self, task: asyncio.Task[Any], receive: Receive) -> None:
        self._task = task
        self._receive = receive
        self._watching: asyncio.Task[None] | None = None
        self.client_left = False

    def start(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.client_left = True
        self._task.cancel()
