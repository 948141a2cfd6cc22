"""Who is told of statements: nobody, unless what sends them is watched (`subgraphs/kit/telemetry`)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Protocol


class StatementWatch(Protocol):
    def statement(self, kind: str, text: Callable[[], str]) -> AbstractContextManager[None]:
        """Around one statement. `kind` is its first word in lower case; `text` has no values in it, and is
        made only when it is asked for.
        """


WATCH: ContextVar[StatementWatch | None] = ContextVar("statement_watch", default=None)


def kind_of(text: str) -> str:
    """`select` of `SELECT …`."""
    return text.lstrip().partition(" ")[0].lower()[:20]
