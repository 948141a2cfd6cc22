"""What is in a timeline, in PostgreSQL: posts that are there still, of people who are followed now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.pages import page
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.feed.models import crowds, follows, known_posts, readers
from subgraphs.feed.repository.followed import COLUMNS, ONE, of_followed
from subgraphs.feed.values import NEWEST, Entry, PersonId, PostId
from subgraphs.kit.pages import Page, PageRequest, Position
from subgraphs.kit.records import Rows

LISTS: Mapping[str, Rows] = {"readers": lambda user: select(readers).where(readers.c.user_id == user)}
"""What feed keeps of somebody beside copies: how far they have read."""


class PostgresFeedRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_among(self, user: PersonId, ids: Sequence[PostId], request: PageRequest) -> Page[Entry]:
        """Of these posts and of those that are pulled."""
        async with self._database.read() as session:
            near = await session.fetch(_among(user, ids, request))
            pulled = await session.fetch(of_followed(user, request, is_pulled=True))
        return Page.cut(_merged([*near, *pulled], request), request)

    async def list_all(self, user: PersonId, request: PageRequest) -> Page[Entry]:
        """O(people followed + page)."""
        async with self._database.read() as session:
            rows = await session.fetch(of_followed(user, request, is_pulled=False))
        return Page.cut(_merged(rows, request), request)

    async def newest_ids(self, user: PersonId, limit: int) -> list[PostId]:
        async with self._database.read() as session:
            rows = await session.fetch(of_followed(user, PageRequest(NEWEST, limit), is_pulled=False))
        return [entry.post_id for entry in _merged(rows, PageRequest(NEWEST, limit))[:limit]]

    async def count_all(self, user: PersonId) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(user)))

    async def find_seen(self, user: PersonId) -> Position | None:
        async with self._database.read() as session:
            rows = await session.fetch(_seen(user))
        return (rows[0].seen_at, rows[0].seen_post_id) if rows else None

    async def note_seen(self, user: PersonId, position: Position) -> None:
        """Never back."""
        added = insert(readers).values(user_id=user, seen_at=position[0], seen_post_id=position[1])
        further = added.on_conflict_do_update(
            index_elements=["user_id"],
            set_={"seen_at": added.excluded.seen_at, "seen_post_id": added.excluded.seen_post_id},
            where=readers.c.seen_at < added.excluded.seen_at,
        )
        async with self._database.write() as session:
            await session.execute(further)

    async def forget_person(self, session: WriteSession, user: UUID) -> None:
        await session.execute(delete(readers).where(readers.c.user_id == user))
        await session.execute(delete(crowds).where(crowds.c.author_id == user))
        gone = or_(follows.c.follower_id == user, follows.c.followed_id == user)
        await session.execute(delete(follows).where(gone))
        await session.execute(delete(known_posts).where(known_posts.c.author_id == user))


@per_shape
def _among(user: PersonId, ids: Sequence[PostId], request: PageRequest) -> Select[Any]:
    followed = select(ONE).where(
        follows.c.follower_id == user, follows.c.followed_id == known_posts.c.author_id
    )
    theirs = or_(known_posts.c.author_id == user, followed.correlate(known_posts).exists())
    pushed = ~known_posts.c.is_pulled
    found = select(known_posts).where(among(known_posts.c.id, ids), pushed, theirs)
    return page(found, COLUMNS, request, descending=True)


@per_shape
def _counted(user: PersonId) -> Select[Any]:
    followed = select(follows.c.followed_id).where(follows.c.follower_id == user)
    theirs = or_(known_posts.c.author_id == user, known_posts.c.author_id.in_(followed))
    return select(func.count()).select_from(known_posts).where(theirs)


@per_shape
def _seen(user: PersonId) -> Select[Any]:
    return select(readers.c.seen_at, readers.c.seen_post_id).where(readers.c.user_id == user)


def _merged(rows: Sequence[Any], request: PageRequest) -> list[Entry]:
    """In list order from where the page begins."""
    entries = {row.id: Entry(row.id, row.created_at) for row in rows}
    return sorted(
        entries.values(), key=lambda each: (each.created_at, each.post_id), reverse=not request.backward
    )
