"""Profiles as somebody sees them who is not logged in, read through Redis: `aqstream:user:profile:{id}`.

What a person shows to a reader differs by who follows and who blocks whom, so only what is the same for all
is kept: what everybody may see. Whoever is logged in is answered by the store. A profile is kept for 15
minutes, without an address that is not shown, and dropped by every write whose audit record is of that user.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from msgspec import structs

from db.postgres import Changed, Database
from db.redis import RedisStore
from subgraphs.kit.cache import TTL_SECONDS, Cache
from subgraphs.users.repository.postgres_users import PostgresUserRepository
from subgraphs.users.values import NO_ADDRESS, Reader, User, UserId

NOBODY = Reader()


class CachedUserRepository(PostgresUserRepository):
    def __init__(self, database: Database, redis: RedisStore) -> None:
        super().__init__(database)
        self._kept = Cache(redis, "user", "profile", User, self._load, seconds=TTL_SECONDS["profile"])
        database.listeners.append(self._heard)

    async def find_by_ids(self, ids: Sequence[UserId], reader: Reader) -> Mapping[UserId, User]:
        if reader != NOBODY:
            return await super().find_by_ids(ids, reader)
        kept = await self._kept.get_many([str(one) for one in ids])
        return {user.id: user for user in kept.values()}

    async def _heard(self, changed: Collection[Changed]) -> None:
        await self._kept.invalidate(*(key for entity, key in changed if entity == "user"))

    async def _load(self, identifiers: Sequence[str]) -> Mapping[str, User]:
        ids = [UserId(UUID(identifier)) for identifier in identifiers]
        found = await super().find_by_ids(ids, NOBODY)
        return {str(one): _without_address(user) for one, user in found.items()}


def _without_address(user: User) -> User:
    is_shown = user.shown.email and user.is_verified
    return user if is_shown else structs.replace(user, email=f"{user.id}{NO_ADDRESS}")


def user_repository(database: Database, redis: RedisStore, cached: Collection[str]) -> PostgresUserRepository:
    """`cached` has `profiles` where they are read through Redis."""
    if "profiles" in cached:
        return CachedUserRepository(database, redis)
    return PostgresUserRepository(database)
