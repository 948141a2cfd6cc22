"""Posts by what they name: a hashtag, or somebody. Lists of what the reader may see, as every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, func, select

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.posts.models import post_hashtags, post_mentions, posts
from subgraphs.posts.repository.statements import person_there_for, post_of, visible_to
from subgraphs.posts.tags import Hashtag
from subgraphs.posts.values import AuthorId, Mention, Post, PostId, Reader

Parent = TypeVar("Parent", str, AuthorId)


class PostgresTagRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_hashtags(self, post_ids: Sequence[PostId]) -> Mapping[PostId, tuple[Hashtag, ...]]:
        found: dict[PostId, tuple[Hashtag, ...]] = defaultdict(tuple)
        async with self._database.read() as session:
            for row in await session.fetch(_hashtags(post_ids)):
                found[row.post_id] += (Hashtag(row.name, row.label),)
        return found

    async def find_mentions(
        self, post_ids: Sequence[PostId], reader: Reader
    ) -> Mapping[PostId, tuple[Mention, ...]]:
        found: dict[PostId, tuple[Mention, ...]] = defaultdict(tuple)
        async with self._database.read() as session:
            for row in await session.fetch(_mentions(post_ids, reader)):
                found[row.post_id] += (Mention(row.user_id, row.label),)
        return found

    async def list_by_hashtags(
        self, names: Sequence[str], reader: Reader, request: PageRequest
    ) -> Mapping[str, Page[Post]]:
        return await self._list_by(post_hashtags, post_hashtags.c.name, names, reader, request)

    async def count_by_hashtags(self, names: Sequence[str], reader: Reader) -> Mapping[str, int]:
        return await self._count(post_hashtags, post_hashtags.c.name, names, reader)

    async def list_mentioning(
        self, people: Sequence[AuthorId], reader: Reader, request: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]:
        return await self._list_by(post_mentions, post_mentions.c.user_id, people, reader, request)

    async def count_mentioning(self, people: Sequence[AuthorId], reader: Reader) -> Mapping[AuthorId, int]:
        return await self._count(post_mentions, post_mentions.c.user_id, people, reader)

    async def _list_by(
        self,
        link: Table,
        column: ColumnElement[Any],
        parents: Sequence[Parent],
        reader: Reader,
        request: PageRequest,
    ) -> Mapping[Parent, Page[Post]]:
        async with self._database.read() as session:
            rows = await session.fetch(_pages(link, column, parents, reader, request))
            return pages_of(parents, ((row._mapping[PARENT], post_of(row)) for row in rows), request)

    async def _count(
        self, link: Table, column: ColumnElement[Any], parents: Sequence[Parent], reader: Reader
    ) -> Mapping[Parent, int]:
        async with self._database.read() as session:
            rows = await session.fetch(_counts(link, column, parents, reader))
            return {row.parent: row.number for row in rows}


@per_shape
def _hashtags(post_ids: Sequence[PostId]) -> Select[Any]:
    listed = select(post_hashtags.c.post_id, post_hashtags.c.name, post_hashtags.c.label)
    order = (post_hashtags.c.post_id, post_hashtags.c.position)
    return listed.where(among(post_hashtags.c.post_id, post_ids)).order_by(*order)


@per_shape
def _mentions(post_ids: Sequence[PostId], reader: Reader) -> Select[Any]:
    """Across a block nobody is there, nor in a list of names. A private account is no secret."""
    listed = select(post_mentions.c.post_id, post_mentions.c.user_id, post_mentions.c.label)
    there = person_there_for(reader, post_mentions.c.user_id)
    order = (post_mentions.c.post_id, post_mentions.c.position)
    return listed.where(among(post_mentions.c.post_id, post_ids), *there).order_by(*order)


@per_shape
def _pages(
    link: Table, column: ColumnElement[Any], parents: Sequence[Any], reader: Reader, request: PageRequest
) -> Select[Any]:
    listed = select(posts).join_from(link, posts).where(*visible_to(reader))
    order, falling = [link.c.created_at, link.c.post_id], request.ordering.descending
    return pages_of_parents(
        listed, column, parents, order, request, descending=falling, order=("created_at", "id")
    )


@per_shape
def _counts(link: Table, column: ColumnElement[Any], parents: Sequence[Any], reader: Reader) -> Select[Any]:
    counted = select(column.label("parent"), func.count().label("number")).join_from(link, posts)
    return counted.where(among(column, parents), *visible_to(reader)).group_by(column)
