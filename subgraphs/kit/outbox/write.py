"""Adding messages to the outbox, in the transaction of the write they tell of."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from db.postgres import WriteSession
from subgraphs.kit.outbox.message import Message
from subgraphs.kit.outbox.tables import outbox

LOCK_SPACE = 0x6F7574


async def add(session: WriteSession, *messages: Message) -> None:
    """Committed or rolled back with the session.

    Numbers are given before commits, so a key is locked until ours: of two transactions that tell of one
    entity, the one with the lower number commits first. Give all messages of a transaction in one call; the
    locks are then taken in one order, and two transactions cannot wait for each other.
    """
    for key in sorted({f"{message.topic} {message.key}" for message in messages}):
        await session.execute(select(func.pg_advisory_xact_lock(LOCK_SPACE, func.hashtext(key))))
    if messages:
        await session.execute(
            insert(outbox),
            [
                {
                    "message_id": message.id,
                    "topic": message.topic,
                    "key": message.key,
                    "type": message.type,
                    "payload": dict(message.payload),
                    "headers": dict(message.headers),
                }
                for message in messages
            ],
        )
