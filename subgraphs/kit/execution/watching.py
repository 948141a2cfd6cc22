"""Who is told of resolvers: nobody, unless the request is watched (`kit/telemetry`).

A field is resolved for all its objects at once; that is one span, from the first call to the last value. What
a resolver waits for runs inside of it, so statements know which resolver sent them.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Coroutine
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any, Protocol

from subgraphs.kit.loading import Asked


class ResolverSpan(Protocol):
    def inside(self) -> AbstractContextManager[None]:
        """What is called in the block belongs to the resolver. May be entered again and again."""

    def end(self) -> None: ...


class ResolverWatch(Protocol):
    def resolver(self, parent: str, field: str, objects: int) -> ResolverSpan:
        """One field of a type, for so many objects."""


WATCH: ContextVar[ResolverWatch | None] = ContextVar("resolver_watch", default=None)


class Following:
    """Ends a span with the last of a field's values. `begun` are coroutines that have one around them."""

    def __init__(self, span: ResolverSpan, begun: list[Coroutine[Any, Any, Any]]) -> None:
        self._span = span
        self._begun = begun
        self._left = 1

    def value(self, value: Any) -> Any:
        if inspect.iscoroutine(value):
            self._left += 1
            self._begun.append(value)
            return self._followed(value)
        if type(value) is Asked:
            self._left += 1
            value.entry.batch.when_answered(self.less)
        elif asyncio.isfuture(value):
            self._left += 1
            value.add_done_callback(lambda _: self.less())
        return value

    def less(self) -> None:
        self._left -= 1
        if not self._left:
            self._span.end()

    async def _followed(self, value: Coroutine[Any, Any, Any]) -> Any:
        try:
            with self._span.inside():
                return await value
        finally:
            self.less()
