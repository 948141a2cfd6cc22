"""Reposts in PostgreSQL. One is there for who sees its post and who passed it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.posts.models import posts, reposts
from subgraphs.posts.repository.statements import POSTS, person_seen_by, post_of, visible_to
from subgraphs.posts.values import AuthorId, Post, PostId, Reader, Repost, Reposter


class PostgresRepostRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def repost(self, reader: Reader, user: AuthorId, post_id: PostId, comment: str) -> Post | None:
        """One statement looks whether the post may be seen and keeps it from going away meanwhile."""
        seen = POSTS.where(posts.c.id == post_id, *visible_to(reader)).with_for_update(
            key_share=True, read=True
        )
        new = upsert(reposts).values(user_id=user, post_id=post_id, comment=comment)
        kept = new.on_conflict_do_update(index_elements=["user_id", "post_id"], set_={"comment": comment})
        async with self._database.write() as session:
            row = (await session.execute(seen)).first()
            if row is not None:
                await session.execute(kept)
        return None if row is None else post_of(row)

    async def remove(self, user: AuthorId, post_id: PostId) -> bool:
        pair = and_(reposts.c.user_id == user, reposts.c.post_id == post_id)
        async with self._database.write() as session:
            return (await session.execute(delete(reposts).where(pair))).rowcount > 0

    async def find_reposted(self, user: AuthorId, post_ids: Sequence[PostId]) -> frozenset[PostId]:
        async with self._database.read() as session:
            return frozenset(row.post_id for row in await session.fetch(_reposted(user, post_ids)))

    async def count(self, post_ids: Sequence[PostId], reader: Reader) -> Mapping[PostId, int]:
        async with self._database.read() as session:
            return {row.post_id: row.number for row in await session.fetch(_counts(post_ids, reader))}

    async def list_reposters(
        self, post_ids: Sequence[PostId], reader: Reader, request: PageRequest
    ) -> Mapping[PostId, Page[Reposter]]:
        async with self._database.read() as session:
            rows = await session.fetch(_reposters(post_ids, reader, request))
            found = (
                (row._mapping[PARENT], Reposter(row.user_id, row.comment, row.created_at)) for row in rows
            )
            return pages_of(post_ids, found, request)

    async def list_reposts(
        self, people: Sequence[AuthorId], reader: Reader, request: PageRequest
    ) -> Mapping[AuthorId, Page[Repost]]:
        async with self._database.read() as session:
            rows = await session.fetch(_reposts(people, reader, request))
            found = (
                (row._mapping[PARENT], Repost(post_of(row), row.comment, row.reposted_at)) for row in rows
            )
            return pages_of(people, found, request)

    async def count_reposts(self, people: Sequence[AuthorId], reader: Reader) -> Mapping[AuthorId, int]:
        async with self._database.read() as session:
            rows = await session.fetch(_counts_of_people(people, reader))
            return {row.user_id: row.number for row in rows}


@per_shape
def _reposted(user: AuthorId, post_ids: Sequence[PostId]) -> Select[Any]:
    return select(reposts.c.post_id).where(reposts.c.user_id == user, among(reposts.c.post_id, post_ids))


@per_shape
def _counts(post_ids: Sequence[PostId], reader: Reader) -> Select[Any]:
    counted = select(reposts.c.post_id, func.count().label("number"))
    there = person_seen_by(reader, reposts.c.user_id)
    return counted.where(among(reposts.c.post_id, post_ids), *there).group_by(reposts.c.post_id)


@per_shape
def _reposters(post_ids: Sequence[PostId], reader: Reader, request: PageRequest) -> Select[Any]:
    listed = select(reposts).where(*person_seen_by(reader, reposts.c.user_id))
    order = [reposts.c.created_at, reposts.c.user_id]
    return pages_of_parents(listed, reposts.c.post_id, post_ids, order, request, descending=True)


@per_shape
def _reposts(people: Sequence[AuthorId], reader: Reader, request: PageRequest) -> Select[Any]:
    since = reposts.c.created_at.label("reposted_at")
    passed_on = select(posts, reposts.c.comment, since).join_from(reposts, posts)
    listed = passed_on.where(*visible_to(reader), *person_seen_by(reader, reposts.c.user_id))
    order, names = [reposts.c.created_at, reposts.c.post_id], ["reposted_at", "id"]
    return pages_of_parents(listed, reposts.c.user_id, people, order, request, descending=True, order=names)


@per_shape
def _counts_of_people(people: Sequence[AuthorId], reader: Reader) -> Select[Any]:
    counted = select(reposts.c.user_id, func.count().label("number")).join_from(reposts, posts)
    seen = (*visible_to(reader), *person_seen_by(reader, reposts.c.user_id))
    return counted.where(among(reposts.c.user_id, people), *seen).group_by(reposts.c.user_id)
