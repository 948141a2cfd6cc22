"""How many are unread, in Redis: `aqstream:notifications:unread:{user_id}`.

PostgreSQL is right, Redis is quick. Whatever changes a count enqueues, in its transaction, a job that drops
the number; who asks next has it counted anew. So a process killed anywhere, and a Redis that lost everything
or was away, leave a number that is missing, or old for as long as the job waits, and never a wrong one for
good. A reader that was overtaken by a change cannot put the old number back (kit/cache.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db.postgres import Database, WriteSession
from db.redis import RedisStore
from subgraphs.kit.cache import Cache, each
from subgraphs.notifications.repository.inbox import unread_of
from subgraphs.notifications.values import PersonId

SECONDS = 24 * 3600


class UnreadCounts:
    def __init__(self, database: Database, redis: RedisStore) -> None:
        self._database = database
        self._cache = Cache(redis, "notifications", "unread", int, each(self._count), seconds=SECONDS)

    async def get(self, user: PersonId) -> int:
        return await self._cache.get(str(user)) or 0

    async def drop(self, *users: PersonId) -> None:
        """After a commit, for who waits for its effect. The job does it again."""
        await self._cache.invalidate(*map(str, users))

    async def dropped(self, _session: WriteSession, payload: Mapping[str, Any]) -> None:
        """The job. Raises StoreUnavailable: then it is done again."""
        await self._cache.drop(*map(str, payload["users"]))

    async def _count(self, user: str) -> int:
        """Of the primary: what a replica does not know yet would stay in Redis."""
        async with self._database.write() as session:
            return await unread_of(session, PersonId(UUID(user)))
