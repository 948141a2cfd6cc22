"""What media does about what it hears: of posts that are gone, of people who are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, delete, select

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.kit.outbox import Message
from subgraphs.media.models import attachments, media
from subgraphs.media.repository.removal import remove_media


async def hear_of_posts(session: WriteSession, message: Message) -> None:
    """What a post showed goes with it, unless another post shows it too."""
    if message.type != "PostsTold" or not message.payload["gone"]:
        return
    gone = [UUID(row["id"]) for row in message.payload["gone"]]
    shown = delete(attachments).where(among(attachments.c.post_id, gone)).returning(attachments.c.media_id)
    ids = list((await session.execute(shown)).scalars())
    elsewhere = select(attachments.c.media_id).where(attachments.c.media_id == media.c.id)
    if ids:
        await remove_media(session, and_(among(media.c.id, ids), ~elsewhere.exists()))


async def forget_owner(session: WriteSession, user: UUID) -> None:
    await remove_media(session, media.c.user_id == user)
