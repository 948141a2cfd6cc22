"""How a service reaches Redis or Valkey: one factory; every failure to reach it is StoreUnavailable.

    redis = connect(url)
    async with redis.use() as client:   await client.get("plait:event:event:…")

Values are bytes. A client has a pool of its own and connects with the first command; a command that hangs is
cut off, because a cache that does not answer must cost less than the store it stands for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    BusyLoadingError,
    ConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError,
)

from db.errors import StoreFull, StoreUnavailable
from db.watching import begin_call, until_done

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 5.0
CONNECTIONS = 50
"""More commands than that at once wait for a connection: a burst must not look like a Redis that is away."""
NO_DISK = "MISCONF"
"""What a server answers to writes when it cannot write its file."""


@dataclass(frozen=True, slots=True)
class RedisStore:
    """`close` it when its service stops."""

    client: Redis
    target: str
    """Where it is, without the password: for messages."""

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Redis]:
        """Raises StoreUnavailable, or StoreFull, for what the commands inside run into."""
        try:
            yield self.client
        except (ConnectionError, TimeoutError, BusyLoadingError, ReadOnlyError, OSError) as error:
            raise StoreUnavailable(self.target, _reason(error), "Redis") from error
        except OutOfMemoryError as error:
            raise StoreFull(self.target, _reason(error), "Redis") from error
        except ResponseError as error:
            if str(error).startswith(NO_DISK):
                raise StoreFull(self.target, _reason(error), "Redis") from error
            raise

    async def ping(self) -> None:
        """Raises StoreUnavailable when it does not answer."""
        async with self.use() as client:
            await client.ping()

    async def close(self) -> None:
        await self.client.aclose()


class _Watched(Redis):
    """Each command is a span where somebody watches."""

    def execute_command(self, *arguments: Any, **options: Any) -> Coroutine[Any, Any, Any]:
        span = begin_call("redis", str(arguments[0]))
        answer: Coroutine[Any, Any, Any] = Redis.execute_command(self, *arguments, **options)  # type: ignore[no-untyped-call]
        return answer if span is None else until_done(span, answer)

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return _WatchedPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


class _WatchedPipeline(Pipeline):
    """All its commands together are one."""

    def execute(self, raise_on_error: bool = True) -> Coroutine[Any, Any, list[Any]]:
        span = begin_call("redis", "PIPELINE")
        answer = super().execute(raise_on_error)
        return answer if span is None else until_done(span, answer)


def connect(url: str) -> RedisStore:
    """`redis://`, `rediss://` or `unix://`. Nothing is opened until the first command.

    One attempt: a command that was cut off may have been carried out, so only its sender can know whether to
    repeat it.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        timeout=ANSWER_SECONDS,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        max_connections=CONNECTIONS,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )
    return RedisStore(_Watched.from_pool(pool), target(url))


def target(url: str) -> str:
    parts = urlsplit(url)
    return parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}{parts.path}"


def _reason(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
