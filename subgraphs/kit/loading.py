"""Loaders over services: what is asked for one key at a time is asked of the service for many.

    followers = page_loader(profiles.list_followers)
    page = await followers.load((user_id, window))

Keys that are asked for in the same turn of the event loop are one call; a key is asked for once. A loader
lives as long as its request. Keys of list fields are `(parent, page)`: parents that ask for the same page
share a statement, whatever their number. There is one task per call of the service, none per key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import methodcaller
from typing import Generic, TypeVar

from subgraphs.kit.pages import Page, PageRequest

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
BATCH = 1000
TURNS = 2
"""Of the event loop that are waited for more keys: a turn costs microseconds, a statement hundreds."""


@dataclass(slots=True)
class _Entry(Generic[Value]):
    """A key that was asked for: whoever waits, each with a future of their own (one who gives up takes
    nothing from the others), and what came of it.
    """

    waiting: list[asyncio.Future[Value]] = field(default_factory=list)
    settle: Callable[[asyncio.Future[Value]], None] | None = None

    def settled(self, settle: Callable[[asyncio.Future[Value]], None]) -> None:
        self.settle = settle
        for future in self.waiting:
            if not future.done():
                settle(future)
        self.waiting.clear()


class Loader(Generic[Key, Value]):
    def __init__(self, load_many: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]) -> None:
        """`load_many` answers its keys in their order, at most BATCH at once."""
        self._load_many = load_many
        self._entries: dict[Key, _Entry[Value]] = {}
        self._unasked: list[Key] = []
        self._running: set[asyncio.Task[None]] = set()

    def load(self, key: Key) -> asyncio.Future[Value]:
        """Raises what the service raised, to everybody who asks for the key."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Value] = loop.create_future()
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry()
            if not self._unasked:
                loop.call_soon(self._wait, loop, TURNS)
            self._unasked.append(key)
        if entry.settle is None:
            entry.waiting.append(future)
        else:
            entry.settle(future)
        return future

    async def load_many(self, keys: Iterable[Key]) -> list[Value]:
        """In the order of the keys."""
        return list(await asyncio.gather(*map(self.load, keys)))

    def _wait(self, loop: asyncio.AbstractEventLoop, turns: int) -> None:
        """Parents that came from one answer are at most a few turns apart."""
        if turns:
            loop.call_soon(self._wait, loop, turns - 1)
        else:
            self._start()

    def _start(self) -> None:
        keys, self._unasked = self._unasked, []
        for start in range(0, len(keys), BATCH):
            task = asyncio.ensure_future(self._answer(keys[start : start + BATCH]))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _answer(self, keys: list[Key]) -> None:
        if all(future.cancelled() for key in keys for future in self._entries[key].waiting):
            for key in keys:
                del self._entries[key]
            return
        try:
            for key, value in zip(keys, await self._load_many(keys), strict=True):
                self._entries[key].settled(methodcaller("set_result", value))
        except Exception as error:  # noqa: BLE001 -- it belongs to those who asked
            for key in keys:
                self._entries[key].settled(methodcaller("set_exception", error))


def loader(load: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]]) -> Loader[Key, Value | None]:
    """None for a key that the service has nothing for."""

    async def load_many(keys: Sequence[Key]) -> list[Value | None]:
        found = await load(keys)
        return [found.get(key) for key in keys]

    return Loader(load_many)


def page_loader(
    load: Callable[[Sequence[Key], PageRequest], Awaitable[Mapping[Key, Page[Value]]]],
) -> Loader[tuple[Key, PageRequest], Page[Value]]:
    """One call for each distinct page that is asked for (usually one, however many parents)."""

    async def load_many(keys: Sequence[tuple[Key, PageRequest]]) -> list[Page[Value]]:
        parents: dict[PageRequest, list[Key]] = {}
        for parent, page in keys:
            parents.setdefault(page, []).append(parent)
        if len(parents) == 1:
            ((only, group),) = parents.items()
            pages = await load(group, only)
            return [pages[parent] for parent in group]
        answers = await asyncio.gather(*(load(group, page) for page, group in parents.items()))
        found = dict(zip(parents, answers, strict=True))
        return [found[page][parent] for parent, page in keys]

    return Loader(load_many)
