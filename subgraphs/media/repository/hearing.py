"""What media does about what it hears: which uploads posts and events show, and of people who are gone.

All that shows uploads is heard by one consumer, one message after the other: whether anything still shows one
is not asked while it is being told that something does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Table, and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.news import Row
from subgraphs.kit.outbox import Message
from subgraphs.media.models import attachments, event_attachments, media
from subgraphs.media.repository.removal import TOPIC, remove_media
from subgraphs.media.values import Purpose

SHOWING: Mapping[str, tuple[Table, str]] = MappingProxyType(
    {"PostMediaTold": (attachments, "post_id"), "EventImagesTold": (event_attachments, "event_id")}
)
"""Message → its pairs, and their column that names what shows."""
TOPICS = ("posts.media", "events.images")


async def hear_of_shown(session: WriteSession, message: Message) -> None:
    """`rows` are pairs of an upload and what shows it (a post also until it was edited); a pair is gone with
    what shows it. What was shown goes with it, unless something else shows it too.
    """
    if message.type in SHOWING:
        pairs, name = SHOWING[message.type]
        await _keep(session, pairs, name, message.payload["rows"])
        await _forget(session, pairs, name, message.payload["gone"])


async def _keep(session: WriteSession, pairs: Table, name: str, rows: Sequence[Row]) -> None:
    """The media are locked against being deleted in between. Of those that are gone already others hear."""
    ids = {UUID(row["media_id"]) for row in rows}
    locked = select(media.c.id).where(among(media.c.id, ids)).order_by(media.c.id)
    there = set((await session.execute(locked.with_for_update(key_share=True))).scalars())
    told = [{each: UUID(row[each]) for each in ("media_id", name)} for row in rows]
    if kept := [pair for pair in told if pair["media_id"] in there]:
        await session.execute(upsert(pairs).values(kept).on_conflict_do_nothing())
    await outbox.add(
        session, *(Message(TOPIC, str(each), "MediaMissing", {}) for each in sorted(ids - there))
    )


async def _forget(session: WriteSession, pairs: Table, name: str, gone: Sequence[Row]) -> None:
    if not gone:
        return
    ids, showing = ([UUID(pair[each]) for pair in gone] for each in ("media_id", name))
    which = and_(among(pairs.c.media_id, ids), among(pairs.c[name], showing))
    await session.execute(delete(pairs).where(which))
    elsewhere = [
        select(each.c.media_id).where(each.c.media_id == media.c.id).exists() for each, _ in SHOWING.values()
    ]
    its = and_(among(media.c.id, ids), media.c.purpose == Purpose.POST.value)
    await remove_media(session, and_(its, ~or_(*elsewhere)))


async def forget_owner(session: WriteSession, user: UUID) -> None:
    await remove_media(session, media.c.user_id == user)
