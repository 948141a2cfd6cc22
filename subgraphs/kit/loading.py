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
from typing import Any, Generic, TypeVar, overload

from subgraphs.kit.pages import Page, PageRequest

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Some = TypeVar("Some")
Result = TypeVar("Result")
Make = Callable[[Any], Any]
BATCH = 1000
TURNS = 2
"""Of the event loop that are waited for more keys: a turn costs microseconds, a statement hundreds."""


@dataclass(slots=True)
class _Entry(Generic[Value]):
    """A key that was asked for: whoever waits, each with a future of their own (one who gives up takes
    nothing from the others), and what came of it.
    """

    waiting: list[tuple[asyncio.Future[Any], Make | None]] = field(default_factory=list)
    value: Value | None = None
    error: Exception | None = None
    is_settled: bool = False

    def settled(self, value: Value | None, error: Exception | None = None) -> None:
        self.value, self.error, self.is_settled = value, error, True
        for future, make in self.waiting:
            if not future.done():
                self.settle(future, make)
        self.waiting.clear()

    def settle(self, future: asyncio.Future[Any], make: Make | None) -> None:
        if self.error is not None:
            future.set_exception(self.error)
        elif make is None:
            future.set_result(self.value)
        else:
            try:
                future.set_result(make(self.value))
            except Exception as error:  # noqa: BLE001 -- it belongs to who asked
                future.set_exception(error)


class Loader(Generic[Key, Value]):
    def __init__(self, load_many: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]) -> None:
        """`load_many` answers its keys in their order, at most BATCH at once."""
        self._load_many = load_many
        self._entries: dict[Key, _Entry[Value]] = {}
        self._unasked: list[Key] = []
        self._running: set[asyncio.Task[None]] = set()

    def load(self, key: Key) -> asyncio.Future[Value]:
        """Raises what the service raised, to everybody who asks for the key."""
        return self._asked(key, None)

    @overload
    def answer(self, key: Key) -> Value: ...
    @overload
    def answer(self, key: Key, make: Callable[[Value], Result]) -> Result: ...
    def answer(self, key: Key, make: Callable[[Any], Any] | None = None) -> Any:
        """What a resolver returns: what `make` makes of the value. It is a future of it, which GraphQL waits
        for without a coroutine and a task for each object.

            def images(self, info: PostsInfo) -> list[PostImage]:
                return info.context.loaders.images.answer(self.record.id, image_types)
        """
        return self._asked(key, make)

    def found(self: Loader[Key, Some | None], key: Key, make: Callable[[Some], Result]) -> Result | None:
        """As `answer`, but nothing is made of nothing."""
        return self.answer(key, lambda value: None if value is None else make(value))

    def _asked(self, key: Key, make: Make | None) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry()
            if not self._unasked:
                loop.call_soon(self._wait, loop, TURNS)
            self._unasked.append(key)
        if entry.is_settled:
            entry.settle(future, make)
        else:
            entry.waiting.append((future, make))
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
        if all(future.cancelled() for key in keys for future, _ in self._entries[key].waiting):
            for key in keys:
                del self._entries[key]
            return
        try:
            for key, value in zip(keys, await self._load_many(keys), strict=True):
                self._entries[key].settled(value)
        except Exception as error:  # noqa: BLE001 -- it belongs to those who asked
            for key in keys:
                self._entries[key].settled(None, error)


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
