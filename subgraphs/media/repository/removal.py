"""Deleting: the row at once, its files by a job, which bears being done again and waits for the store.

A worker that was making something of it may still put files there, so the job is done a second time, when no
worker can be at it any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete

from db.postgres import WriteSession
from subgraphs.kit import jobs, outbox
from subgraphs.kit.outbox import Message
from subgraphs.media.models import media
from subgraphs.media.places import every_place, staged
from subgraphs.media.values import Kind, MediaId, OwnerId, Place, Purpose

REMOVE = "remove files"
TOPIC = "media.media"
AGAIN_AFTER = timedelta(minutes=15)
AT_ONCE = 100
"""Media of one job."""
COLUMNS = (media.c.id, media.c.user_id, media.c.purpose, media.c.kind, media.c.upload_id)


async def remove_media(session: WriteSession, which: ColumnElement[bool]) -> Sequence[UUID]:
    """The ids that are gone; others are told, and their files go."""
    rows = (await session.execute(delete(media).where(which).returning(*COLUMNS))).all()
    gone = [_described(row) for row in rows]
    await remove_files(session, gone)
    told = [Message(TOPIC, one["id"], "MediaDeleted", {"user_id": one["user_id"]}) for one in gone]
    await outbox.add(session, *told)
    return [row.id for row in rows]


async def remove_files(session: WriteSession, gone: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(gone), AT_ONCE):
        payload = {"media": gone[start : start + AT_ONCE]}
        await jobs.enqueue(session, REMOVE, payload)
        await jobs.enqueue(session, REMOVE, payload, due_at=datetime.now(UTC) + AGAIN_AFTER)


async def remove_places(session: WriteSession, places: Sequence[Place]) -> None:
    """Files alone, of what stays."""
    await jobs.enqueue(session, REMOVE, {"places": [[place.bucket, place.key] for place in places]})


def places_of(payload: Mapping[str, Any]) -> list[Place]:
    """Of a job: the places it names, and every place that anything of its media may lie at."""
    named = [Place(bucket, key) for bucket, key in payload.get("places", ())]
    for one in payload.get("media", ()):
        named += every_place(*_ids(one), Purpose(one["purpose"]), Kind(one["kind"]))
    return named


def parts_of(payload: Mapping[str, Any]) -> list[tuple[Place, str]]:
    """Of a job: uploads in parts that may not be joined."""
    return [(staged(*_ids(one)), one["upload_id"]) for one in payload.get("media", ()) if one["upload_id"]]


def _ids(one: dict[str, Any]) -> tuple[OwnerId, MediaId]:
    return OwnerId(UUID(one["user_id"])), MediaId(UUID(one["id"]))


def _described(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "user_id": str(row.user_id),
        "purpose": row.purpose,
        "kind": row.kind,
        "upload_id": row.upload_id,
    }
