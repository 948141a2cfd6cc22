"""Blocks that are entered one after the other and left at the same time."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")


class LeftTogether:
    """What one domain waits for at its end is no reason for the others to go on: twenty domains that take a
    second each to stop have stopped after a second.
    """

    def __init__(self) -> None:
        self._entered: list[AsyncExitStack] = []

    async def enter(self, block: AbstractAsyncContextManager[T]) -> T:
        stack = AsyncExitStack()
        value = await stack.enter_async_context(block)
        self._entered.append(stack)
        return value

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises the first thing that one of them raised, when all have been left."""
        left = await asyncio.gather(*(stack.aclose() for stack in self._entered), return_exceptions=True)
        for raised in left:
            if isinstance(raised, BaseException):
                raise raised
