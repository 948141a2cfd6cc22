"""What the posts domain is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

import msgspec

from subgraphs.kit.pages import Ordering
from subgraphs.posts.tags import NO_TAGS, Tags

PostId = NewType("PostId", UUID)
AuthorId = NewType("AuthorId", UUID)
EventId = NewType("EventId", UUID)
OptionId = NewType("OptionId", UUID)
MediaId = NewType("MediaId", UUID)
EditId = NewType("EditId", UUID)


class PostOrder(Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"


POST_ORDERINGS = {
    PostOrder.NEWEST: Ordering("posts", (datetime, UUID), descending=True),
    PostOrder.OLDEST: Ordering("oldest-posts", (datetime, UUID)),
}
NEWEST_REPOSTERS = Ordering("reposters", (datetime, UUID), descending=True)
NEWEST_REPOSTS = Ordering("reposts", (datetime, UUID), descending=True)
NEWEST_EDITS = Ordering("edits", (datetime, UUID), descending=True)
NEWEST_BOOKMARKS = Ordering("bookmarks", (datetime, UUID), descending=True)


class PostType(Enum):
    TEXT = "TEXT"
    IMAGES = "IMAGES"
    VIDEO = "VIDEO"
    EVENT = "EVENT"
    POLL = "POLL"


class ShareTarget(Enum):
    LINK = "LINK"
    MESSAGE = "MESSAGE"
    EMAIL = "EMAIL"
    OTHER_APP = "OTHER_APP"


class Visibility(Enum):
    PUBLIC = "PUBLIC"
    FOLLOWERS = "FOLLOWERS"
    PRIVATE = "PRIVATE"


class Post(msgspec.Struct, frozen=True):
    id: PostId
    author_id: AuthorId
    content: str
    event_id: EventId | None
    attached_event_id: EventId | None
    created_at: datetime
    updated_at: datetime
    edited_at: datetime | None
    hidden_at: datetime | None
    language: str | None
    media_ids: tuple[MediaId, ...]
    type: PostType
    visibility: Visibility

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who will see an answer. Administrators see everything: they may remove it. Moderators see what they
    have to decide about, and what they hid, too.
    """

    user_id: AuthorId | None = None
    sees_all: bool = False
    moderates: bool = False


@dataclass(frozen=True, slots=True)
class PostFilter:
    """What is None does not matter."""

    type: PostType | None = None
    author_id: AuthorId | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Image:
    url: str
    alt_text: str | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture or a video that its author uploaded to the media domain, which shows it."""

    id: MediaId
    is_video: bool


@dataclass(frozen=True, slots=True)
class PollOption:
    id: OptionId
    text: str
    vote_count: int


@dataclass(frozen=True, slots=True)
class NewPoll:
    options: tuple[PollOption, ...]
    allows_several: bool
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Poll:
    """`is_closed` is what it is at the moment of reading, by the store's clock."""

    options: tuple[PollOption, ...]
    allows_several: bool
    closes_at: datetime | None
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """Votes were taken until then."""

    at: datetime


@dataclass(frozen=True, slots=True)
class UnknownOption:
    """Of another poll, or of none."""


@dataclass(frozen=True, slots=True)
class TakesOne:
    """Several were chosen in a poll that takes one."""


@dataclass(frozen=True, slots=True)
class NewPost:
    id: PostId
    author_id: AuthorId
    type: PostType
    content: str
    event_id: EventId | None
    visibility: Visibility
    images: tuple[Image, ...]
    poll: NewPoll | None = None
    attached_event_id: EventId | None = None
    language: str | None = None
    tags: Tags = NO_TAGS
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class PostChange:
    """None keeps what is there."""

    content: str | None = None
    visibility: Visibility | None = None
    images: tuple[Image, ...] | None = None
    language: str | None = None
    tags: Tags | None = None
    uploads: tuple[Upload, ...] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What a post said and showed from one moment to another."""

    id: EditId
    content: str
    images: tuple[Image, ...]
    media_ids: tuple[MediaId, ...]
    written_at: datetime
    replaced_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.replaced_at, self.id)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody whom a post names, and how it does."""

    user_id: AuthorId
    label: str


@dataclass(frozen=True, slots=True)
class Sought:
    """Words to look for; `configuration` is PostgreSQL's name of the language they are in."""

    text: str
    configuration: str


@dataclass(frozen=True, slots=True)
class FoundPost:
    """`relevance` is a rank in millionths."""

    post: Post
    relevance: int

    @property
    def position(self) -> tuple[object, ...]:
        return (self.relevance, self.post.created_at, self.post.id)


@dataclass(frozen=True, slots=True)
class Bookmark:
    post: Post
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.post.id)


@dataclass(frozen=True, slots=True)
class Repost:
    """A post that somebody passed on."""

    post: Post
    comment: str
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.post.id)


@dataclass(frozen=True, slots=True)
class Reposter:
    """Somebody who passed a post on."""

    user_id: AuthorId
    comment: str
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.user_id)
