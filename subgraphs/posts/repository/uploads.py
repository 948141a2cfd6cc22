"""Which uploads posts show, or showed before they were edited: `post_media`, told to media as news.

A post is written after media has answered what its uploads are, so one may be gone by the time the post is
there. media says so (`MediaMissing`) as it says of one that is deleted later, and both end in the same: the
post stands without it, unless nothing else was in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, any_, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.kit.outbox import Message
from subgraphs.posts.models import post_edits, post_media, posts
from subgraphs.posts.repository.changing import ASKED, PICTURED, films_among, kind_of
from subgraphs.posts.values import PostId, Upload

GONE = frozenset({"MediaDeleted", "MediaMissing"})
SHOWS = func.cardinality(posts.c.media_ids) > 0
EMPTY = and_(posts.c.content == "", posts.c.event_id.is_(None), ~or_(PICTURED, SHOWS, ASKED))


async def note_uploads(session: WriteSession, post_id: PostId, uploads: Sequence[Upload]) -> None:
    """Beside those it showed before: they are in its edits, and go with the post."""
    rows = [
        {"media_id": upload.id, "post_id": post_id, "kind": "VIDEO" if upload.is_video else "IMAGE"}
        for upload in uploads
    ]
    if rows:
        await session.execute(upsert(post_media).values(rows).on_conflict_do_nothing())


async def hear_of_media(session: WriteSession, message: Message) -> None:
    """In the transaction of the message; hearing it twice changes nothing."""
    if message.type in GONE:
        await _forget(session, UUID(message.key))


async def _forget(session: WriteSession, media_id: UUID) -> None:
    """The post's lock comes first, as in an edit, which then writes its uploads."""
    showing = select(post_media.c.post_id).where(post_media.c.media_id == media_id)
    locked = select(posts.c.id).where(posts.c.id.in_(showing)).order_by(posts.c.id).with_for_update()
    ids = list((await session.execute(locked)).scalars())
    if not ids:
        return
    left = _without(posts.c.media_ids, media_id)
    pictured = or_(PICTURED, func.cardinality(left) > 0)
    fewer = {"media_ids": left, "media_id": left[1], "type": kind_of(pictured, films_among(left))}
    showing_now = literal(media_id, Uuid()) == any_(posts.c.media_ids)
    await session.execute(update(posts).where(among(posts.c.id, ids), showing_now).values(fewer))
    await session.execute(delete(posts).where(among(posts.c.id, ids), EMPTY))
    kept = _without(post_edits.c.media_ids, media_id)
    await session.execute(update(post_edits).where(among(post_edits.c.post_id, ids)).values(media_ids=kept))
    await session.execute(delete(post_media).where(post_media.c.media_id == media_id))


def _without(media_ids: ColumnElement[Any], media_id: UUID) -> Any:
    return func.array_remove(media_ids, literal(media_id, Uuid()), type_=ARRAY(Uuid()))
