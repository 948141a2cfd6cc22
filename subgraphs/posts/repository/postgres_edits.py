"""What posts said before, in PostgreSQL: written with each edit, in its transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, insert, select

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.posts.models import post_edits, posts
from subgraphs.posts.repository.statements import visible_to
from subgraphs.posts.values import Edit, EditId, Image, PostId, Reader


class PostgresEditRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_ids(self, ids: Sequence[EditId], reader: Reader) -> Mapping[EditId, Edit]:
        async with self._database.read() as session:
            return {row.id: _edit(row) for row in await session.fetch(_found(ids, reader))}

    async def list_edits(
        self, post_ids: Sequence[PostId], request: PageRequest
    ) -> Mapping[PostId, Page[Edit]]:
        async with self._database.read() as session:
            rows = await session.fetch(_edits(post_ids, request))
            return pages_of(post_ids, ((row._mapping[PARENT], _edit(row)) for row in rows), request)

    async def count_edits(self, post_ids: Sequence[PostId]) -> Mapping[PostId, int]:
        async with self._database.read() as session:
            return {row.post_id: row.number for row in await session.fetch(_counts(post_ids))}


async def keep_edit(session: WriteSession, before: Any, images: Sequence[Image]) -> None:
    """`before` is the post's row as it was until now, `images` what it showed."""
    values = {
        "post_id": before.id,
        "content": before.content,
        "images": [{"url": image.url, "alt_text": image.alt_text} for image in images],
        "media_ids": before.media_ids,
        "written_at": before.edited_at or before.created_at,
    }
    await session.execute(insert(post_edits).values(values))


def _edit(row: Any) -> Edit:
    images = tuple(Image(image["url"], image["alt_text"]) for image in row.images)
    return Edit(row.id, row.content, images, tuple(row.media_ids), row.written_at, row.replaced_at)


@per_shape
def _found(ids: Sequence[EditId], reader: Reader) -> Select[Any]:
    found = select(post_edits).join_from(post_edits, posts).where(among(post_edits.c.id, ids))
    if not (reader.sees_all or reader.moderates):
        found = found.where(posts.c.author_id == reader.user_id)
    return found.where(*visible_to(reader))


@per_shape
def _edits(post_ids: Sequence[PostId], request: PageRequest) -> Select[Any]:
    order = [post_edits.c.replaced_at, post_edits.c.id]
    return pages_of_parents(
        select(post_edits), post_edits.c.post_id, post_ids, order, request, descending=True
    )


@per_shape
def _counts(post_ids: Sequence[PostId]) -> Select[Any]:
    counted = select(post_edits.c.post_id, func.count().label("number"))
    return counted.where(among(post_edits.c.post_id, post_ids)).group_by(post_edits.c.post_id)
