"""A track whose processing is done can be played, and is as long as its sound is."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from db.postgres import WriteSession
from subgraphs.catalog.models import tracks
from subgraphs.kit.outbox import Message


async def hear_processed(session: WriteSession, message: Message) -> None:
    """Of `processing.job`. A track that is gone by now stays gone."""
    if message.type != "ProcessingCompleted":
        return
    heard = {"is_available": True, "duration_sec": max(1, int(message.payload["duration_sec"]))}
    track = UUID(message.payload["track_id"])
    await session.execute(update(tracks).where(tracks.c.id == track).values(heard))
