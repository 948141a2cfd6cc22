"""Adding messages to the outbox, in the transaction of the write they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, Select, func, insert, select

from db.postgres import WriteSession
from db.statements import per_shape
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
        await session.fetch(_locked(key))
    if len(messages) == 1:
        (only,) = messages
        await session.fetch(_added(**_row(only)))
    elif messages:
        await session.execute(insert(outbox), [_row(message) for message in messages])


@per_shape
def _locked(key: str) -> Select[Any]:
    return select(func.pg_advisory_xact_lock(LOCK_SPACE, func.hashtext(key)))


@per_shape
def _added(
    *,
    message_id: UUID,
    topic: str,
    key: str,
    type: str,
    payload: Mapping[str, Any],
    headers: Mapping[str, str],
) -> Insert:
    return insert(outbox).values(
        message_id=message_id, topic=topic, key=key, type=type, payload=payload, headers=headers
    )


def _row(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.id,
        "topic": message.topic,
        "key": message.key,
        "type": message.type,
        "payload": dict(message.payload),
        "headers": dict(message.headers),
    }
