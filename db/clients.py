"""The open stores of one domain, as its `build` function gets them.

A domain says in subgraphs/registry.py which stores it uses; only those are started, connected and asked
whether they are there. PostgreSQL is always one of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.budget import Share
from db.config import DomainStore
from db.errors import StoreNotDeclared
from db.postgres import Database, connect

if TYPE_CHECKING:
    from db.mongo import MongoStore
    from db.redis import RedisStore
    from db.s3 import S3Store

POSTGRES, MONGO, REDIS, S3 = "postgres", "mongo", "redis", "s3"


@dataclass(frozen=True, slots=True)
class Stores:
    domain: str
    postgres: Database
    opened_redis: RedisStore | None = None
    opened_s3: S3Store | None = None
    mongo: MongoStore | None = None
    """None too where the domain may use MongoDB and no URL is configured: it uses PostgreSQL then."""

    @property
    def redis(self) -> RedisStore:
        """Raises StoreNotDeclared."""
        if self.opened_redis is None:
            raise StoreNotDeclared(self.domain, REDIS)
        return self.opened_redis

    @property
    def s3(self) -> S3Store:
        """Raises StoreNotDeclared."""
        if self.opened_s3 is None:
            raise StoreNotDeclared(self.domain, S3)
        return self.opened_s3

    async def ping(self) -> None:
        """All at once. Raises StoreUnavailable when one of them does not answer."""
        opened = (self.postgres, self.opened_redis, self.opened_s3, self.mongo)
        await asyncio.gather(*(store.ping() for store in opened if store is not None))


@asynccontextmanager
async def open_clients(
    store: DomainStore, uses: Collection[str] = (), share: Share | None = None
) -> AsyncIterator[Stores]:
    """Connections are made with their first use and closed at the end of the block. `share`: how many to
    PostgreSQL; what its requests have, unless it is said.
    """
    async with AsyncExitStack() as stack:
        postgres = connect(store, share)
        stack.push_async_callback(postgres.close)
        redis = s3 = mongo = None
        if REDIS in uses and store.redis is not None:
            from db import redis as redis_factory

            redis = redis_factory.connect(store.redis)
            stack.push_async_callback(redis.close)
        if S3 in uses and store.s3 is not None:
            from db.s3 import open_s3

            s3 = await stack.enter_async_context(open_s3(store.s3))
        if MONGO in uses and store.mongo is not None:
            from db import mongo as mongo_factory

            mongo = mongo_factory.connect(store.mongo, store.domain, traced=store.traced)
            stack.callback(mongo.close)
        yield Stores(store.domain, postgres, redis, s3, mongo)
