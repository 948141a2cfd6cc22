"""What users does about what media tells: a picture that is deleted is shown by nobody's profile any more."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from db.postgres import WriteSession
from subgraphs.kit.outbox import Message
from subgraphs.users.models import users


async def hear_of_media(session: WriteSession, message: Message) -> None:
    """Any of its sizes and forms: they have its id in their names. Another picture, chosen since, stays."""
    if message.type != "MediaDeleted" or "user_id" not in message.payload:
        return
    owner, picture = UUID(message.payload["user_id"]), UUID(message.key)
    its = users.c.avatar_url.contains(
        f"/media/profile-images/{owner}/avatars/"
    ) & users.c.avatar_url.contains(f"/{picture}.")
    await session.execute(update(users).where(users.c.id == owner, its).values(avatar_url=None))
