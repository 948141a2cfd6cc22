"""Work that many ask for at once is done once: the first does it, the others wait for its outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """The leader works in its own task, without another; a future is made only when someone follows.

    A leader that is cancelled (its client left) does not take the followers with it: the first of them
    leads next. A failure is everyone's.
    """

    __slots__ = ("_flights",)

    def __init__(self) -> None:
        self._flights: dict[K, asyncio.Future[V] | None] = {}

    async def run(self, key: K, work: Callable[[], Awaitable[V]]) -> tuple[V, bool]:
        """The outcome, and whether it is shared with another caller."""
        flights = self._flights
        while key in flights:
            future = flights[key]
            if future is None:
                future = flights[key] = asyncio.get_running_loop().create_future()
            await asyncio.wait((future,))
            if not future.cancelled():
                return future.result(), True
        flights[key] = None
        try:
            outcome = await work()
        except asyncio.CancelledError:
            self._land(key, lambda future: future.cancel())
            raise
        except BaseException as error:
            reason = error
            self._land(key, lambda future: _fail(future, reason))
            raise
        followed = self._land(key, lambda future: future.set_result(outcome))
        return outcome, followed

    def _land(self, key: K, settle: Callable[[asyncio.Future[V]], object]) -> bool:
        future = self._flights.pop(key)
        if future is None or future.done():
            return False
        settle(future)
        return True


def _fail(future: asyncio.Future[V], error: BaseException) -> None:
    future.set_exception(error)
    future.exception()  # Followers that left before reading it must not make asyncio warn.
