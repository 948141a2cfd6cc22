"""Posts in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.posts.models import bookmarks, post_images, posts
from subgraphs.posts.values import (
    AuthorId,
    Bookmark,
    EventId,
    Image,
    NewPost,
    Post,
    PostChange,
    PostId,
    PostType,
    Visibility,
)

POSTS = select(posts)
NEWEST = [posts.c.created_at, posts.c.id]
Parent = TypeVar("Parent", bound=UUID)


class PostgresPostRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, post: NewPost) -> Post:
        values = {
            "id": post.id,
            "author_id": post.author_id,
            "type": post.type.value,
            "content": post.content,
            "event_id": post.event_id,
            "visibility": post.visibility.value,
        }
        images = [
            {"post_id": post.id, "image_url": image.url, "alt_text": image.alt_text, "position": position}
            for position, image in enumerate(post.images)
        ]
        async with self._database.write() as session:
            row = (await session.execute(insert(posts).values(values).returning(posts))).one()
            if images:
                await session.execute(insert(post_images).values(images))
        return _post(row)

    async def find_by_ids(self, ids: Sequence[PostId]) -> Mapping[PostId, Post]:
        async with self._database.read() as session:
            found = [_post(row) for row in await session.execute(POSTS.where(posts.c.id.in_(ids)))]
        return {post.id: post for post in found}

    async def update(self, post_id: PostId, change: PostChange) -> Post | None:
        values: dict[str, object] = {}
        if change.content is not None:
            values["content"] = change.content
        if change.visibility is not None:
            values["visibility"] = change.visibility.value
        async with self._database.write() as session:
            if values:
                await session.execute(update(posts).where(posts.c.id == post_id).values(values))
            row = (await session.execute(POSTS.where(posts.c.id == post_id))).first()
        return None if row is None else _post(row)

    async def remove(self, post_id: PostId) -> None:
        async with self._database.write() as session:
            await session.execute(delete(posts).where(posts.c.id == post_id))

    async def list_newest(self, reader: AuthorId | None, request: PageRequest) -> Page[Post]:
        statement = page(POSTS.where(_visible_to(reader)), NEWEST, request, descending=True)
        async with self._database.read() as session:
            rows = (await session.execute(statement)).all()
        return Page.cut([_post(row) for row in rows], request)

    async def list_by_authors(
        self, authors: Sequence[AuthorId], reader: AuthorId | None, request: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]:
        return await self._list_by(posts.c.author_id, authors, reader, request)

    async def list_by_events(
        self, events: Sequence[EventId], reader: AuthorId | None, request: PageRequest
    ) -> Mapping[EventId, Page[Post]]:
        return await self._list_by(posts.c.event_id, events, reader, request)

    async def list_images(self, post_ids: Sequence[PostId]) -> Mapping[PostId, tuple[Image, ...]]:
        statement = (
            select(post_images.c.post_id, post_images.c.image_url, post_images.c.alt_text)
            .where(post_images.c.post_id.in_(post_ids))
            .order_by(post_images.c.post_id, post_images.c.position)
        )
        found: dict[PostId, list[Image]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.execute(statement):
                found[row.post_id].append(Image(row.image_url, row.alt_text))
        return {post_id: tuple(images) for post_id, images in found.items()}

    async def bookmark(self, reader: AuthorId, post_id: PostId) -> None:
        statement = upsert(bookmarks).values(user_id=reader, post_id=post_id).on_conflict_do_nothing()
        try:
            async with self._database.write() as session:
                await session.execute(statement)
        except IntegrityError:
            return  # removed since it was looked up: its bookmarks are gone with it

    async def remove_bookmark(self, reader: AuthorId, post_id: PostId) -> None:
        pair = and_(bookmarks.c.user_id == reader, bookmarks.c.post_id == post_id)
        async with self._database.write() as session:
            await session.execute(delete(bookmarks).where(pair))

    async def find_bookmarked(self, reader: AuthorId, post_ids: Sequence[PostId]) -> frozenset[PostId]:
        statement = select(bookmarks.c.post_id).where(
            bookmarks.c.user_id == reader, bookmarks.c.post_id.in_(post_ids)
        )
        async with self._database.read() as session:
            return frozenset((await session.execute(statement)).scalars())

    async def list_bookmarks(self, reader: AuthorId, request: PageRequest) -> Page[Bookmark]:
        statement = (
            select(posts, bookmarks.c.created_at.label("since"))
            .join_from(bookmarks, posts)
            .where(bookmarks.c.user_id == reader, _visible_to(reader))
        )
        order = [bookmarks.c.created_at, bookmarks.c.post_id]
        async with self._database.read() as session:
            rows = (await session.execute(page(statement, order, request, descending=True))).all()
        return Page.cut([Bookmark(_post(row), row.since) for row in rows], request)

    async def _list_by(
        self,
        column: ColumnElement[Any],
        parents: Sequence[Parent],
        reader: AuthorId | None,
        request: PageRequest,
    ) -> Mapping[Parent, Page[Post]]:
        visible = POSTS.where(_visible_to(reader))
        statement = pages_of_parents(visible, column, parents, NEWEST, request, descending=True)
        async with self._database.read() as session:
            rows = await session.execute(statement)
            found = ((row._mapping[PARENT], _post(row)) for row in rows)
            return pages_of(parents, found, request)


def _visible_to(reader: AuthorId | None) -> ColumnElement[bool]:
    public = posts.c.visibility == Visibility.PUBLIC.value
    return public if reader is None else or_(public, posts.c.author_id == reader)


def _post(row: Row[Any]) -> Post:
    return Post(
        id=row.id,
        author_id=row.author_id,
        type=PostType(row.type),
        content=row.content,
        media_id=row.media_id,
        event_id=row.event_id,
        visibility=Visibility(row.visibility),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
