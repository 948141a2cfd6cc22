"""A query that takes long is asked a second time, and the first answer counts.

Useful where a subgraph is several processes of which one may be slow. Never a mutation. At most a share of
the requests is asked twice, as with retries.
"""

from __future__ import annotations

import asyncio

from router.transport.base import SubgraphRequest, SubgraphResponse, Transport
from router.transport.retry import RetryBudget


class HedgingTransport:
    """`after` in seconds."""

    def __init__(self, transport: Transport, after: float, budget: RetryBudget) -> None:
        self._transport = transport
        self._after = after
        self._budget = budget

    async def start(self) -> None:
        await self._transport.start()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        if request.document.is_mutation:
            return await self._transport.send(request)
        self._budget.earn()
        sent = {asyncio.create_task(self._transport.send(request))}
        try:
            done, _ = await asyncio.wait(sent, timeout=self._after)
            if not done and self._budget.spend():
                sent.add(asyncio.create_task(self._transport.send(request)))
            return await _first(sent)
        finally:
            for task in sent:
                task.cancel()
            await asyncio.gather(*sent, return_exceptions=True)


async def _first(tasks: set[asyncio.Task[SubgraphResponse]]) -> SubgraphResponse:
    """The first answer; when all fail, the last failure."""
    left = set(tasks)
    while True:
        done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task.exception() is None or not left:
                return task.result()
