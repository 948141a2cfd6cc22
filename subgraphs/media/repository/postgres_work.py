"""What the worker writes, in the transaction of its job: one that is killed has written nothing, and the next
does it again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, or_, select, update

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.jobs import jobs
from subgraphs.kit.outbox import Message
from subgraphs.media.models import media
from subgraphs.media.places import for_processing
from subgraphs.media.repository.postgres import MAKE, UPLOADING
from subgraphs.media.repository.removal import TOPIC, remove_files, remove_media, remove_places
from subgraphs.media.repository.rows import (
    MEDIA,
    media_of,
    renditions_as_json,
    variants_as_json,
)
from subgraphs.media.values import Made, Media, MediaId, Purpose, Status, Variant

PROCESSING = media.c.status == Status.PROCESSING.value
GRACE = timedelta(minutes=10)
"""An upload that is under way when its time is over may end."""
STUCK = timedelta(minutes=5)
AT_ONCE = 500
GIVEN_UP = "Nothing could be made of it, and not for what is in the file: upload it again."


class PostgresWorkRepository:
    async def find_waiting(self, session: WriteSession, media_id: MediaId) -> Media | None:
        found = (await session.execute(MEDIA.where(media.c.id == media_id, PROCESSING))).first()
        return None if found is None else media_of(found)

    async def finish(self, session: WriteSession, done: Media, made: Made) -> bool:
        finished = update(media).where(media.c.id == done.id, PROCESSING).values(_as_made(done, made))
        if not (await session.execute(finished)).rowcount:
            await remove_files(session, [_described(done)])
            return False
        await outbox.add(session, *_told(done))
        await remove_places(session, [done.place])
        return True

    async def give_up(self, session: WriteSession, done: Media, reason: str) -> None:
        failed = {"status": Status.FAILED.value, "reason": reason[:300]}
        given_up = update(media).where(media.c.id == done.id, PROCESSING).values(failed)
        if (await session.execute(given_up)).rowcount:
            facts = {"user_id": str(done.user_id), "reason": reason[:300]}
            await outbox.add(session, Message(TOPIC, str(done.id), "MediaFailed", facts))
            await remove_files(session, [_described(done)])

    async def end_half_uploads(self, session: WriteSession) -> int:
        over = select(media.c.id).where(UPLOADING, media.c.expires_at < func.now() - GRACE)
        some = over.order_by(media.c.expires_at).limit(AT_ONCE).with_for_update(skip_locked=True)
        return len(await remove_media(session, media.c.id.in_(some)))

    async def end_stuck(self, session: WriteSession) -> None:
        living = select(jobs.c.id).where(
            jobs.c.queue == MAKE, jobs.c.unique_key == cast(media.c.id, Text), ~jobs.c.dead
        )
        still = or_(media.c.updated_at < func.now() - STUCK, media.c.updated_at > func.now() + STUCK)
        stuck = MEDIA.where(PROCESSING, still, ~living.exists()).limit(AT_ONCE)
        for row in (await session.execute(stuck.with_for_update(skip_locked=True))).all():
            await self.give_up(session, media_of(row), GIVEN_UP)

    async def find_kept(
        self, session: WriteSession, ids: Collection[UUID], statuses: Collection[Status]
    ) -> frozenset[UUID]:
        found = select(media.c.id).where(
            among(media.c.id, ids), media.c.status.in_([status.value for status in statuses])
        )
        return frozenset((await session.execute(found)).scalars())


def _as_made(done: Media, made: Made) -> dict[str, Any]:
    facts = {
        "status": Status.READY.value,
        "content_type": made.content_type,
        "renditions": renditions_as_json(made.renditions),
        "variants": variants_as_json(made.renditions),
        "width": made.width,
        "height": made.height,
        "duration_ms": made.duration_ms,
        "blurhash": made.blurhash,
    }
    if done.purpose is Purpose.TRACK:
        place = for_processing(done.user_id, done.id)
        return facts | {"bucket": place.bucket, "path": place.key}
    original = next(one for one in made.renditions if one.variant is Variant.ORIGINAL)
    return facts | {"size": original.size, "bucket": original.bucket, "path": original.path}


def _told(done: Media) -> list[Message]:
    """Processing hears of sound: AudioUploaded is what it makes a job of."""
    user = {"user_id": str(done.user_id)}
    ready = {**user, "purpose": done.purpose.value, "kind": done.kind.value}
    messages = [Message(TOPIC, str(done.id), "MediaReady", ready)]
    if done.purpose is Purpose.TRACK:
        place = for_processing(done.user_id, done.id)
        where = {"track_id": str(done.track_id), "bucket": place.bucket, "key": place.key}
        messages.append(Message(TOPIC, str(done.id), "AudioUploaded", {**user, **where}))
    return messages


def _described(done: Media) -> dict[str, Any]:
    return {
        "id": str(done.id),
        "user_id": str(done.user_id),
        "purpose": done.purpose.value,
        "kind": done.kind.value,
        "upload_id": done.upload_id,
    }
