"""Which posts show which media."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from db.arrays import among
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.media.models import attachments, media
from subgraphs.media.repository.rows import media_of
from subgraphs.media.values import Media, MediaId, OwnerId, PostId, Purpose, Status

ATTACHABLE = (Status.PROCESSING.value, Status.READY.value)


class PostgresAttachmentRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(
        self, post_id: PostId, owner: OwnerId, ids: Sequence[MediaId], actor: Actor
    ) -> Sequence[MediaId]:
        """The media are locked against being deleted in between, in one order."""
        mine = select(media.c.id).where(
            among(media.c.id, ids),
            media.c.user_id == owner,
            media.c.purpose == Purpose.POST.value,
            media.c.status.in_(ATTACHABLE),
        )
        locked = mine.order_by(media.c.id).with_for_update(key_share=True)
        async with self._database.write() as session:
            found = set((await session.execute(locked)).scalars()) if ids else set()
            if missing := [each for each in ids if each not in found]:
                return missing
            await session.execute(delete(attachments).where(attachments.c.post_id == post_id))
            if ids:
                rows = [{"post_id": post_id, "media_id": each, "position": at} for at, each in enumerate(ids)]
                await session.execute(insert(attachments).values(rows))
            shown = {"media": [None, list(ids)]}
            await audit.record(session, actor, "attach", "post", post_id, shown)
        return []

    async def list_by_posts(self, posts: Sequence[PostId]) -> Mapping[PostId, tuple[Media, ...]]:
        found: dict[PostId, list[Media]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.fetch(_attached(posts)):
                found[row.post_id].append(media_of(row))
        return {post_id: tuple(listed) for post_id, listed in found.items()}


@per_shape
def _attached(posts: Sequence[PostId]) -> Any:
    joined = select(attachments.c.post_id, *media.c).join_from(attachments, media)
    ordered = (attachments.c.post_id, attachments.c.position, attachments.c.media_id)
    return joined.where(among(attachments.c.post_id, posts)).order_by(*ordered)
