"""Reading likes and comments in PostgreSQL: statements, and rows as values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, literal_column, or_, select

from db.arrays import among
from db.pages import pages_of_parents
from db.statements import per_shape
from subgraphs.interactions.models import MOMENT, blocks, comments, likes, post_counts
from subgraphs.interactions.values import (
    Comment,
    CommentId,
    CommentOrder,
    Counts,
    Like,
    PersonId,
    PostId,
)
from subgraphs.kit.pages import PageRequest


def _carried(name: str) -> ColumnElement[Any]:
    """Of what is only carried: as text, so that a page of comments is not a page of documents to be read."""
    return comments.c.document.op("->>", return_type=Text())(literal_column(f"'{name}'"))


ABOUT = [comments.c[name] for name in ("id", "post_id", "post_author_id", "depth", "author_id")]
NUMBERS = [comments.c[name] for name in ("like_count", "reply_count", "created_at", "updated_at")]
COMMENT = [
    *ABOUT,
    _carried("text").label("text"),
    *NUMBERS,
    comments.c.parent_id.label("answered_id"),
    cast(_carried("edited_at"), MOMENT).label("edited_at"),
    cast(_carried("hidden_at"), MOMENT).label("hidden_at"),
]
"""What `comment_of` reads, in the order of the fields."""
FACTS = itemgetter(*(str(column.key) for column in COMMENT))
LIKE = itemgetter("id", "target_id", "user_id", "created_at")
TIMES = [comments.c.created_at, comments.c.id]
COLUMNS = {
    CommentOrder.NEWEST: TIMES,
    CommentOrder.OLDEST: TIMES,
    CommentOrder.MOST_LIKED: [comments.c.like_count, *TIMES],
}


@per_shape
def comments_found(ids: Sequence[CommentId]) -> Select[Any]:
    return select(*COMMENT).where(among(comments.c.id, ids))


@per_shape
def liked(user: PersonId, targets: Sequence[UUID]) -> Select[Any]:
    return select(likes.c.target_id).where(likes.c.user_id == user, among(likes.c.target_id, targets))


@per_shape
def like_pages(
    targets: Sequence[UUID], hidden: Sequence[PersonId] | None, request: PageRequest
) -> Select[Any]:
    shown = select(likes).where(*_shown(likes.c.user_id, hidden))
    columns = [likes.c.created_at, likes.c.id]
    return pages_of_parents(shown, likes.c.target_id, targets, columns, request, descending=True)


@per_shape
def comment_pages(
    threads: Sequence[UUID], order: CommentOrder, hidden: Sequence[PersonId] | None, request: PageRequest
) -> Select[Any]:
    shown = select(comments.c.thread_id, *COMMENT).where(*_shown(comments.c.author_id, hidden))
    falling = request.ordering.descending
    return pages_of_parents(shown, comments.c.thread_id, threads, COLUMNS[order], request, descending=falling)


@per_shape
def comments_counted(threads: Sequence[UUID], hidden: Sequence[PersonId] | None) -> Select[Any]:
    counted = select(comments.c.thread_id, func.count().label("number"))
    listed = counted.where(among(comments.c.thread_id, threads), *_shown(comments.c.author_id, hidden))
    return listed.group_by(comments.c.thread_id)


@per_shape
def counts_of(posts: Sequence[PostId]) -> Select[Any]:
    return select(post_counts).where(among(post_counts.c.post_id, posts))


@per_shape
def blocked_with(user: PersonId) -> Select[Any]:
    """Whom they block, and who blocks them."""
    mine = select(blocks.c.blocked_id.label("person")).where(blocks.c.blocker_id == user)
    theirs = select(blocks.c.blocker_id.label("person")).where(blocks.c.blocked_id == user)
    return select(mine.union(theirs).subquery())


def _shown(author: ColumnElement[Any], hidden: Sequence[PersonId] | None) -> Iterator[ColumnElement[bool]]:
    """A comment that was removed has no author, and keeps its place for everybody."""
    if hidden is not None:
        yield or_(author.is_(None), ~among(author, hidden))


def comment_of(row: Row[Any]) -> Comment:
    """Of a row with `COMMENT`'s columns."""
    return Comment(*FACTS(row._mapping))


def like_of(row: Row[Any]) -> Like:
    return Like(*LIKE(row._mapping))


def counts_from(row: Row[Any]) -> Counts:
    return Counts(row.like_count, row.comment_count, row.revision)
