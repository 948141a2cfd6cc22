"""What the posts domain is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.kit.pages import Ordering

PostId = NewType("PostId", UUID)
AuthorId = NewType("AuthorId", UUID)
EventId = NewType("EventId", UUID)

NEWEST_POSTS = Ordering("posts", (datetime, UUID), descending=True)
NEWEST_BOOKMARKS = Ordering("bookmarks", (datetime, UUID), descending=True)


class PostType(Enum):
    TEXT = "TEXT"
    IMAGES = "IMAGES"
    EVENT = "EVENT"


class Visibility(Enum):
    """FOLLOWERS is kept, and shown to the author alone until posts can ask who follows whom."""

    PUBLIC = "PUBLIC"
    FOLLOWERS = "FOLLOWERS"
    PRIVATE = "PRIVATE"


@dataclass(frozen=True, slots=True)
class Post:
    id: PostId
    author_id: AuthorId
    type: PostType
    content: str
    media_id: UUID | None
    event_id: EventId | None
    visibility: Visibility
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)

    def is_visible_to(self, reader: AuthorId | None) -> bool:
        return self.visibility is Visibility.PUBLIC or self.author_id == reader


@dataclass(frozen=True, slots=True)
class Image:
    url: str
    alt_text: str | None


@dataclass(frozen=True, slots=True)
class NewPost:
    id: PostId
    author_id: AuthorId
    type: PostType
    content: str
    event_id: EventId | None
    visibility: Visibility
    images: tuple[Image, ...]


@dataclass(frozen=True, slots=True)
class PostChange:
    """None keeps what is there."""

    content: str | None = None
    visibility: Visibility | None = None


@dataclass(frozen=True, slots=True)
class Bookmark:
    post: Post
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.post.id)
