"""How a command ends when it is told to: its work is cancelled once and cleans up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from router.http.server import STOP_SIGNALS


async def until_signalled(work: Callable[[], Coroutine[Any, Any, None]]) -> int | None:
    """Runs the work; the first SIGINT or SIGTERM cancels it. Gives the signal that ended it, if one did."""
    task = asyncio.create_task(work())
    loop = asyncio.get_running_loop()
    received: list[int] = []

    def interrupt(number: int) -> None:
        if not received:
            task.cancel()
        received.append(number)

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, interrupt, number)
    try:
        await task
    except asyncio.CancelledError:
        if not received:
            raise
    return received[0] if received else None
