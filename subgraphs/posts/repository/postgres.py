"""Posts in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, Select, and_, delete, func, insert, or_, select, union_all
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.kit import audit, repeats
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.kit.repeats import Attempt
from subgraphs.posts.models import bookmarks, languages, post_images, posts
from subgraphs.posts.repository.changing import update_statement
from subgraphs.posts.repository.postgres_edits import keep_edit
from subgraphs.posts.repository.postgres_polls import add_poll
from subgraphs.posts.repository.statements import (
    POSTS,
    filtered,
    hidden_of,
    image_rows,
    images_of,
    post_of,
    public_for,
    visible_to,
)
from subgraphs.posts.repository.tagging import write_tags
from subgraphs.posts.repository.uploads import note_uploads
from subgraphs.posts.tags import NO_TAGS
from subgraphs.posts.values import (
    AuthorId,
    Bookmark,
    EventId,
    Image,
    NewPost,
    Post,
    PostChange,
    PostFilter,
    PostId,
    Reader,
)

NEWEST = [posts.c.created_at, posts.c.id]
Parent = TypeVar("Parent", bound=UUID)


class PostgresPostRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, post: NewPost, attempt: Attempt | None) -> Post:
        values = {
            "id": post.id,
            "author_id": post.author_id,
            "type": post.type.value,
            "content": post.content,
            "event_id": post.event_id,
            "attached_event_id": post.attached_event_id,
            **_shown_uploads(post),
            "visibility": post.visibility.value,
            "language": post.language or _own_language(post.author_id),
        }
        async with self._database.write() as session:
            made = await repeats.earlier(session, attempt, post.id)
            if made is not None:
                return await _made(session, PostId(made))
            row = (await session.execute(insert(posts).values(values).returning(posts))).one()
            if post.images:
                await session.execute(insert(post_images).values(image_rows(post.id, post.images)))
            await note_uploads(session, post.id, post.uploads)
            if post.poll is not None:
                await add_poll(session, post.id, post.poll)
            if post.tags != NO_TAGS:
                await write_tags(session, row, post.tags)
        return post_of(row)

    async def find_by_ids(self, ids: Sequence[PostId], reader: Reader) -> Mapping[PostId, Post]:
        async with self._database.read() as session:
            return {row.id: post_of(row) for row in await session.fetch(_found(ids, reader))}

    async def update(self, post_id: PostId, author: AuthorId, change: PostChange) -> Post | None:
        """Edits of one post come one after the other: each looks at what the one before has left."""
        locked = POSTS.where(posts.c.id == post_id).with_for_update()
        async with self._database.write() as session:
            before = (await session.execute(locked)).first()
            if before is None:
                return None
            shown = images_of((await session.execute(_shown(post_id))).all()).get(post_id, ())
            is_edit = _is_edit(change, before, shown)
            updated = update_statement(post_id, author, change, is_edit=is_edit)
            row = (await session.execute(updated)).first()
            if row is not None and is_edit:
                await keep_edit(session, before, shown)
                await self._edit(session, row, change)
        return None if row is None else post_of(row)

    async def _edit(self, session: WriteSession, row: Any, change: PostChange) -> None:
        if change.images is not None:
            await session.execute(delete(post_images).where(post_images.c.post_id == row.id))
            if change.images:
                await session.execute(insert(post_images).values(image_rows(row.id, change.images)))
        await note_uploads(session, row.id, change.uploads or ())
        if change.tags is not None:
            await write_tags(session, row, change.tags)

    async def remove(self, post_id: PostId, remover: Reader, actor: Actor) -> bool:
        """What somebody does to another's post is in the audit."""
        statement = delete(posts).where(posts.c.id == post_id)
        if not remover.sees_all:
            statement = statement.where(posts.c.author_id == remover.user_id)
        async with self._database.write() as session:
            row = (await session.execute(statement.returning(posts.c.author_id))).first()
            if row is not None and row.author_id != remover.user_id:
                await audit.record(session, actor, "delete", "post", post_id)
        return row is not None

    async def list_posts(self, wanted: PostFilter, reader: Reader, request: PageRequest) -> Page[Post]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(wanted, reader, request))
        return Page.cut([post_of(row) for row in rows], request)

    async def count_posts(self, wanted: PostFilter, reader: Reader) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(wanted, reader)))

    async def list_by_authors(
        self, authors: Sequence[AuthorId], reader: Reader, request: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]:
        return await self._list_by(posts.c.author_id, authors, reader, request)

    async def count_by_authors(self, authors: Sequence[AuthorId], reader: Reader) -> Mapping[AuthorId, int]:
        return await self._count(posts.c.author_id, authors, reader)

    async def list_by_events(
        self, events: Sequence[EventId], reader: Reader, request: PageRequest
    ) -> Mapping[EventId, Page[Post]]:
        return await self._list_by(posts.c.event_id, events, reader, request)

    async def count_by_events(self, events: Sequence[EventId], reader: Reader) -> Mapping[EventId, int]:
        return await self._count(posts.c.event_id, events, reader)

    async def list_images(self, post_ids: Sequence[PostId]) -> Mapping[PostId, tuple[Image, ...]]:
        async with self._database.read() as session:
            return images_of(await session.fetch(_images(post_ids)))

    async def bookmark(self, reader: Reader, user: AuthorId, post_id: PostId) -> Post | None:
        """One statement looks whether the post may be seen and keeps it from going away meanwhile."""
        async with self._database.write() as session:
            rows = await session.fetch(_kept_from_going(post_id, reader))
            if rows:
                await session.fetch(_bookmark(user, post_id))
        return post_of(rows[0]) if rows else None

    async def remove_bookmark(self, user: AuthorId, post_id: PostId) -> bool:
        pair = and_(bookmarks.c.user_id == user, bookmarks.c.post_id == post_id)
        async with self._database.write() as session:
            return (await session.execute(delete(bookmarks).where(pair))).rowcount > 0

    async def find_bookmarked(self, user: AuthorId, post_ids: Sequence[PostId]) -> frozenset[PostId]:
        async with self._database.read() as session:
            rows = await session.fetch(_bookmarked(user, post_ids))
            return frozenset(row.post_id for row in rows)

    async def count_bookmarks(self, post_ids: Sequence[PostId]) -> Mapping[PostId, int]:
        return await self._count(bookmarks.c.post_id, post_ids)

    async def list_bookmarks(self, user: AuthorId, reader: Reader, request: PageRequest) -> Page[Bookmark]:
        async with self._database.read() as session:
            rows = await session.fetch(_bookmarks(user, reader, request))
        return Page.cut([Bookmark(post_of(row), row.since) for row in rows], request)

    async def count_own_bookmarks(self, user: AuthorId, reader: Reader) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted_bookmarks(user, reader)))

    async def _list_by(
        self, column: ColumnElement[Any], parents: Sequence[Parent], reader: Reader, request: PageRequest
    ) -> Mapping[Parent, Page[Post]]:
        async with self._database.read() as session:
            rows = await session.fetch(_pages(column, parents, reader, request))
            found = ((row._mapping[PARENT], post_of(row)) for row in rows)
            return pages_of(parents, found, request)

    async def _count(
        self, column: ColumnElement[Any], parents: Sequence[Parent], reader: Reader | None = None
    ) -> Mapping[Parent, int]:
        async with self._database.read() as session:
            rows = await session.fetch(_counts(column, parents, reader))
            return {row.parent: row.number for row in rows}


def _shown_uploads(post: NewPost) -> dict[str, Any]:
    """`media_id` is the first one's (seed 000); the table holds the two together."""
    ids = [upload.id for upload in post.uploads]
    return {"media_ids": ids, "media_id": ids[0] if ids else None}


def _is_edit(change: PostChange, before: Any, images: tuple[Image, ...]) -> bool:
    """A change of readers is none."""
    is_said = change.content in (None, before.content) and change.images in (None, images)
    is_same = change.uploads is None or [upload.id for upload in change.uploads] == before.media_ids
    return not (is_said and is_same)


async def _made(session: WriteSession, post_id: PostId) -> Post:
    row = (await session.execute(POSTS.where(posts.c.id == post_id))).first()
    if row is None:
        raise repeats.gone("post")
    return post_of(row)


@per_shape
def _found(ids: Sequence[PostId], reader: Reader) -> Select[Any]:
    return POSTS.where(among(posts.c.id, ids), *visible_to(reader))


@per_shape
def _counted(wanted: PostFilter, reader: Reader) -> Select[Any]:
    counted = select(func.count()).select_from(posts).where(*filtered(wanted))
    if reader.user_id is None or reader.sees_all or wanted.author_id is not None:
        return counted.where(*visible_to(reader))
    return counted.where(or_(and_(*public_for(reader)), hidden_of(reader)))


def _own_language(author: AuthorId) -> ColumnElement[Any]:
    """As users told it; nothing of somebody it has not told of yet."""
    told = select(func.lower(languages.c.language)).where(languages.c.user_id == author)
    return told.scalar_subquery()


def _shown(post_id: PostId) -> Select[Any]:
    shown = select(post_images).where(post_images.c.post_id == post_id)
    return shown.order_by(post_images.c.position)


@per_shape
def _images(post_ids: Sequence[PostId]) -> Select[Any]:
    return (
        select(post_images.c.post_id, post_images.c.image_url, post_images.c.alt_text)
        .where(among(post_images.c.post_id, post_ids))
        .order_by(post_images.c.post_id, post_images.c.position)
    )


@per_shape
def _kept_from_going(post_id: PostId, reader: Reader) -> Select[Any]:
    return POSTS.where(posts.c.id == post_id, *visible_to(reader)).with_for_update(key_share=True)


@per_shape
def _bookmark(user: AuthorId, post_id: PostId) -> Insert:
    return upsert(bookmarks).values(user_id=user, post_id=post_id).on_conflict_do_nothing()


@per_shape
def _bookmarked(user: AuthorId, post_ids: Sequence[PostId]) -> Select[Any]:
    mine = and_(bookmarks.c.user_id == user, among(bookmarks.c.post_id, post_ids))
    return select(bookmarks.c.post_id).where(mine)


@per_shape
def _bookmarks(user: AuthorId, reader: Reader, request: PageRequest) -> Select[Any]:
    listed = select(posts, bookmarks.c.created_at.label("since")).join_from(bookmarks, posts)
    mine = listed.where(bookmarks.c.user_id == user, *visible_to(reader))
    return page(mine, [bookmarks.c.created_at, bookmarks.c.post_id], request, descending=True)


@per_shape
def _counted_bookmarks(user: AuthorId, reader: Reader) -> Select[Any]:
    counted = select(func.count()).select_from(bookmarks.join(posts))
    return counted.where(bookmarks.c.user_id == user, *visible_to(reader))


@per_shape
def _pages(
    column: ColumnElement[Any], parents: Sequence[UUID], reader: Reader, request: PageRequest
) -> Select[Any]:
    visible, falling = POSTS.where(*visible_to(reader)), request.ordering.descending
    return pages_of_parents(visible, column, parents, NEWEST, request, descending=falling)


@per_shape
def _counts(column: ColumnElement[Any], parents: Sequence[UUID], reader: Reader | None) -> Select[Any]:
    counted = select(column.label("parent"), func.count().label("number"))
    visible = () if reader is None else visible_to(reader)
    return counted.where(among(column, parents), *visible).group_by(column)


def list_statement(wanted: PostFilter, reader: Reader, request: PageRequest) -> Select[Any]:
    """`visibility = 'PUBLIC' OR author = …` fits no index, so what is for everybody and what only the reader
    sees are two index scans of a page each, merged: O(page), whatever the table's size. What others wrote for
    their followers is on the list of one author, and not on everybody's: no index has it by reader.
    """
    falling = request.ordering.descending
    listed = POSTS.where(*filtered(wanted))
    if reader.user_id is None or reader.sees_all or wanted.author_id is not None:
        return page(listed.where(*visible_to(reader)), NEWEST, request, descending=falling)
    halves = [
        page(listed.where(*which), NEWEST, request, descending=falling).subquery()
        for which in (public_for(reader), [hidden_of(reader)])
    ]
    both = union_all(*(select(half) for half in halves)).subquery()
    down = falling != request.backward
    order = [column.desc() if down else column.asc() for column in (both.c.created_at, both.c.id)]
    return select(both).order_by(*order).limit(request.limit + 1)


_listed = per_shape(list_statement)
