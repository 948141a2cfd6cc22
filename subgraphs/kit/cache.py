"""Cache-aside over Redis: read here, else from the store, which is always right.

    profiles = Cache(redis, "user", "profile", ttl=PROFILE_SECONDS, load=repository.find)
    profile = await profiles.get(user_id)
    …after the commit of a write…
    await profiles.invalidate(user_id)

Keys are seed 002's: `plait:{service}:{entity}:{id}` and `plait:{service}:{entity}:list:{params_hash}`. A
Redis that is away, slow or full, or holds what we cannot read, means reading the store: never an error.

Of many who miss one key at once in a process, one loads and the others wait for it; a TTL is spread by a
tenth, so that what was filled together does not expire together. An invalidation notes a version in front
of the key for as long as a load may take, and what a load that began before it brings is not kept: a reader
that was overtaken by a write cannot put the old value back.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from db.errors import StoreUnavailable
from db.redis import RedisStore

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
if (redis.call('GET', KEYS[2]) or '') == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
"""
Value = TypeVar("Value")


class Cache(Generic[Value]):
    """`kind` is the type of a value: a msgspec-able one (dataclass, Struct, list of them). None is not
    kept.
    """

    def __init__(
        self,
        redis: RedisStore,
        service: str,
        entity: str,
        kind: type[Value],
        load: Callable[[str], Awaitable[Value | None]],
        *,
        seconds: int,
    ) -> None:
        self._redis = redis
        self._prefix = f"plait:{service}:{entity}"
        self._decoder = msgspec.json.Decoder(kind)
        self._load = load
        self._seconds = seconds
        self._loading: dict[str, asyncio.Task[Value | None]] = {}

    async def get(self, identifier: str) -> Value | None:
        """From Redis, else loaded and kept. Raises what `load` raises."""
        found = await self._find(identifier)
        if found is not None:
            return found
        task = self._loading.get(identifier)
        if task is None:
            task = asyncio.create_task(self._fill(identifier))
            self._loading[identifier] = task
            task.add_done_callback(lambda done: self._loaded(identifier, done))
        return await asyncio.shield(task)

    def _loaded(self, identifier: str, task: asyncio.Task[Value | None]) -> None:
        """An invalidation may have made room for a newer load; an error is for those who wait, if any do."""
        if self._loading.get(identifier) is task:
            del self._loading[identifier]
        if not task.cancelled():
            task.exception()

    async def invalidate(self, *identifiers: str) -> None:
        """After the commit. When Redis is away the old value stays until its TTL at most: the reason TTLs are
        short.
        """
        try:
            await self.drop(*identifiers)
        except StoreUnavailable:
            return

    async def drop(self, *identifiers: str) -> None:
        """As `invalidate`, for a job that does it again: raises StoreUnavailable when Redis is away."""
        for identifier in identifiers:
            self._loading.pop(identifier, None)
        async with self._redis.use() as client, client.pipeline(transaction=True) as sending:
            for identifier in identifiers:
                sending.set(self._version(identifier), secrets.token_hex(8), ex=LOAD_SECONDS)
                sending.delete(self._key(identifier))
            await sending.execute()

    async def _find(self, identifier: str) -> Value | None:
        try:
            async with self._redis.use() as client:
                kept = await client.get(self._key(identifier))
            return None if kept is None else self._decoder.decode(kept)
        except (StoreUnavailable, msgspec.DecodeError):
            return None

    async def _fill(self, identifier: str) -> Value | None:
        version = await self._version_now(identifier)
        value = await self._load(identifier)
        if value is None or version is None:
            return value
        seconds = max(1, round(self._seconds * random.uniform(1 - SPREAD, 1 + SPREAD)))  # noqa: S311
        try:
            async with self._redis.use() as client:
                keys = (self._key(identifier), self._version(identifier))
                kept: Any = client.eval(KEEP, 2, *keys, version, msgspec.json.encode(value), seconds)
                await kept
        except StoreUnavailable:
            pass
        return value

    async def _version_now(self, identifier: str) -> bytes | None:
        """None when Redis is away: then nothing is kept."""
        try:
            async with self._redis.use() as client:
                version: Any = await client.get(self._version(identifier))
            return bytes(version or b"")
        except StoreUnavailable:
            return None

    def _key(self, identifier: str) -> str:
        return f"{self._prefix}:{identifier}"

    def _version(self, identifier: str) -> str:
        return f"{self._prefix}:{identifier}:version"


def list_id(parameters: Mapping[str, object]) -> str:
    """The identifier of a list: the same parameters give the same one, in whatever order they stand."""
    text = msgspec.json.encode(parameters, order="sorted")
    return f"list:{hashlib.sha256(text).hexdigest()[:32]}"
