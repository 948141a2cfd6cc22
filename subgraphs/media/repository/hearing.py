"""What media does about what it hears: which uploads posts show, and of people who are gone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.news import Row
from subgraphs.kit.outbox import Message
from subgraphs.media.models import attachments, media
from subgraphs.media.repository.removal import TOPIC, remove_media
from subgraphs.media.values import Purpose


async def hear_of_posts(session: WriteSession, message: Message) -> None:
    """`rows` are pairs of an upload and a post that shows it, or did before it was edited; a pair is gone
    with its post. What a post showed goes with it, unless another post shows it too.
    """
    if message.type == "PostMediaTold":
        await _keep(session, message.payload["rows"])
        await _forget(session, message.payload["gone"])


async def _keep(session: WriteSession, rows: Sequence[Row]) -> None:
    """The media are locked against being deleted in between. Of those that are gone already posts hears."""
    ids = {UUID(row["media_id"]) for row in rows}
    locked = select(media.c.id).where(among(media.c.id, ids)).order_by(media.c.id)
    there = set((await session.execute(locked.with_for_update(key_share=True))).scalars())
    pairs = [{name: UUID(row[name]) for name in ("media_id", "post_id")} for row in rows]
    if kept := [pair for pair in pairs if pair["media_id"] in there]:
        await session.execute(upsert(attachments).values(kept).on_conflict_do_nothing())
    await outbox.add(
        session, *(Message(TOPIC, str(each), "MediaMissing", {}) for each in sorted(ids - there))
    )


async def _forget(session: WriteSession, gone: Sequence[Row]) -> None:
    if not gone:
        return
    ids, posts = ([UUID(pair[name]) for pair in gone] for name in ("media_id", "post_id"))
    which = and_(among(attachments.c.media_id, ids), among(attachments.c.post_id, posts))
    await session.execute(delete(attachments).where(which))
    elsewhere = select(attachments.c.media_id).where(attachments.c.media_id == media.c.id).exists()
    its = and_(among(media.c.id, ids), media.c.purpose == Purpose.POST.value)
    await remove_media(session, and_(its, ~elsewhere))


async def forget_owner(session: WriteSession, user: UUID) -> None:
    await remove_media(session, media.c.user_id == user)
