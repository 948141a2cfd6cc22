"""What is in a timeline, in PostgreSQL: posts that are there still, of people who are followed now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    delete,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.pages import page
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.feed.models import crowds, follows, known_posts, readers
from subgraphs.feed.repository.followed import COLUMNS, ONE, Conditions, in_order, of_followed
from subgraphs.feed.values import NEWEST, Entry, PersonId, PostId
from subgraphs.kit.pages import Page, PageRequest, Position
from subgraphs.kit.records import Rows

LISTS: Mapping[str, Rows] = {"readers": lambda user: select(readers).where(readers.c.user_id == user)}
"""What feed keeps of somebody beside copies: how far they have read."""


class PostgresFeedRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_among(self, user: PersonId, ids: Sequence[PostId], request: PageRequest) -> Page[Entry]:
        """Of these posts and of those that are pulled. O(ids + people followed + page)."""
        async with self._database.read() as session:
            rows = await session.fetch(_among(user, ids, request))
        return Page.cut(_entries(rows), request)

    async def list_all(self, user: PersonId, request: PageRequest) -> Page[Entry]:
        """O(people followed + page)."""
        async with self._database.read() as session:
            rows = await session.fetch(_all(user, request))
        return Page.cut(_entries(rows), request)

    async def count_new_among(self, user: PersonId, ids: Sequence[PostId], request: PageRequest) -> int:
        """How many `list_among` would find that came after what was seen, when the request does not say after
        what. Up to one more than its limit.
        """
        async with self._database.read() as session:
            return int(await session.fetch_value(_new_among(user, ids, request)))

    async def count_new(self, user: PersonId, request: PageRequest) -> int:
        """The same of `list_all`."""
        async with self._database.read() as session:
            return int(await session.fetch_value(_new(user, request)))

    async def newest_ids(self, user: PersonId, limit: int) -> list[PostId]:
        page = await self.list_all(user, PageRequest(NEWEST, limit))
        return [entry.post_id for entry in page.items]

    async def count_all(self, user: PersonId) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(user)))

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
    return _pushed_and_pulled(user, ids, request)


@per_shape
def _all(user: PersonId, request: PageRequest) -> Select[Any]:
    return of_followed(user, request)


@per_shape
def _new_among(user: PersonId, ids: Sequence[PostId], request: PageRequest) -> Select[Any]:
    return _number_of(_pushed_and_pulled(user, ids, request, _unseen(user, request)))


@per_shape
def _new(user: PersonId, request: PageRequest) -> Select[Any]:
    return _number_of(of_followed(user, request, only=_unseen(user, request)))


def _pushed_and_pulled(
    user: PersonId, ids: Sequence[PostId], request: PageRequest, only: Conditions = ()
) -> Select[Any]:
    """A post is one or the other, so none comes twice."""
    followed = select(ONE).where(
        follows.c.follower_id == user, follows.c.followed_id == known_posts.c.author_id
    )
    theirs = or_(known_posts.c.author_id == user, followed.correlate(known_posts).exists())
    named = select(*COLUMNS).where(among(known_posts.c.id, ids), ~known_posts.c.is_pulled, theirs, *only)
    pushed = page(named, COLUMNS, request, descending=True).subquery()
    pulled = of_followed(user, request, is_pulled=True, only=only).subquery()
    both = union_all(select(pushed), select(pulled)).subquery()
    return in_order(select(both), both, request)


def _unseen(user: PersonId, request: PageRequest) -> Conditions:
    """After what the user has noted as seen; everything when that is nothing."""
    if request.before is not None:
        return ()
    at, post_id = (_seen(user, column) for column in (readers.c.seen_at, readers.c.seen_post_id))
    never: ColumnElement[Any] = literal_column("timestamptz '-infinity'")
    nothing: ColumnElement[Any] = literal_column(f"uuid '{UUID(int=0)}'")
    return (tuple_(*COLUMNS) > tuple_(func.coalesce(at, never), func.coalesce(post_id, nothing)),)


def _seen(user: PersonId, column: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(column).where(readers.c.user_id == user).scalar_subquery()


def _number_of(entries: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(entries.subquery())


@per_shape
def _counted(user: PersonId) -> Select[Any]:
    followed = select(follows.c.followed_id).where(follows.c.follower_id == user)
    theirs = or_(known_posts.c.author_id == user, known_posts.c.author_id.in_(followed))
    return select(func.count()).select_from(known_posts).where(theirs)


def _entries(rows: Iterable[Any]) -> list[Entry]:
    return list(starmap(Entry, rows))
