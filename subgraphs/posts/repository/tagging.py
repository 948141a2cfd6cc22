"""What posts name, written with them: hashtags, and mentions of those who are called so at that moment.

Somebody who is mentioned stays so under another name, and nobody who takes the name later comes into it. Who
may see the post is told: `posts.mention`, UserMentioned. A name that nobody has is text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, delete, func, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.postgres import Database, WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.outbox import Message
from subgraphs.posts.models import names, post_hashtags, post_mentions, posts, untagged
from subgraphs.posts.repository.statements import visible_to
from subgraphs.posts.tags import Tags, tags_of
from subgraphs.posts.values import AuthorId, Reader

TOPIC = "posts.mention"
AT_ONCE = 500
CALLED = func.lower(names.c.username, type_=String())


async def write_tags(session: WriteSession, post: Any, tags: Tags) -> None:
    """In place of those that are there. `post` is its row. Who was mentioned before is not told again."""
    mine = post_mentions.c.post_id == post.id
    known = frozenset((await session.execute(select(post_mentions.c.user_id).where(mine))).scalars())
    await session.execute(delete(post_mentions).where(mine))
    await session.execute(delete(post_hashtags).where(post_hashtags.c.post_id == post.id))
    await session.execute(delete(untagged).where(untagged.c.post_id == post.id))
    if tags.hashtags:
        await session.execute(insert(post_hashtags).values(_hashtag_rows(post, tags)))
    people = await _people(session, tags)
    if people:
        rows = upsert(post_mentions).values(_mention_rows(post, tags, people)).on_conflict_do_nothing()
        await session.execute(rows)
        await _tell(session, post, [person for person in people.values() if person not in known])


@dataclass(frozen=True, slots=True)
class Tagging:
    """A task: reads posts for tags that came by another way than a mutation. Nobody is told of those."""

    database: Database
    name: str = "untagged posts"

    async def step(self) -> bool:
        """Whether there was any."""
        some = select(untagged.c.post_id).order_by(untagged.c.post_id).limit(AT_ONCE)
        async with self.database.write() as session:
            ids = list((await session.execute(some.with_for_update(skip_locked=True))).scalars())
            found = select(posts.c.id, posts.c.author_id, posts.c.content, posts.c.created_at)
            for post in (await session.execute(found.where(among(posts.c.id, ids)))).all():
                await self._read(session, post)
            await session.execute(delete(untagged).where(among(untagged.c.post_id, ids)))
        return bool(ids)

    async def _read(self, session: WriteSession, post: Any) -> None:
        tags = tags_of(post.content)
        people = await _people(session, tags)
        if tags.hashtags:
            rows = upsert(post_hashtags).values(_hashtag_rows(post, tags)).on_conflict_do_nothing()
            await session.execute(rows)
        if people:
            mentioned = upsert(post_mentions).values(_mention_rows(post, tags, people))
            await session.execute(mentioned.on_conflict_do_nothing())


async def _people(session: WriteSession, tags: Tags) -> dict[str, UUID]:
    """Name in lower case → who is called so."""
    if not tags.mentions:
        return {}
    called = select(CALLED.label("name"), names.c.id).where(among(CALLED, list(tags.mentions)))
    return {row.name: row.id for row in await session.execute(called)}


def _hashtag_rows(post: Any, tags: Tags) -> Sequence[dict[str, Any]]:
    given = {"post_id": post.id, "created_at": post.created_at}
    return [
        {**given, "name": tag.name, "label": tag.label, "position": position}
        for position, tag in enumerate(tags.hashtags)
    ]


def _mention_rows(post: Any, tags: Tags, people: dict[str, UUID]) -> Sequence[dict[str, Any]]:
    given = {"post_id": post.id, "created_at": post.created_at}
    return [
        {**given, "user_id": people[name], "label": label, "position": position}
        for position, (name, label) in enumerate(tags.mentions.items())
        if name in people
    ]


async def _tell(session: WriteSession, post: Any, people: Sequence[UUID]) -> None:
    """A post that somebody may not see mentions them to nobody's knowledge."""
    told = []
    for person in people:
        seen = select(literal(1)).where(posts.c.id == post.id, *visible_to(Reader(AuthorId(person))))
        if person != post.author_id and (await session.execute(seen)).first() is not None:
            facts = {"post_id": str(post.id), "author_id": str(post.author_id), "user_id": str(person)}
            told.append(Message(TOPIC, str(post.id), "UserMentioned", facts))
    await outbox.add(session, *told)
