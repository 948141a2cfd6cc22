"""Queries that failed on the way are sent again, as far as a budget allows.

Only what a moment may change is tried again: a subgraph that could not be reached or was lost, and 502, 503
and 504, which proxies answer for one. Never a mutation. The budget is a share of all requests: when
everything fails, retries must not multiply the load that made it fail.
"""

from __future__ import annotations

import asyncio
import random

from router.errors import TransportError
from router.transport.base import SubgraphRequest, SubgraphResponse, Transport

PASSING = frozenset((502, 503, 504))
FIRST_SECONDS = 0.02
MOST_SECONDS = 1.0
RESERVE = 10.0
"""Retries that may come at once after a quiet time."""


class RetryBudget:
    """Each request earns a part of a retry."""

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio
        self._left = RESERVE

    def earn(self) -> None:
        self._left = min(RESERVE, self._left + self._ratio)

    def spend(self) -> bool:
        if self._left < 1:
            return False
        self._left -= 1
        return True


class RetryingTransport:
    """The executor's deadline ends waiting between the tries, too."""

    def __init__(self, transport: Transport, most: int, budget: RetryBudget) -> None:
        self._transport = transport
        self._most = most
        self._budget = budget

    async def start(self) -> None:
        await self._transport.start()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        if request.document.is_mutation:
            return await self._transport.send(request)
        self._budget.earn()
        for attempt in range(self._most):
            try:
                response = await self._transport.send(request)
            except TransportError as error:
                if not error.is_passing or not self._budget.spend():
                    raise
            else:
                if response.status not in PASSING or not self._budget.spend():
                    return response
            await asyncio.sleep(_pause(attempt))
        return await self._transport.send(request)


def _pause(attempt: int) -> float:
    """Twice as long each time, and by chance: clients that failed together must not come together."""
    return random.uniform(0.5, 1.0) * min(MOST_SECONDS, FIRST_SECONDS * 2.0**attempt)  # noqa: S311
