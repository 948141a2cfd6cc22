"""A real Valkey for tests: one throw-away server per test process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from db import redis
from db.embedded import EmbeddedValkey, start_valkey
from db.redis import RedisStore


@cache
def shared_valkey() -> EmbeddedValkey:
    """This process's server; gone when the process is."""
    home = Path(tempfile.mkdtemp(prefix="plait-test-"))
    server = start_valkey(home)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.stop)
    return server


@asynccontextmanager
async def shared_redis() -> AsyncIterator[RedisStore]:
    """As the tests' services see it."""
    store = redis.connect(shared_valkey().url)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def empty_redis() -> AsyncIterator[RedisStore]:
    async with shared_redis() as store:
        async with store.use() as client:
            await client.flushall()
        yield store
