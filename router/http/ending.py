"""The end of a process: what nobody waits for any more does not hold it up.

    signal ── clean-up, STOP_SECONDS at most ── the loop is closed, LEFTOVER_SECONDS at most ── gone

Closing an event loop waits for its threads, and uvloop's for every name that is still looked up: a name
server that is away makes minutes of that, and nothing could use the answer. A library that swallows its
cancellation would hold the clean-up for ever. Both end with the process then; what was confirmed is in a
store by that time, and embedded stores are stopped by their supervisors.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOP_SECONDS = 45.0
"""More than stores take that stop one after the other, each with its own limit."""
LEFTOVER_SECONDS = 2.0
MOST_NAMED = 5


@contextmanager
def ended_within(seconds: float, code: int, last_words: Callable[[], str]) -> Iterator[None]:
    """A block that takes longer is ended with the process: the last words on stderr, and the exit code."""
    timer = armed(seconds, code, last_words)
    try:
        yield
    finally:
        timer.cancel()


def armed(seconds: float, code: int, last_words: Callable[[], str]) -> threading.Timer:
    """Ends the process after so long unless it is cancelled: from a thread, since the loop may not turn."""

    def end() -> None:
        if words := last_words():
            sys.stderr.write(f"{words}\n")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    return timer


def stopping(loop: asyncio.AbstractEventLoop, grace: float = 0.0) -> threading.Timer:
    """Armed at the signal, to be cancelled when the clean-up is through. It says what did not end. `grace`:
    seconds that requests in progress have before it.
    """
    seconds = STOP_SECONDS + grace
    return armed(seconds, 1, lambda: f"plait: ended after {seconds:.0f} s; still at it: {_going_on(loop)}")


def _going_on(loop: asyncio.AbstractEventLoop) -> str:
    names = sorted(task.get_name() for task in asyncio.all_tasks(loop))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more or "nothing that has a name"


def close(runner: asyncio.Runner, code: int = 0, last_words: str = "") -> None:
    """The loop's tasks, threads and name look-ups get LEFTOVER_SECONDS."""
    with ended_within(LEFTOVER_SECONDS, code, lambda: last_words):
        runner.close()
