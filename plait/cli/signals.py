"""How a command ends when it is told to: its work is cancelled once and cleans up, within STOP_SECONDS."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from threading import Timer
from typing import Any

from router.http.ending import stopping
from router.http.server import STOP_SIGNALS


async def until_signalled(work: Callable[[], Coroutine[Any, Any, None]]) -> int | None:
    """Runs the work; the first SIGINT or SIGTERM cancels it. Gives the signal that ended it, if one did."""
    task = asyncio.create_task(work())
    loop = asyncio.get_running_loop()
    received: list[int] = []
    timers: list[Timer] = []

    def interrupt(number: int) -> None:
        if not received:
            task.cancel()
            timers.append(stopping(loop))
        received.append(number)

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, interrupt, number)
    try:
        await task
    except asyncio.CancelledError:
        if not received:
            raise
    finally:
        for timer in timers:
            timer.cancel()
    return received[0] if received else None


def still_wanted() -> None:
    """Between two steps of a command: raises CancelledError when it was told to stop. A library that is
    cancelled in the middle of a connection may have made an error of its own of that, or nothing.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
