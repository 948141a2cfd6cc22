"""What the service asks of a store. `reader` is who will see the answer: lists hold only what that person may
see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from subgraphs.kit.pages import Page, PageRequest
from subgraphs.posts.values import AuthorId, Bookmark, EventId, Image, NewPost, Post, PostChange, PostId


class PostRepository(Protocol):
    async def add(self, post: NewPost) -> Post: ...

    async def find_by_ids(self, ids: Sequence[PostId]) -> Mapping[PostId, Post]:
        """Whoever may see them."""
        ...

    async def update(self, post_id: PostId, change: PostChange) -> Post | None: ...

    async def remove(self, post_id: PostId) -> None: ...

    async def list_newest(self, reader: AuthorId | None, page: PageRequest) -> Page[Post]: ...

    async def list_by_authors(
        self, authors: Sequence[AuthorId], reader: AuthorId | None, page: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]: ...

    async def list_by_events(
        self, events: Sequence[EventId], reader: AuthorId | None, page: PageRequest
    ) -> Mapping[EventId, Page[Post]]: ...

    async def list_images(self, posts: Sequence[PostId]) -> Mapping[PostId, tuple[Image, ...]]:
        """In their order; posts without images are left out."""
        ...

    async def bookmark(self, reader: AuthorId, post_id: PostId) -> None:
        """Idempotent. The post exists, or has just been removed: then nothing happens."""
        ...

    async def remove_bookmark(self, reader: AuthorId, post_id: PostId) -> None: ...

    async def find_bookmarked(self, reader: AuthorId, posts: Sequence[PostId]) -> frozenset[PostId]: ...

    async def list_bookmarks(self, reader: AuthorId, page: PageRequest) -> Page[Bookmark]: ...
