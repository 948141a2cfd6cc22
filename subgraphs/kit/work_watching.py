"""Who is told of a worker's pieces: nobody, unless it is watched (`kit/telemetry/work.py`).

A *piece* is a job, one run of what is done every so often, or a message that is heard. How it ended is how
its block ends, so a piece is around its transaction: what could not be committed was not done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

Outcome = Literal["worked", "failed"]
Kind = Literal["job", "periodic", "message"]


class WorkWatch(Protocol):
    def piece(self, kind: Kind, task: str) -> AbstractContextManager[None]:
        """Around one piece of the queue, the consumer or the periodic job `task`."""

    def stepped(self, task: str, outcome: Outcome) -> None:
        """A step that had something to do. One that failed raised, and is asked again after a pause."""

    def leads(self, leads: bool) -> None:
        """Whether this process works for the domain; else another does, or none."""


WATCH: ContextVar[WorkWatch | None] = ContextVar("work_watch", default=None)


@contextmanager
def piece(kind: Kind, task: str) -> Iterator[None]:
    watch = WATCH.get()
    if watch is None:
        yield
        return
    with watch.piece(kind, task):
        yield
