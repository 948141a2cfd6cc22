"""The copy of events: whose they are, and whether everybody may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.analytics.models import known_events
from subgraphs.kit.outbox import Message


async def keep_events(session: WriteSession, messages: Sequence[Message]) -> None:
    """Of `events.event`, in their order: the last word of each event stands. A draft that is gone goes."""
    last = {UUID(message.key): message for message in messages}
    gone = [event for event, message in last.items() if message.type == "EventDeleted"]
    rows = [_row(event, last[event].payload) for event in sorted(last.keys() - set(gone))]
    if gone:
        await session.execute(delete(known_events).where(among(known_events.c.id, gone)))
    if rows:
        told = insert(known_events).values(rows)
        rest = {name: told.excluded[name] for name in rows[0] if name != "id"}
        await session.execute(told.on_conflict_do_update(index_elements=["id"], set_=rest))


def _row(event: UUID, told: Any) -> dict[str, Any]:
    return {
        "id": event,
        "tenant_id": _id(told["tenant_id"]),
        "host_id": _id(told["host_id"]),
        "is_public": bool(told["is_public"]),
        "starts_at": datetime.fromisoformat(told["starts_at"]),
        "timezone": told["timezone"],
    }


def _id(told: str | None) -> UUID | None:
    return None if told is None else UUID(told)
