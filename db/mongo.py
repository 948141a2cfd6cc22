"""How a service reaches MongoDB, where one is configured: the only file that knows motor.

    mongo = connect(url, "interactions")
    async with mongo.use() as database:   await database["likes"].insert_one({…})

No server comes with Plait: without a URL a domain keeps the same things in PostgreSQL (decision 12).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import ConfigurationError, ConnectionFailure, ExecutionTimeout, WriteConcernError
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from db.errors import ProvisionError, StoreUnavailable
from db.watching import CallSpan, begin_call

CHOOSE_SERVER_MS = 3000
ANSWER_MS = 20_000


@dataclass(frozen=True, slots=True)
class MongoStore:
    client: Any
    name: str
    target: str
    """Host, without the password: for messages."""

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Any]:
        """The domain's database. Raises StoreUnavailable for what the commands inside run into."""
        try:
            yield self.client[self.name]
        except (ConnectionFailure, ExecutionTimeout, WriteConcernError, OSError) as error:
            raise StoreUnavailable(self.target, str(error).partition(",")[0], "MongoDB") from error

    async def ping(self) -> None:
        """Raises StoreUnavailable when it does not answer."""
        async with self.use() as database:
            await database.command("ping")

    def close(self) -> None:
        self.client.close()


class _Spans(CommandListener):
    """Each command is a span where somebody watches. The driver calls from a thread, with the context of who
    asked; a command's number is its own while it runs.
    """

    def __init__(self) -> None:
        self._running: dict[int, CallSpan] = {}

    def started(self, event: CommandStartedEvent) -> None:
        span = begin_call("mongodb", event.command_name)
        if span is not None:
            self._running[event.request_id] = span

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self._end(event.request_id, None)

    def failed(self, event: CommandFailedEvent) -> None:
        self._end(event.request_id, str(event.failure.get("codeName", "failed")))

    def _end(self, request_id: int, error: str | None) -> None:
        span = self._running.pop(request_id, None)
        if span is not None:
            span.end(error)


def connect(url: str, name: str, *, traced: bool = False) -> MongoStore:
    """`name` is the database; its times are UTC, its UUIDs standard. Raises ProvisionError for a URL that is
    none. Nothing is opened until the first command. `traced`: the driver tells of each command.
    """
    try:
        client: Any = AsyncIOMotorClient(
            url,
            tz_aware=True,
            uuidRepresentation="standard",
            serverSelectionTimeoutMS=CHOOSE_SERVER_MS,
            connectTimeoutMS=CHOOSE_SERVER_MS,
            socketTimeoutMS=ANSWER_MS,
            event_listeners=[_Spans()] if traced else [],
        )
    except (ConfigurationError, ValueError) as error:
        raise ProvisionError(f"PLAIT_MONGO_URL reads mongodb://USER:PASSWORD@HOST:PORT/: {error}") from error
    return MongoStore(client, name, urlsplit(url).netloc.rpartition("@")[2])
