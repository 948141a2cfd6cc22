"""A consumer that handles many messages in one transaction: for what is only added up.

    a batch ── inbox rows, all at once ── handle(session, those that are new) ── commit ── XACK

What `Consumer` promises holds for the batch: it is handled as a whole, once, or not at all. A batch that
fails for another reason than its store is handled message by message, so that one that cannot be handled ends
in `dead_letters` as it would there, and the others do not.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from sqlalchemy import cast, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from db.arrays import array_of
from db.errors import StoreError
from db.postgres import Database, WriteSession
from db.redis import RedisStore
from subgraphs.kit.outbox.consumer import Consumer
from subgraphs.kit.outbox.message import Message
from subgraphs.kit.outbox.tables import inbox

log = logging.getLogger("plait.outbox")
BatchHandler = Callable[[WriteSession, Sequence[Message]], Awaitable[None]]


class BatchConsumer(Consumer):
    def __init__(
        self, name: str, topics: Sequence[str], handle: BatchHandler, database: Database, redis: RedisStore
    ) -> None:
        async def handle_one(session: WriteSession, message: Message) -> None:
            await handle(session, [message])

        super().__init__(name, topics, handle_one, database, redis)
        self._handle_many = handle

    async def step(self) -> bool:
        """Handle a batch; whether there was any. Raises what `Consumer.step` raises."""
        for start in ("0", ">"):
            entries = await self._read(start)
            if not entries:
                continue
            if not await self._handle_together([fields for _, _, fields in entries]):
                for _, _, fields in entries:
                    await self._handle_one(fields)
            async with self._redis.use() as client, client.pipeline(transaction=False) as done:
                for name, entry, _ in entries:
                    done.xack(name, self.name, entry)
                await done.execute()
            return True
        return False

    async def _handle_together(self, entries: Sequence[dict[bytes, bytes]]) -> bool:
        """Whether all are handled now. Raises StoreError."""
        try:
            messages = {each.id: each for each in map(_message, entries)}
            async with self._database.write() as session:
                fresh = await self._note_all(session, messages.values())
                new = [message for message in messages.values() if message.id in fresh]
                if new:
                    await self._handle_many(session, new)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, one by one it is somebody's own
            log.warning("%s: a batch is taken apart: %s", self.name, type(error).__name__)
            return False
        return True

    async def _note_all(self, session: WriteSession, messages: Iterable[Message]) -> frozenset[object]:
        """The ids of those that are new to us."""
        ids = func.unnest(array_of(inbox.c.message_id, [each.id for each in messages])).column_valued("id")
        rows = select(cast(literal(self.name), inbox.c.consumer.type), ids, func.now())
        noted = insert(inbox).from_select(["consumer", "message_id", "handled_at"], rows)
        fresh = noted.on_conflict_do_update(
            index_elements=["consumer", "message_id"],
            set_={"handled_at": noted.excluded.handled_at},
            where=inbox.c.handled_at.is_(None),
        )
        return frozenset((await session.execute(fresh.returning(inbox.c.message_id))).scalars())


def _message(fields: dict[bytes, bytes]) -> Message:
    return Message.from_json(fields[b"message"])
