"""Who is told of what is sent to stores and peers: nobody, unless it is watched (`subgraphs/kit/telemetry`).

Unwatched, a statement, a command and a request pay for one look into the context.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Protocol, TypeVar

T = TypeVar("T")


class CallSpan(Protocol):
    @property
    def carried(self) -> Mapping[str, str]:
        """Headers that make what is asked part of the trace."""

    def end(self, error: str | None = None) -> None:
        """`error` is the kind of what went wrong. Never values."""


class StoreWatch(Protocol):
    def statement(self, kind: str, text: Callable[[], str]) -> AbstractContextManager[None]:
        """Around one statement. `kind` is its first word in lower case; `text` has no values in it, and is
        made only when it is asked for.
        """

    def call(self, system: str, operation: str) -> CallSpan | None:
        """One command of another store, or one question to a peer; None when nobody traces."""


WATCH: ContextVar[StoreWatch | None] = ContextVar("store_watch", default=None)


def begin_call(system: str, operation: str) -> CallSpan | None:
    watch = WATCH.get()
    return None if watch is None else watch.call(system, operation)


async def until_done(span: CallSpan, answer: Awaitable[T]) -> T:
    """The answer, with the span ended when it is there."""
    try:
        found = await answer
    except BaseException as error:
        span.end(type(error).__name__)
        raise
    span.end()
    return found


def kind_of(text: str) -> str:
    """`select` of `SELECT …`."""
    return text.lstrip().partition(" ")[0].lower()[:20]
