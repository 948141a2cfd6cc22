"""The SDK's sessions and streams: entered with the first request, left when the router is closed.

They hold a task group, which one and the same task has to enter and leave; so it has a task of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from router.cache.single_flight import SingleFlight


class Running:
    """`make` gives a manager that was never run. Closed, it begins again when it is asked for again."""

    def __init__(self, make: Callable[[], StreamableHTTPSessionManager]) -> None:
        self._make = make
        self._manager: StreamableHTTPSessionManager | None = None
        self._task: asyncio.Task[None] | None = None
        self._end = asyncio.Event()
        self._starting: SingleFlight[str, None] = SingleFlight()

    async def manager(self) -> StreamableHTTPSessionManager:
        if self._manager is None:
            await self._starting.run("start", self._start)
        assert self._manager is not None
        return self._manager

    async def aclose(self) -> None:
        """Ends what is under way."""
        task, self._task, self._manager = self._task, None, None
        if task is not None:
            self._end.set()
            await task

    async def _start(self) -> None:
        manager, begun = self._make(), asyncio.Event()
        self._end = asyncio.Event()
        self._task = asyncio.create_task(_run(manager, begun, self._end))
        await begun.wait()
        self._manager = manager


async def _run(manager: StreamableHTTPSessionManager, begun: asyncio.Event, end: asyncio.Event) -> None:
    async with manager.run():
        begun.set()
        await end.wait()
