"""Cache-aside over Redis: read here, else from the store, which is always right.

    profiles = Cache(redis, "user", "profile", Profile, repository.find, seconds=TTL_SECONDS["profile"])
    found = await profiles.get_many(ids)
    …after the commit of a write…
    await profiles.invalidate(user_id)

Keys are seed 002's: `aqstream:{service}:{entity}:{id}`; its lists are in kit/cached_lists.py. A Redis that is
away, slow or full, or holds what we cannot read, means reading the store: never an error.

Of many who miss one key at once in a process, one loads and the others wait for it; a TTL is spread by a
tenth, so that what was filled together does not expire together. An invalidation notes a version in front
of the key for as long as a load may take, and what a load that began before it brings is not kept: a reader
that was overtaken by a write cannot put the old value back. One that Redis did not hear is made up for before
this process reads the cache again. Loads are of the primary: what a replica does not know yet would stay.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from db.errors import StoreUnavailable
from db.freshness import note_write, request_scope
from db.redis import RedisStore
from subgraphs.kit.patience import PatientRedis

PREFIX = "aqstream"
TTL_SECONDS: Mapping[str, int] = {
    "event": 5 * 60,
    "profile": 15 * 60,
    "public_list": 60,
    "session": 24 * 3600,
    "rate_limit": 60,
}
"""Seed 002's table. Invalidated when: the event changes, the profile changes, something is published or
cancelled, at logout, by itself."""

SPREAD = 0.1
LOAD_SECONDS = 30
"""No load takes longer: statements are cut off at that."""

KEEP = """
for i = 1, #KEYS, 2 do
    if (redis.call('GET', KEYS[i + 1]) or '') == ARGV[i + 1] then
        redis.call('SET', KEYS[i], ARGV[i + 2], 'EX', ARGV[1])
    end
end
"""
"""KEYS: a value's and its version's, in turn. ARGV: seconds, then the version that was read and the value."""
Value = TypeVar("Value")
Load = Callable[[Sequence[str]], Awaitable[Mapping[str, Value]]]


class Cache(Generic[Value]):
    """`kind` is the type of a value: a msgspec-able one (dataclass, Struct, list of them). What `load` does
    not find is not kept.
    """

    def __init__(
        self,
        redis: RedisStore,
        service: str,
        entity: str,
        kind: type[Value],
        load: Load[Value],
        *,
        seconds: int,
    ) -> None:
        self._redis = redis
        self._patient = PatientRedis(redis)
        self._prefix = f"{PREFIX}:{service}:{entity}"
        self._decoder = msgspec.json.Decoder(kind)
        self._load = load
        self._seconds = seconds
        self._loading: dict[str, asyncio.Task[Mapping[str, Value]]] = {}
        self._unheard: dict[str, float] = {}
        """What Redis could not be told of, and until when it may still hold it."""

    async def get(self, identifier: str) -> Value | None:
        """From Redis, else loaded and kept. Raises what `load` raises."""
        return (await self.get_many([identifier])).get(identifier)

    async def get_many(self, identifiers: Sequence[str]) -> Mapping[str, Value]:
        """Those that are there: one question to Redis, and one load for all that it has not."""
        found, versions = await self._find(identifiers)
        missing = [one for one in identifiers if one not in found]
        if missing:
            found |= await self._load_missing(missing, versions)
        return found

    async def invalidate(self, *identifiers: str) -> None:
        """After the commit. With Redis away other processes may read the old value until its TTL at most: the
        reason TTLs are short.
        """
        try:
            await self.drop(*identifiers)
        except StoreUnavailable:
            now = time.monotonic()
            old = now + self._seconds * (1 + SPREAD)
            still = {one: until for one, until in self._unheard.items() if until > now}
            self._unheard = still | dict.fromkeys(identifiers, old)

    async def drop(self, *identifiers: str) -> None:
        """As `invalidate`, for a job that does it again: raises StoreUnavailable when Redis is away."""
        if not identifiers:
            return
        for identifier in identifiers:
            self._loading.pop(identifier, None)
        async with self._redis.use() as client, client.pipeline(transaction=True) as sending:
            for identifier in identifiers:
                sending.set(self._version(identifier), secrets.token_hex(8), ex=LOAD_SECONDS)
                sending.delete(self._key(identifier))
            await sending.execute()

    async def _find(self, identifiers: Sequence[str]) -> tuple[dict[str, Value], Mapping[str, bytes]]:
        """What Redis has, and the versions before any load begins; none when it is away: nothing is kept
        then.
        """
        keys = [*map(self._key, identifiers), *map(self._version, identifiers)]
        try:
            async with self._patient.use() as client:
                await self._make_up()
                answers: Sequence[Any] = await client.mget(keys)
        except StoreUnavailable:
            return {}, {}
        kept, versions = answers[: len(identifiers)], answers[len(identifiers) :]
        found = {one: value for one, value in self._read(identifiers, kept) if value is not None}
        return found, {one: version or b"" for one, version in zip(identifiers, versions, strict=True)}

    def _read(
        self, identifiers: Sequence[str], kept: Sequence[bytes | None]
    ) -> Iterable[tuple[str, Value | None]]:
        for identifier, text in zip(identifiers, kept, strict=True):
            try:
                yield identifier, None if text is None else self._decoder.decode(text)
            except msgspec.DecodeError:
                yield identifier, None

    async def _make_up(self) -> None:
        if self._unheard:
            await self.drop(*self._unheard)
            self._unheard.clear()

    async def _load_missing(
        self, missing: Sequence[str], versions: Mapping[str, bytes]
    ) -> Mapping[str, Value]:
        unasked = [one for one in missing if one not in self._loading]
        if unasked:
            task = asyncio.create_task(self._fill(unasked, versions))
            self._loading |= dict.fromkeys(unasked, task)
            task.add_done_callback(lambda done: self._loaded(unasked, done))
        loaded: dict[str, Value] = {}
        for task in dict.fromkeys(self._loading[one] for one in missing):
            loaded |= await asyncio.shield(task)
        return {one: loaded[one] for one in missing if one in loaded}

    def _loaded(self, identifiers: Sequence[str], task: asyncio.Task[Mapping[str, Value]]) -> None:
        """An invalidation may have made room for a newer load; an error is for those who wait, if any do."""
        for identifier in identifiers:
            if self._loading.get(identifier) is task:
                del self._loading[identifier]
        if not task.cancelled():
            task.exception()

    async def _fill(self, identifiers: Sequence[str], versions: Mapping[str, bytes]) -> Mapping[str, Value]:
        values = await of_the_primary(lambda: self._load(identifiers))
        kept = [(one, versions[one], values[one]) for one in identifiers if one in values and one in versions]
        if not kept:
            return values
        keys = [key for one, _, _ in kept for key in (self._key(one), self._version(one))]
        texts = [text for _, version, value in kept for text in (version, msgspec.json.encode(value))]
        try:
            async with self._patient.use() as client:
                keeping: Any = client.eval(KEEP, len(keys), *keys, spread(self._seconds), *texts)
                await keeping
        except StoreUnavailable:
            pass
        return values

    def _key(self, identifier: str) -> str:
        return f"{self._prefix}:{identifier}"

    def _version(self, identifier: str) -> str:
        return f"{self._prefix}:{identifier}:version"


async def of_the_primary(load: Callable[[], Awaitable[Value]]) -> Value:
    """As after one's own write, whoever asks; in the task that loads, so that nobody's request is marked."""
    with request_scope():
        note_write()
        return await load()


def spread(seconds: int) -> int:
    return max(1, round(seconds * random.uniform(1 - SPREAD, 1 + SPREAD)))  # noqa: S311


def each(load: Callable[[str], Awaitable[Value | None]]) -> Load[Value]:
    """A load of many from one of one."""

    async def load_each(identifiers: Sequence[str]) -> Mapping[str, Value]:
        found = await asyncio.gather(*map(load, identifiers))
        pairs = zip(identifiers, found, strict=True)
        return {identifier: value for identifier, value in pairs if value is not None}

    return load_each
