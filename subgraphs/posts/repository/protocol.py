"""What the service asks of a store. `reader` is who will see the answer: what they may not see is not
there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.posts.tags import Hashtag
from subgraphs.posts.values import (
    AuthorId,
    Bookmark,
    Closed,
    Edit,
    EditId,
    EventId,
    FoundPost,
    Image,
    Mention,
    NewPost,
    OptionId,
    Poll,
    Post,
    PostChange,
    PostFilter,
    PostId,
    Reader,
    Repost,
    Reposter,
    ShareTarget,
    Sought,
    TakesOne,
    UnknownOption,
)


class PollRepository(Protocol):
    async def find_polls(self, posts: Sequence[PostId]) -> Mapping[PostId, Poll]: ...

    async def find_votes(
        self, user: AuthorId, posts: Sequence[PostId]
    ) -> Mapping[PostId, frozenset[OptionId]]: ...

    async def vote(
        self, reader: Reader, user: AuthorId, post_id: PostId, options: Sequence[OptionId]
    ) -> Post | Closed | UnknownOption | TakesOne | None:
        """These options are the user's from now on, and no others. None when the reader sees no such poll."""
        ...


class RepostRepository(Protocol):
    async def repost(self, reader: Reader, user: AuthorId, post_id: PostId, comment: str) -> Post | None:
        """Again: with another comment. None when the reader sees no such post."""
        ...

    async def remove(self, user: AuthorId, post_id: PostId) -> bool:
        """Whether there was one."""
        ...

    async def find_reposted(self, user: AuthorId, posts: Sequence[PostId]) -> frozenset[PostId]: ...

    async def count(self, posts: Sequence[PostId], reader: Reader) -> Mapping[PostId, int]: ...

    async def list_reposters(
        self, posts: Sequence[PostId], reader: Reader, page: PageRequest
    ) -> Mapping[PostId, Page[Reposter]]: ...

    async def list_reposts(
        self, people: Sequence[AuthorId], reader: Reader, page: PageRequest
    ) -> Mapping[AuthorId, Page[Repost]]: ...

    async def count_reposts(self, people: Sequence[AuthorId], reader: Reader) -> Mapping[AuthorId, int]: ...


class ShareRepository(Protocol):
    async def share(
        self, reader: Reader, user: AuthorId, post_id: PostId, target: ShareTarget, attempt: Attempt | None
    ) -> Post | None:
        """None when the reader sees no such post."""
        ...

    async def count(self, posts: Sequence[PostId]) -> Mapping[PostId, Mapping[ShareTarget, int]]: ...


class EditRepository(Protocol):
    async def find_by_ids(self, ids: Sequence[EditId], reader: Reader) -> Mapping[EditId, Edit]:
        """For the author, and of posts they see moderators and administrators."""
        ...

    async def list_edits(self, posts: Sequence[PostId], page: PageRequest) -> Mapping[PostId, Page[Edit]]: ...

    async def count_edits(self, posts: Sequence[PostId]) -> Mapping[PostId, int]: ...


class TagRepository(Protocol):
    async def find_hashtags(self, posts: Sequence[PostId]) -> Mapping[PostId, tuple[Hashtag, ...]]:
        """In the order of the text."""
        ...

    async def find_mentions(
        self, posts: Sequence[PostId], reader: Reader
    ) -> Mapping[PostId, tuple[Mention, ...]]:
        """Of people who are there for the reader, in the order of the text."""
        ...

    async def list_by_hashtags(
        self, names: Sequence[str], reader: Reader, page: PageRequest
    ) -> Mapping[str, Page[Post]]: ...

    async def count_by_hashtags(self, names: Sequence[str], reader: Reader) -> Mapping[str, int]: ...

    async def list_mentioning(
        self, people: Sequence[AuthorId], reader: Reader, page: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]: ...

    async def count_mentioning(
        self, people: Sequence[AuthorId], reader: Reader
    ) -> Mapping[AuthorId, int]: ...


class ModerationRepository(Protocol):
    """Each with the audit, and closing the case. None, or False, when there is no such post."""

    async def hide(self, post_id: PostId, why: str, actor: Actor) -> Post | None: ...

    async def show(self, post_id: PostId, why: str, actor: Actor) -> Post | None: ...

    async def take_down(self, post_id: PostId, why: str, actor: Actor) -> bool: ...


class SearchRepository(Protocol):
    async def find_language(self, user: AuthorId) -> str | None:
        """In which somebody reads; None when that is not known."""
        ...

    async def search(self, sought: Sought, reader: Reader, page: PageRequest) -> Page[FoundPost]: ...

    async def count(self, sought: Sought, reader: Reader) -> int: ...


class PostRepository(Protocol):
    async def add(self, post: NewPost, attempt: Attempt | None) -> Post: ...

    async def find_by_ids(self, ids: Sequence[PostId], reader: Reader) -> Mapping[PostId, Post]: ...

    async def update(self, post_id: PostId, author: AuthorId, change: PostChange) -> Post | None:
        """None when there is no such post of this author, or nothing would be left of it."""
        ...

    async def remove(self, post_id: PostId, remover: Reader, actor: Actor) -> bool:
        """False when there is no such post that the remover may remove: their own, or anybody's for an
        administrator.
        """
        ...

    async def list_posts(self, wanted: PostFilter, reader: Reader, page: PageRequest) -> Page[Post]: ...

    async def count_posts(self, wanted: PostFilter, reader: Reader) -> int: ...

    async def list_by_authors(
        self, authors: Sequence[AuthorId], reader: Reader, page: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]: ...

    async def count_by_authors(
        self, authors: Sequence[AuthorId], reader: Reader
    ) -> Mapping[AuthorId, int]: ...

    async def list_by_events(
        self, events: Sequence[EventId], reader: Reader, page: PageRequest
    ) -> Mapping[EventId, Page[Post]]: ...

    async def count_by_events(self, events: Sequence[EventId], reader: Reader) -> Mapping[EventId, int]: ...

    async def list_images(self, posts: Sequence[PostId]) -> Mapping[PostId, tuple[Image, ...]]:
        """In their order; posts without images are left out."""
        ...

    async def bookmark(self, reader: Reader, user: AuthorId, post_id: PostId) -> Post | None:
        """Idempotent. None when the reader sees no such post."""
        ...

    async def remove_bookmark(self, user: AuthorId, post_id: PostId) -> bool:
        """Whether there was one: also of a post that can be seen no longer."""
        ...

    async def find_bookmarked(self, user: AuthorId, posts: Sequence[PostId]) -> frozenset[PostId]: ...

    async def count_bookmarks(self, posts: Sequence[PostId]) -> Mapping[PostId, int]: ...

    async def list_bookmarks(self, user: AuthorId, reader: Reader, page: PageRequest) -> Page[Bookmark]: ...

    async def count_own_bookmarks(self, user: AuthorId, reader: Reader) -> int: ...
