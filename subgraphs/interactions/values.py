"""What the interactions domain is about, as frozen values: no GraphQL, no store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

import msgspec

from subgraphs.kit.pages import Ordering

PostId = NewType("PostId", UUID)
CommentId = NewType("CommentId", UUID)
PersonId = NewType("PersonId", UUID)

DEEPEST = 5
"""Of a comment: one directly under a post is at 0."""


class CommentOrder(Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    MOST_LIKED = "MOST_LIKED"


COMMENT_ORDERINGS = {
    CommentOrder.NEWEST: Ordering("comments", (datetime, UUID), descending=True),
    CommentOrder.OLDEST: Ordering("oldest-comments", (datetime, UUID)),
    CommentOrder.MOST_LIKED: Ordering("liked-comments", (int, datetime, UUID), descending=True),
}
NEWEST_LIKES = Ordering("likes", (datetime, UUID), descending=True)


class Post(msgspec.Struct, frozen=True):
    """As far as this domain knows one: by what posts says to who may see it."""

    id: PostId
    author_id: PersonId


class Like(msgspec.Struct, frozen=True):
    """`target_id` is the post or the comment that is liked."""

    id: UUID
    target_id: UUID
    user_id: PersonId
    created_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)


class Comment(msgspec.Struct, frozen=True):
    id: CommentId
    post_id: PostId
    post_author_id: PersonId
    depth: int
    author_id: PersonId | None
    """None, as the text is, for one that was removed and has answers."""
    text: str | None
    like_count: int
    reply_count: int
    """Answers directly under it, removed ones that have answers themselves included."""
    created_at: datetime
    updated_at: datetime
    parent_id: CommentId | None
    edited_at: datetime | None
    hidden_at: datetime | None = None
    """Since when moderators hide it."""

    @property
    def is_removed(self) -> bool:
        return self.author_id is None

    def position(self, order: CommentOrder) -> tuple[object, ...]:
        if order is CommentOrder.MOST_LIKED:
            return (self.like_count, self.created_at, self.id)
        return (self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class NewComment:
    id: CommentId
    post: Post
    parent_id: CommentId | None
    author_id: PersonId
    text: str


class Counts(msgspec.Struct, frozen=True, array_like=True):
    """Of a post, written as three numbers. A later state of the same post has a higher revision."""

    likes: int = 0
    comments: int = 0
    revision: int = 0


class NoParent(Enum):
    """Why nobody can answer a comment."""

    GONE = "GONE"
    TOO_DEEP = "TOO_DEEP"
