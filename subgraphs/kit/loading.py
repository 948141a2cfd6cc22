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
from itertools import repeat
from operator import attrgetter
from typing import Any, Generic, TypeVar, overload

import msgspec

from subgraphs.kit.pages import Page, PageRequest

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Some = TypeVar("Some")
Result = TypeVar("Result")
Make = Callable[[Any], Any]
BATCH = 1000
TURNS = 2
"""Of the event loop that are waited for more keys, since parents that came from one answer are a few turns
apart: a turn costs microseconds, a statement hundreds.
"""


class Batch:
    """Keys that are one call of the service. Whoever waits for it has a future of their own."""

    __slots__ = ("_calls", "_waiting", "entries", "error", "is_answered", "is_wanted")

    def __init__(self) -> None:
        self.entries: dict[Any, Entry] = {}
        """By key, in the order in which they were asked for."""
        self.is_answered = False
        self.is_wanted = False
        """By a resolver, who has no future that could be cancelled."""
        self.error: Exception | None = None
        """What the call raised: no key of it has a value."""
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


class Entry(msgspec.Struct, eq=False):
    """A key that was asked for, and what came of it once its batch is answered."""

    batch: Batch
    value: Any = None
    futures: list[asyncio.Future[Any]] | None = None

    def is_given_up(self) -> bool:
        return all(future.cancelled() for future in self.futures or ())

    def settle(self) -> None:
        for future in self.futures or ():
            if not future.done():
                self.give(future)
        self.futures = None

    def give(self, future: asyncio.Future[Any]) -> None:
        if self.batch.error is not None:
            future.set_exception(self.batch.error)
        else:
            future.set_result(self.value)


class Asked(msgspec.Struct, eq=False):
    """What a resolver answers with: a value that is still to come, and what is made of it.

    GraphQL's execution waits for a batch once and takes all of its values then, with no future for each;
    anybody else may await it.
    """

    entry: Entry
    make: Make | None
    is_optional: bool = False
    """Nothing is made of nothing."""

    def value(self) -> Any:
        """Of a batch that is answered, and did not fail. Raises what `make` raises."""
        value, make = self.entry.value, self.make
        return value if make is None or (value is None and self.is_optional) else make(value)

    def __await__(self) -> Generator[Any, None, Any]:
        batch = self.entry.batch
        yield from batch.answered().__await__()
        if batch.error is not None:
            raise batch.error
        return self.value()


def batches_of(asked: Iterable[Asked]) -> set[Batch]:
    return set(map(_BATCH, asked))


def values_of(asked: Sequence[Asked]) -> list[Any]:
    """Of batches that are answered, and did not fail: in C where the same is made of all. Raises what `make`
    raises.
    """
    makes = set(map(_MAKE, asked))
    if len(makes) > 1:
        return [each.value() for each in asked]
    values, make = list(map(_VALUE, asked)), makes.pop()
    if make is None:
        return values
    if None in values and any(map(_IS_OPTIONAL, asked)):
        return [each.value() for each in asked]
    return list(map(make, values))


_BATCH, _VALUE = attrgetter("entry.batch"), attrgetter("entry.value")
_MAKE, _IS_OPTIONAL = attrgetter("make"), attrgetter("is_optional")

_running: set[asyncio.Task[None]] = set()
"""Calls of services that somebody waits for: the event loop itself holds its tasks weakly."""


class Loader(msgspec.Struct, Generic[Key, Value], eq=False):
    """Made by the dozen for each request, of which few are asked: little is made with it."""

    ask: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]
    """Answers its keys in their order, at most BATCH at once."""
    _entries: dict[Key, Entry] = msgspec.field(default_factory=dict)
    _open: Batch | None = None

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
        entry.batch.is_wanted = True
        return Asked(entry, make)

    def found(self: Loader[Key, Some | None], key: Key, make: Callable[[Some], Result]) -> Result | None:
        """As `answer`, but nothing is made of nothing."""
        entry: Any = self._entries.get(key) or self._ask(key)
        entry.batch.is_wanted = True
        asked: Any = Asked(entry, make, True)
        found: Result | None = asked
        return found

    async def load_many(self, keys: Iterable[Key]) -> list[Value]:
        """In the order of the keys."""
        return list(await asyncio.gather(*map(self.load, keys)))

    def found_all(
        self: Loader[Key, Some | None], keys: Sequence[Key], make: Callable[[Some], Result]
    ) -> list[Result | None]:
        """As `found` for each of the keys, in C where they were not asked for before."""
        new = [key for key in dict.fromkeys(keys) if key not in self._entries]
        while new:
            batch = self._opened()
            room = BATCH - len(batch.entries)
            made = dict(zip(new[:room], map(Entry, repeat(batch)), strict=False))
            batch.entries |= made
            self._entries |= made
            new = new[room:]
        found: Any = list(map(Asked, map(self._entries.__getitem__, keys), repeat(make), repeat(True)))
        for batch in batches_of(found):
            batch.is_wanted = True
        answers: list[Result | None] = found
        return answers

    def _ask(self, key: Key) -> Entry:
        batch = self._open
        if batch is None or len(batch.entries) >= BATCH:
            batch = self._opened()
        entry = self._entries[key] = batch.entries[key] = Entry(batch)
        return entry

    def _opened(self) -> Batch:
        """What still takes keys."""
        batch = self._open
        if batch is None or len(batch.entries) >= BATCH:
            batch = self._open = Batch()
            loop = asyncio.get_running_loop()
            soon: Any = loop.call_soon
            soon(*(soon,) * TURNS, self._begin, loop, batch)  # a turn for each, without a call of Python's
        return batch

    def _begin(self, loop: asyncio.AbstractEventLoop, batch: Batch) -> None:
        if self._open is batch:
            self._open = None
        task = loop.create_task(self._answer(batch))
        _running.add(task)
        task.add_done_callback(_running.discard)

    async def _answer(self, batch: Batch) -> None:
        entries = batch.entries.values()
        if not batch.is_wanted and all(entry.is_given_up() for entry in entries):
            for key in batch.entries:
                del self._entries[key]
            return
        try:
            for entry, value in zip(entries, await self.ask(list(batch.entries)), strict=True):
                entry.value = value
        except Exception as error:  # noqa: BLE001 -- it belongs to those who asked
            batch.error = error
        batch.end()
        if any(map(_FUTURES, entries)):
            for entry in entries:
                entry.settle()


_FUTURES = attrgetter("futures")


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


class made_once(Generic[Value]):
    """Of an object, when it is first asked for: `functools.cached_property` without the lock that it takes up
    to Python 3.11. For the loaders of a request, which are many, and few of them asked.
    """

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, owner: Any, _kind: type) -> Value:
        made = owner.__dict__[self._name] = self._make(owner)
        return made
