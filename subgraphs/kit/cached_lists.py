"""Lists that everybody sees alike: seed 002's `aqstream:{service}:{entity}:list:{params_hash}`.

    listed = CachedLists(redis, "event", "events", Page[Event], seconds=TTL_SECONDS["public_list"])
    page = await listed.get({"wanted": wanted, "first": 20}, load)
    …after the commit of what changes one of them…
    await listed.invalidate()

Beside each list is the generation it was loaded in; an invalidation begins another one, and whatever was
loaded before, or is being loaded, is out with it, however many lists there are. The rest is as in
kit/cache.py: the store is read when Redis is away, one load for all who miss a list at once, of the primary.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from redis.asyncio import Redis

from db.errors import StoreUnavailable
from db.redis import RedisStore
from subgraphs.kit.cache import LOAD_SECONDS, PREFIX, of_the_primary, spread
from subgraphs.kit.patience import PatientRedis

Value = TypeVar("Value")


class CachedLists(Generic[Value]):
    """`kind` is the type of a list: a msgspec-able one."""

    def __init__(
        self, redis: RedisStore, service: str, entity: str, kind: type[Value], *, seconds: int
    ) -> None:
        self._redis = redis
        self._patient = PatientRedis(redis)
        self._prefix = f"{PREFIX}:{service}:{entity}"
        self._decoder: msgspec.json.Decoder[tuple[str, Value]]
        self._decoder = msgspec.json.Decoder(tuple[str, kind])  # type: ignore[valid-type]
        self._seconds = seconds
        self._loading: dict[tuple[str, str | None], asyncio.Task[Value]] = {}
        self._unheard_until = 0.0

    async def get(self, parameters: Mapping[str, object], load: Callable[[], Awaitable[Value]]) -> Value:
        """The list that these parameters say, all of them. Raises what `load` raises."""
        key = f"{self._prefix}:{list_id(parameters)}"
        kept, generation = await self._find(key)
        if kept is not None and kept[0] == generation:
            return kept[1]
        wanted = (key, generation)
        task = self._loading.get(wanted)
        if task is None:
            task = asyncio.create_task(self._fill(key, generation, load))
            self._loading[wanted] = task
            task.add_done_callback(lambda done: self._loaded(wanted, done))
        return await asyncio.shield(task)

    async def invalidate(self) -> None:
        """After the commit. What Redis does not hear is made up for before this process reads it again."""
        self._loading.clear()
        try:
            await self._begin_generation()
        except StoreUnavailable:
            self._unheard_until = time.monotonic() + self._lifetime

    @property
    def _lifetime(self) -> int:
        """A generation outlives all lists of the one before it."""
        return 2 * self._seconds + LOAD_SECONDS

    async def _begin_generation(self) -> None:
        async with self._redis.use() as client:
            await client.set(f"{self._prefix}:generation", secrets.token_hex(8), ex=self._lifetime)
        self._unheard_until = 0.0

    async def _find(self, key: str) -> tuple[tuple[str, Value] | None, str | None]:
        """The list with its generation, and the one that is; None for that when Redis is away."""
        try:
            async with self._patient.use() as client:
                if self._unheard_until > time.monotonic():
                    await self._begin_generation()
                kept, generation = await self._both(client, key)
        except StoreUnavailable:
            return None, None
        try:
            return None if kept is None else self._decoder.decode(kept), generation
        except msgspec.DecodeError:
            return None, generation

    async def _both(self, client: Redis, key: str) -> tuple[bytes | None, str]:
        answers: Sequence[Any] = await client.mget(key, f"{self._prefix}:generation")
        return answers[0], (answers[1] or b"").decode()

    async def _fill(self, key: str, generation: str | None, load: Callable[[], Awaitable[Value]]) -> Value:
        value = await of_the_primary(load)
        if generation is None:
            return value
        try:
            async with self._patient.use() as client:
                await client.set(key, msgspec.json.encode((generation, value)), ex=spread(self._seconds))
        except StoreUnavailable:
            pass
        return value

    def _loaded(self, wanted: tuple[str, str | None], task: asyncio.Task[Value]) -> None:
        if self._loading.get(wanted) is task:
            del self._loading[wanted]
        if not task.cancelled():
            task.exception()


def list_id(parameters: Mapping[str, object]) -> str:
    """The identifier of a list: the same parameters give the same one, in whatever order they stand."""
    text = msgspec.json.encode(parameters, order="sorted")
    return f"list:{hashlib.sha256(text).hexdigest()[:32]}"
