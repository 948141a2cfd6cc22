"""Media in PostgreSQL, as their owners see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, insert, select, update

from db.arrays import among
from db.pages import page as page_of
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.kit import audit, jobs
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.media.models import media
from subgraphs.media.repository.removal import remove_media
from subgraphs.media.repository.rows import COLUMNS, MEDIA, media_of
from subgraphs.media.values import Media, MediaId, NewMedia, OwnerId, Status, Usage

LOCK_SPACE = 0x6D6564
MAKE = "make variants"
UPLOADING = media.c.status == Status.UPLOADING.value
TIMES = (media.c.created_at, media.c.id)


class PostgresMediaRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewMedia, quota: int, lasts: timedelta, actor: Actor) -> Media | Usage:
        """A sum and an insert must not be split: one person's come one after the other."""
        owner = func.hashtext(str(new.user_id))
        async with self._database.write() as session:
            await session.execute(select(func.pg_advisory_xact_lock(LOCK_SPACE, owner)))
            used = int((await session.execute(_summed(new.user_id))).scalar_one())
            if used + new.size > quota:
                return Usage(used, quota)
            row = (await session.execute(insert(media).values(_values(new, lasts)).returning(*COLUMNS))).one()
            await audit.record(session, actor, "create", "media", new.id, {"filename": [None, new.filename]})
        return media_of(row)

    async def begin_parts(self, media_id: MediaId, upload_id: str) -> bool:
        first = update(media).where(media.c.id == media_id, UPLOADING, media.c.upload_id.is_(None))
        async with self._database.write() as session:
            return (await session.execute(first.values(upload_id=upload_id))).rowcount > 0

    async def prolong(self, media_id: MediaId, lasts: timedelta, longest: timedelta) -> Media | None:
        until = func.least(func.now() + lasts, media.c.created_at + longest)
        prolonged = update(media).where(media.c.id == media_id, UPLOADING)
        async with self._database.write() as session:
            row = (await session.execute(prolonged.values(expires_at=until).returning(*COLUMNS))).first()
        return None if row is None else media_of(row)

    async def set_uploaded(self, media_id: MediaId, content_type: str) -> Media | None:
        there = {"status": Status.PROCESSING.value, "content_type": content_type, "upload_id": None}
        uploaded = update(media).where(media.c.id == media_id, UPLOADING).values(there)
        async with self._database.write() as session:
            row = (await session.execute(uploaded.returning(*COLUMNS))).first()
            if row is None:
                return None
            await jobs.enqueue(session, MAKE, {"media": str(media_id)}, unique_key=str(media_id))
        return media_of(row)

    async def fail(self, media_id: MediaId, reason: str) -> None:
        failed = {"status": Status.FAILED.value, "reason": reason[:300]}
        async with self._database.write() as session:
            await session.execute(update(media).where(media.c.id == media_id, UPLOADING).values(failed))

    async def find_by_ids(self, ids: Sequence[MediaId]) -> Mapping[MediaId, Media]:
        async with self._database.read() as session:
            return {row.id: media_of(row) for row in await session.fetch(_found(ids))}

    async def list_by_owner(self, owner: OwnerId, page: PageRequest) -> Page[Media]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(owner, page))
        return Page.cut([media_of(row) for row in rows], page)

    async def count_by_owner(self, owner: OwnerId) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(owner)))

    async def sum_by_owner(self, owner: OwnerId) -> int:
        async with self._database.read() as session:
            return int((await session.execute(_summed(owner))).scalar_one())

    async def describe(self, media_id: MediaId, alt_text: str | None, actor: Actor) -> Media | None:
        async with self._database.write() as session:
            before = select(media.c.alt_text).where(media.c.id == media_id).with_for_update()
            found = (await session.execute(before)).first()
            if found is None:
                return None
            described = update(media).where(media.c.id == media_id).values(alt_text=alt_text)
            row = (await session.execute(described.returning(*COLUMNS))).one()
            changed = {"alt_text": [found.alt_text, alt_text]}
            await audit.record(session, actor, "update", "media", media_id, changed)
        return media_of(row)

    async def remove(self, media_id: MediaId, actor: Actor) -> bool:
        async with self._database.write() as session:
            gone = await remove_media(session, media.c.id == media_id)
            if gone:
                await _note_removal(session, media_id, actor)
        return bool(gone)


async def _note_removal(session: WriteSession, media_id: MediaId, actor: Actor) -> None:
    await audit.record(session, actor, "delete", "media", media_id)


def _values(new: NewMedia, lasts: timedelta) -> dict[str, Any]:
    return {
        "id": new.id,
        "user_id": new.user_id,
        "filename": new.filename,
        "content_type": new.content_type,
        "size": new.size,
        "bucket": new.place.bucket,
        "path": new.place.key,
        "purpose": new.purpose.value,
        "kind": new.kind.value,
        "upload_id": new.upload_id,
        "track_id": new.track_id,
        "alt_text": new.alt_text,
        "expires_at": func.now() + lasts,
    }


def _summed(owner: OwnerId) -> Select[Any]:
    total = cast(func.coalesce(func.sum(media.c.size), 0), BigInteger)
    return select(total).where(media.c.user_id == owner, media.c.status != Status.FAILED.value)


@per_shape
def _found(ids: Sequence[MediaId]) -> Any:
    return MEDIA.where(among(media.c.id, ids))


@per_shape
def _listed(owner: OwnerId, request: PageRequest) -> Any:
    return page_of(MEDIA.where(media.c.user_id == owner), TIMES, request, descending=True)


@per_shape
def _counted(owner: OwnerId) -> Any:
    return select(func.count()).select_from(media).where(media.c.user_id == owner)
