"""Posts by their words: of the newest thousand that match and the reader may see, the best first.

A word that half of all posts have would be ranked for all of them; the newest of them are what people look
for, and an index has them in order. So a search reads a thousand posts at most, and its pages go on through
those.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Text,
    cast,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import REGCONFIG

from db.pages import page
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.posts.models import languages, post_texts, posts
from subgraphs.posts.repository.statements import POSTS, post_of, visible_to
from subgraphs.posts.values import AuthorId, FoundPost, Reader, Sought

MOST_RANKED: ColumnElement[int] = literal_column("1000")
NOTHING: ColumnElement[int] = literal_column("0")
MILLIONTHS: ColumnElement[int] = literal_column("1000000")
BY_LENGTH: ColumnElement[int] = literal_column("1")
"""A short post that says it is a better answer than a long one (ts_rank_cd's normalization)."""


class PostgresSearchRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_language(self, user: AuthorId) -> str | None:
        """In which they read, as users told; lower case."""
        async with self._database.read() as session:
            rows = await session.fetch(_language(user))
        return str(rows[0].language).lower() if rows else None

    async def search(self, sought: Sought, reader: Reader, request: PageRequest) -> Page[FoundPost]:
        async with self._database.read() as session:
            rows = await session.fetch(_searched(sought, reader, request))
        return Page.cut([FoundPost(post_of(row), row.relevance) for row in rows], request)

    async def count(self, sought: Sought, reader: Reader) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(sought, reader)))


@per_shape
def _language(user: AuthorId) -> Select[Any]:
    return select(languages.c.language).where(languages.c.user_id == user)


@per_shape
def _searched(sought: Sought, reader: Reader, request: PageRequest) -> Select[Any]:
    found = _newest(sought, reader)
    rank = func.ts_rank_cd(found.c.words, _query(sought), BY_LENGTH) * MILLIONTHS
    kept = [column for column in found.c if column.name != "words"]
    ranked = select(*kept, cast(rank, Integer).label("relevance")).subquery("ranked")
    order = [ranked.c.relevance, ranked.c.created_at, ranked.c.id]
    return page(select(ranked), order, request, descending=True)


@per_shape
def _counted(sought: Sought, reader: Reader) -> Select[Any]:
    return select(func.count()).select_from(_newest(sought, reader))


def _newest(sought: Sought, reader: Reader) -> Subquery:
    """The texts in order before any post is looked at (OFFSET 0 keeps them apart), so that a thousand are:
    the planner would look at every post that matches, and whom each is hidden from, to sort them.
    """
    newest = (post_texts.c.created_at.desc(), post_texts.c.post_id.desc())
    match = post_texts.c.words.op("@@")(_query(sought))
    texts = select(post_texts).where(match).order_by(*newest).offset(NOTHING).subquery("texts")
    post = POSTS.where(posts.c.id == texts.c.post_id, *visible_to(reader)).lateral("post")
    seen = select(post, texts.c.words).select_from(texts).join(post, true())
    order = (texts.c.created_at.desc(), texts.c.post_id.desc())
    return seen.order_by(*order).limit(MOST_RANKED).subquery("found")


def _query(sought: Sought) -> ColumnElement[Any]:
    """The migration has the function, and says how words are taken."""
    configuration = cast(cast(sought.configuration, Text()), REGCONFIG)
    return func.post_query(configuration, type_coerce(sought.text, Text()))
