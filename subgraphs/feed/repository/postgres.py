"""What is in a timeline, in PostgreSQL: posts that are there still, of people who are followed now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    ScalarSelect,
    Select,
    delete,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.pages import page
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.feed.models import crowds, follows, known_posts, readers
from subgraphs.feed.repository.followed import COLUMNS, ONE, Conditions, in_order, of_followed
from subgraphs.feed.repository.pages import Kept
from subgraphs.feed.values import Entry, PersonId, PostId
from subgraphs.kit.pages import Page, PageRequest, Position
from subgraphs.kit.records import Rows

YES: ColumnElement[bool] = literal_column("true", Boolean())
NO: ColumnElement[bool] = literal_column("false", Boolean())
PLACE = itemgetter(0, 1)
SPARE = 10
"""More than are needed to know that a page is one, because some that follow it are pulled."""
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

    async def find_newest(self, user: PersonId, kept: Kept, request: PageRequest) -> Page[Entry] | None:
        """The same of all that are kept, by the first of them; None when these do not say it.

        Whatever is not among the first came before all of them. One that belongs to the page is newer than
        all that follow the page, and those of them that were pushed came late: so these may not be as few.
        """
        if kept.late is None:
            return None
        wider = PageRequest(request.ordering, request.limit + kept.late + SPARE, before=request.before)
        async with self._database.read() as session:
            rows = await session.fetch(_among(user, kept.ids, wider))
        following = sum(not row.is_pulled for row in rows[request.limit + 1 :])
        return Page.cut(_entries(rows), request) if following > kept.late else None

    async def list_all(self, user: PersonId, request: PageRequest) -> Page[Entry]:
        """O(people followed + page)."""
        async with self._database.read() as session:
            rows = await session.fetch(_all(user, request))
        return Page.cut(_entries(rows), request)

    async def count_new_among(
        self, user: PersonId, ids: Sequence[PostId], request: PageRequest
    ) -> tuple[int, int]:
        """How many of what `list_among` lists came after the request's `before`, or after what was seen when
        it says nothing, and how many of these ids did not. Of pulled ones no more than its limit and one.
        """
        async with self._database.read() as session:
            (row,) = await session.fetch(_new_among(user, ids, request))
        return row.pushed + row.pulled, row.seen

    async def count_new(self, user: PersonId, request: PageRequest) -> int:
        """The same of `list_all`."""
        async with self._database.read() as session:
            return int(await session.fetch_value(_new(user, request)))

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
    """A post is pushed or pulled, so none comes twice."""
    pushed = page(select(*COLUMNS).where(*_pushed(user, ids)), COLUMNS, request, descending=True).subquery()
    pulled = of_followed(user, request, is_pulled=True).subquery()
    marked = (select(pushed, NO.label("is_pulled")), select(pulled, YES.label("is_pulled")))
    both = union_all(*marked).subquery()
    return in_order(select(both), both, request)


@per_shape
def _all(user: PersonId, request: PageRequest) -> Select[Any]:
    return of_followed(user, request)


@per_shape
def _new_among(user: PersonId, ids: Sequence[PostId], request: PageRequest) -> Select[Any]:
    new = _is_new(user, request)
    pulled = _number_of(of_followed(user, request, is_pulled=True, only=(new,)))
    counted = (func.count().filter(new).label("pushed"), func.count().filter(~new).label("seen"))
    return select(*counted, pulled.scalar_subquery().label("pulled")).where(*_pushed(user, ids))


@per_shape
def _new(user: PersonId, request: PageRequest) -> Select[Any]:
    return _number_of(of_followed(user, request, only=(_is_new(user, request),)))


def _pushed(user: PersonId, ids: Sequence[PostId]) -> Conditions:
    followed = select(ONE).where(
        follows.c.follower_id == user, follows.c.followed_id == known_posts.c.author_id
    )
    theirs = or_(known_posts.c.author_id == user, followed.correlate(known_posts).exists())
    return (among(known_posts.c.id, ids), ~known_posts.c.is_pulled, theirs)


def _is_new(user: PersonId, request: PageRequest) -> ColumnElement[bool]:
    """After where the request ends, or after what the user has noted as seen: all, when that is nothing."""
    if request.before is not None:
        end = [type_coerce(value, column.type) for value, column in zip(request.before, COLUMNS, strict=True)]
        return tuple_(*COLUMNS) > tuple_(*end)
    at, post_id = (_seen(user, column) for column in (readers.c.seen_at, readers.c.seen_post_id))
    never: ColumnElement[Any] = literal_column("timestamptz '-infinity'")
    nothing: ColumnElement[Any] = literal_column(f"uuid '{UUID(int=0)}'")
    return tuple_(*COLUMNS) > tuple_(func.coalesce(at, never), func.coalesce(post_id, nothing))


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
    return list(starmap(Entry, map(PLACE, rows)))
