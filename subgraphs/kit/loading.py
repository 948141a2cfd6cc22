"""Loaders over services: what is asked for one key at a time is asked of the service for many.

    followers = page_loader(profiles.list_followers)
    page = await followers.load((user_id, window))

Keys that are asked for in the same turn of the event loop are one call; a key is asked for once. A loader
lives as long as its request. Keys of list fields are `(parent, page)`: parents that ask for the same page
share a statement, whatever their number. There is one task per call of the service, none per key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Hashable, Iterable, Mapping, Sequence
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


class Batch:
    """Keys that are one call of the service. Whoever waits for it has a future of their own."""

    __slots__ = ("_calls", "_waiting", "entries", "is_answered", "keys")

    def __init__(self) -> None:
        self.keys: list[Any] = []
        self.entries: list[Entry] = []
        self.is_answered = False
        self._waiting: list[asyncio.Future[None]] = []
        self._calls: list[Callable[[], None]] = []

    async def answered(self) -> None:
        if not self.is_answered:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future

    def when_answered(self, call: Callable[[], None]) -> None:
        if self.is_answered:
            call()
        else:
            self._calls.append(call)

    def end(self) -> None:
        self.is_answered = True
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        for call in self._calls:
            call()


class Entry:
    """A key that was asked for, and what came of it once its batch is answered."""

    __slots__ = ("batch", "error", "futures", "is_wanted", "value")

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.value: Any = None
        self.error: Exception | None = None
        self.futures: list[asyncio.Future[Any]] | None = None
        self.is_wanted = False
        """By a resolver, who has no future that could be cancelled."""

    def is_given_up(self) -> bool:
        return not self.is_wanted and all(future.cancelled() for future in self.futures or ())

    def settle(self) -> None:
        for future in self.futures or ():
            if not future.done():
                self.give(future)
        self.futures = None

    def give(self, future: asyncio.Future[Any]) -> None:
        if self.error is not None:
            future.set_exception(self.error)
        else:
            future.set_result(self.value)


class Asked:
    """What a resolver answers with: a value that is still to come, and what is made of it.

    GraphQL's execution waits for a batch once and takes all of its values then, with no future for each;
    anybody else may await it.
    """

    __slots__ = ("entry", "is_optional", "make")

    def __init__(self, entry: Entry, make: Make | None, *, is_optional: bool = False) -> None:
        """`is_optional`: nothing is made of nothing."""
        self.entry = entry
        self.make = make
        self.is_optional = is_optional

    def value(self) -> Any:
        """Of a batch that is answered, and did not fail. Raises what `make` raises."""
        value, make = self.entry.value, self.make
        return value if make is None or (value is None and self.is_optional) else make(value)

    def __await__(self) -> Generator[Any, None, Any]:
        yield from self.entry.batch.answered().__await__()
        if self.entry.error is not None:
            raise self.entry.error
        return self.value()


_running: set[asyncio.Task[None]] = set()
"""Calls of services that somebody waits for: the event loop itself holds its tasks weakly."""


class Loader(Generic[Key, Value]):
    """Made by the dozen for each request, of which few are asked: little is made with it."""

    _open: Batch | None = None

    def __init__(self, load_many: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]) -> None:
        """`load_many` answers its keys in their order, at most BATCH at once."""
        self._load_many = load_many
        self._entries: dict[Key, Entry] = {}

    def load(self, key: Key) -> asyncio.Future[Value]:
        """Raises what the service raised, to everybody who asks for the key."""
        entry = self._entries.get(key) or self._ask(key)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if entry.batch.is_answered:
            entry.give(future)
        elif entry.futures is None:
            entry.futures = [future]
        else:
            entry.futures.append(future)
        return future

    @overload
    def answer(self, key: Key) -> Value: ...
    @overload
    def answer(self, key: Key, make: Callable[[Value], Result]) -> Result: ...
    def answer(self, key: Key, make: Callable[[Any], Any] | None = None) -> Any:
        """What a resolver returns: what `make` makes of the value. It is `Asked`, which GraphQL waits for
        without a coroutine, a task or a future for each object.

            def images(self, info: PostsInfo) -> list[PostImage]:
                return info.context.loaders.images.answer(self.record.id, image_types)
        """
        entry = self._entries.get(key) or self._ask(key)
        entry.is_wanted = True
        return Asked(entry, make)

    def found(self: Loader[Key, Some | None], key: Key, make: Callable[[Some], Result]) -> Result | None:
        """As `answer`, but nothing is made of nothing."""
        entry: Any = self._entries.get(key) or self._ask(key)
        entry.is_wanted = True
        asked: Any = Asked(entry, make, is_optional=True)
        found: Result | None = asked
        return found

    async def load_many(self, keys: Iterable[Key]) -> list[Value]:
        """In the order of the keys."""
        return list(await asyncio.gather(*map(self.load, keys)))

    def _ask(self, key: Key) -> Entry:
        batch = self._open
        if batch is None or len(batch.keys) == BATCH:
            batch = self._open = Batch()
            loop = asyncio.get_running_loop()
            loop.call_soon(self._wait, loop, batch, TURNS)
        entry = self._entries[key] = Entry(batch)
        batch.keys.append(key)
        batch.entries.append(entry)
        return entry

    def _wait(self, loop: asyncio.AbstractEventLoop, batch: Batch, turns: int) -> None:
        """Parents that came from one answer are at most a few turns apart."""
        if turns:
            loop.call_soon(self._wait, loop, batch, turns - 1)
            return
        if self._open is batch:
            self._open = None
        task = loop.create_task(self._answer(batch))
        _running.add(task)
        task.add_done_callback(_running.discard)

    async def _answer(self, batch: Batch) -> None:
        if all(entry.is_given_up() for entry in batch.entries):
            for key in batch.keys:
                del self._entries[key]
            return
        try:
            for entry, value in zip(batch.entries, await self._load_many(batch.keys), strict=True):
                entry.value = value
        except Exception as error:  # noqa: BLE001 -- it belongs to those who asked
            for entry in batch.entries:
                entry.error = error
        batch.end()
        for entry in batch.entries:
            if entry.futures is not None:
                entry.settle()


def loader(load: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]]) -> Loader[Key, Value | None]:
    """None for a key that the service has nothing for."""

    async def load_many(keys: Sequence[Key]) -> list[Value | None]:
        found = await load(keys)
        return list(map(found.get, keys))

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
            return list(map(pages.__getitem__, group))
        answers = await asyncio.gather(*(load(group, page) for page, group in parents.items()))
        found = dict(zip(parents, answers, strict=True))
        return [found[page][parent] for parent, page in keys]

    return Loader(load_many)
