"""A domain that hears of another's entities. One message is one transaction of its own store:

    inbox row (there already? then skip) ── handler's writes ── commit ── XACK

Killed before the commit nothing happened; killed after it, the message comes again and is skipped. A handler
that fails is tried again after a pause, with everything behind it waiting (order is kept); after `ATTEMPTS`
failures the message is put into `dead_letters` and the next one is taken.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from redis.exceptions import ResponseError
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db.errors import StoreError
from db.postgres import Database, WriteSession
from db.redis import RedisStore
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox.lag import Lag, lag_of
from subgraphs.kit.outbox.message import KEPT, Message, stream
from subgraphs.kit.outbox.tables import dead_letters, inbox
from subgraphs.kit.work_watching import piece

log = logging.getLogger("plait.outbox")
Handler = Callable[[WriteSession, Message], Awaitable[None]]
ATTEMPTS = 8
BATCH = 100
TIDIED = timedelta(days=1)
READER = "worker"
"""One reader in each group, so that what a killed one had taken is found again by the next."""


class Consumer:
    """`name` is the group's, `<domain>.<what for>`: it stays when the code changes."""

    reads_streams = True

    def __init__(
        self, name: str, topics: Sequence[str], handle: Handler, database: Database, redis: RedisStore
    ) -> None:
        self.name = name
        self._streams = [stream(topic) for topic in topics]
        self._handle = handle
        self._database = database
        self._redis = redis

    async def step(self) -> bool:
        """Handle a batch; whether there was any. Raises StoreUnavailable, or what the handler raised:
        then the failed message is the next one again.
        """
        for start in ("0", ">"):
            entries = await self._read(start)
            for name, entry, fields in entries:
                await self._handle_one(fields)
                async with self._redis.use() as client:
                    await client.xack(name, self.name, entry)
            if entries:
                return True
        return False

    async def _read(self, start: str) -> list[tuple[bytes, bytes, dict[bytes, bytes]]]:
        """`0`: what was taken and not acknowledged; `>`: what is new."""
        async with self._redis.use() as client:
            try:
                answer: Any = await client.xreadgroup(
                    self.name, READER, dict.fromkeys(self._streams, start), count=BATCH
                )
            except ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise
                await self._make_groups()
                return []
        return [(name, entry, fields) for name, entries in answer or () for entry, fields in entries]

    async def _make_groups(self) -> None:
        """From the start of the stream: what was said before we were there is heard too."""
        async with self._redis.use() as client:
            for name in self._streams:
                try:
                    await client.xgroup_create(name, self.name, id="0", mkstream=True)
                except ResponseError as error:
                    if not str(error).startswith("BUSYGROUP"):
                        raise

    async def _handle_one(self, fields: dict[bytes, bytes]) -> None:
        try:
            message = Message.from_json(fields[b"message"])
        except (ValueError, KeyError, TypeError) as error:
            log.error("%s: an entry that is no message is left out: %s", self.name, type(error).__name__)
            return
        try:
            with piece("message", self.name):
                async with self._database.write() as session:
                    if await self._note(session, message):
                        await self._handle(session, message)
        except StoreError:
            raise
        except Exception as error:
            if await self._count_failure(message, error) < ATTEMPTS:
                raise
            log.error("%s: message %s is dead after %d attempts", self.name, message.id, ATTEMPTS)

    async def _note(self, session: WriteSession, message: Message) -> bool:
        """Whether it is new to us."""
        row = {"consumer": self.name, "message_id": message.id, "handled_at": func.now()}
        noted = insert(inbox).values(row)
        fresh = noted.on_conflict_do_update(
            index_elements=["consumer", "message_id"],
            set_={"handled_at": noted.excluded.handled_at},
            where=inbox.c.handled_at.is_(None),
        )
        return (await session.execute(fresh.returning(inbox.c.message_id))).first() is not None

    async def _count_failure(self, message: Message, error: Exception) -> int:
        """How often it failed by now; the last time it is put aside, in the same transaction."""
        async with self._database.write() as session:
            first = insert(inbox).values(consumer=self.name, message_id=message.id, failures=1)
            counted = first.on_conflict_do_update(
                index_elements=["consumer", "message_id"], set_={"failures": inbox.c.failures + 1}
            )
            failures = int((await session.execute(counted.returning(inbox.c.failures))).scalar_one())
            if failures >= ATTEMPTS:
                await self._note(session, message)
                row = {"consumer": self.name, "message_id": message.id, "error": _reason(error)}
                told = {"topic": message.topic, "key": message.key, "type": message.type}
                whole = told | {"payload": dict(message.payload), "headers": dict(message.headers)}
                await session.execute(
                    insert(dead_letters).values(**row, message=whole).on_conflict_do_nothing()
                )
        return failures

    async def lag(self) -> Lag:
        """How far it is behind. Raises StoreUnavailable."""
        return await lag_of(self._redis, self.name, self._streams)

    async def dead(self) -> int:
        """How many messages wait for a person."""
        counted = select(func.count()).select_from(dead_letters).where(dead_letters.c.consumer == self.name)
        async with self._database.read() as session:
            return int((await session.execute(counted)).scalar_one())


def listening(database: Database, *consumers: Consumer) -> list[Consumer | Periodic]:
    """The tasks of a domain that hears of others: its consumers, and the tidying of what they remember."""
    return [*consumers, Periodic("inbox", TIDIED, forget_handled, database)]


async def forget_handled(session: WriteSession) -> None:
    """Forget what no message can come again for: the outbox has forgotten it too."""
    await session.execute(delete(inbox).where(inbox.c.noted_at < func.now() - 2 * KEPT))


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]
