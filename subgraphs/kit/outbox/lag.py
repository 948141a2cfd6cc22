"""How far a consumer is behind what the others say: for operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from db.redis import RedisStore

NEVER_READ = "0-0"


@dataclass(frozen=True, slots=True)
class Lag:
    """`messages`: None where Redis does not know it, as after entries were taken from within a stream."""

    messages: int | None
    seconds: float
    """The age of the oldest message that it has not heard; 0 when it has heard all."""


async def lag_of(redis: RedisStore, consumer: str, streams: Sequence[str]) -> Lag:
    """Of all its streams together. Three commands for each; nothing is read but numbers and one entry.
    Raises StoreUnavailable.
    """
    async with redis.use() as client:
        seconds, _ = await client.time()
        parts = [await _lag(client, consumer, stream, int(seconds)) for stream in streams]
    known = [part.messages for part in parts if part.messages is not None]
    total = sum(known) if len(known) == len(parts) else None
    return Lag(total, max((part.seconds for part in parts), default=0.0))


async def _lag(client: Redis, consumer: str, stream: str, now: int) -> Lag:
    try:
        groups: list[dict[str, Any]] = await client.xinfo_groups(stream)
    except ResponseError:  # No such stream: nobody has said anything yet.
        return Lag(0, 0.0)
    group = next((one for one in groups if one["name"] == consumer.encode()), None)
    read = group["last-delivered-id"].decode() if group else NEVER_READ
    waiting = group.get("lag") if group else await client.xlen(stream)
    unheard: Any = await client.xrange(stream, f"({read}", count=1)
    ids = [entry.decode() for entry, _ in unheard]
    taken = 0
    if group and group["pending"]:
        taken = group["pending"]
        ids.append((await client.xpending(stream, consumer))["min"].decode())
    began = min((int(one.partition("-")[0]) // 1000 for one in ids), default=now)
    return Lag(None if waiting is None else waiting + taken, float(max(0, now - began)))
