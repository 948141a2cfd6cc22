"""A thread for work that must not hold up the event loop, nor run for good.

One piece of work at a time; the rest wait their turn. What takes too long is stopped where it is: an
exception is raised in the thread, so it works for libraries' loops as well as our own, and the next in line
starts. Work here keeps nothing half done: it only reads, and fills caches one finished entry at a time.
"""

from __future__ import annotations

import asyncio
import ctypes
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

AGAIN_SECONDS = 0.1
"""An exception that is raised inside a destructor is lost, so it is raised again until the work ends."""


class _Stop(BaseException):
    """Not an Exception: nothing on the way may take it for a failure it knows."""


class Overrun(Exception):
    """The work took longer than it may, or the thread was closed."""


class _Work:
    """One piece of work, the thread that does it, and that thread's time when it began."""

    __slots__ = ("began", "stopped", "thread_id")

    def __init__(self) -> None:
        self.thread_id: int | None = None
        self.began = 0.0
        self.stopped = False

    def begin(self) -> None:
        self.thread_id = threading.get_ident()
        self.began = _time_of(self.thread_id)

    def seconds(self) -> float:
        assert self.thread_id is not None, "it has begun"
        return _time_of(self.thread_id) - self.began


class BoundedThread:
    """`seconds` are what one piece of work may take once it has started. Usable again after `close`.

    They are seconds of the thread's own CPU time where the system tells them: on a machine that is busy
    with other things nothing is stopped that would be done in time on a quiet one.
    """

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        self._seconds = seconds
        self._lock = threading.Lock()
        self._current: _Work | None = None
        self._executor: ThreadPoolExecutor | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Raises `Overrun`, and what the work raises. Work that waits is dropped when its caller leaves."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=self._name)
        loop = asyncio.get_running_loop()
        mark = _Work()

        def bounded() -> T:
            loop.call_soon_threadsafe(loop.call_later, self._seconds, self._stop, loop, mark)
            return self._marked(mark, work)

        return await loop.run_in_executor(self._executor, bounded)

    def close(self) -> None:
        """Stops what runs and drops what waits."""
        with self._lock:
            self._raise_in_thread()
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None

    def _marked(self, mark: _Work, work: Callable[[], T]) -> T:
        try:
            with self._lock:
                mark.begin()
                self._current = mark
            return work()
        except _Stop:
            raise Overrun from None
        finally:
            self._end(mark)

    def _end(self, mark: _Work) -> None:
        """From here on nothing is raised in the thread, and what was on its way has been."""
        while self._current is mark:
            try:
                with self._lock:
                    self._current = None
            except _Stop:
                continue
        if mark.stopped:
            _await_exception()

    def _stop(self, loop: asyncio.AbstractEventLoop, mark: _Work) -> None:
        with self._lock:
            if self._current is not mark:
                return
            left = self._seconds - mark.seconds()
            if left <= 0:
                self._raise_in_thread()
        loop.call_later(max(left, AGAIN_SECONDS), self._stop, loop, mark)

    def _raise_in_thread(self) -> None:
        if self._current is not None and self._current.thread_id is not None:
            self._current.stopped = True
            _set_exception(self._current.thread_id, _Stop)


def _time_of(thread_id: int) -> float:
    """CPU seconds of a thread; where they cannot be had, the clock's."""
    if hasattr(time, "pthread_getcpuclockid"):
        return time.clock_gettime(time.pthread_getcpuclockid(thread_id))
    return time.monotonic()


def _await_exception() -> None:
    """One that was on its way must not hit the next work, and cannot be taken back: the interpreter would go
    on looking for it before every step of every thread (CPython 3.11). So another takes its place and is
    waited for.
    """
    try:
        while True:
            _set_exception(threading.get_ident(), _Stop)
            time.sleep(0)
    except _Stop:
        return


def _set_exception(thread_id: int, exception: type[BaseException]) -> None:
    """Raised in that thread before its next step of Python."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(exception))
