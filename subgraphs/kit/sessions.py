"""Logins that can be ended: `session:{session_id}` → `{"user_id": …, "expires_at": …}` in Redis.

Seed 000's key and value; beside them the `tenant` that the login acts for and its user's `roles`: a token
that says otherwise is from before a change.
`user:sessions:{user_id}` lists the ids of one user, so that all of them can be ended at once. Whoever asks
decides what a Redis that is away means: `is_live` raises StoreUnavailable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from db.redis import RedisStore

START = """
redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
local time = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', time[1] * 1000)
local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
if last[2] then redis.call('PEXPIREAT', KEYS[2], string.format('%.0f', last[2])) end
"""


class Session(msgspec.Struct, frozen=True, omit_defaults=True):
    user_id: str
    expires_at: datetime
    tenant: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sessions:
    redis: RedisStore

    async def start(
        self,
        session_id: str,
        user_id: str,
        expires_at: datetime,
        tenant: str | None = None,
        roles: Sequence[str] = (),
    ) -> None:
        """Starting the same one again moves its end, its tenant and roles. `expires_at` has a time zone."""
        value = msgspec.json.encode(Session(user_id, expires_at, tenant, tuple(sorted(roles))))
        ends = int(expires_at.timestamp() * 1000)
        async with self.redis.use() as client:
            started: Any = client.eval(START, 2, _key(session_id), _of_user(user_id), value, ends, session_id)
            await started

    async def find(self, session_id: str) -> Session | None:
        """None when it was ended, has expired, or never was."""
        async with self.redis.use() as client:
            kept = await client.get(_key(session_id))
        return None if kept is None else msgspec.json.decode(kept, type=Session)

    async def is_live(self, session_id: str, user_id: str) -> bool:
        """Whether a token of this session and user is still good."""
        session = await self.find(session_id)
        return session is not None and session.user_id == user_id

    async def end(self, *session_ids: str) -> None:
        """At once, in every process."""
        if session_ids:
            async with self.redis.use() as client:
                await client.delete(*map(_key, session_ids))

    async def end_all(self, user_id: str, *, but: str | None = None) -> None:
        """After a change of the password, say; `but` is the one it was changed in."""
        async with self.redis.use() as client:
            ids: Any = await client.zrange(_of_user(user_id), 0, -1)
        await self.end(*(name for one in ids if (name := one.decode()) != but))


def _key(session_id: str) -> str:
    return f"session:{session_id}"


def _of_user(user_id: str) -> str:
    return f"user:sessions:{user_id}"
