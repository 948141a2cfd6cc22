"""The same repository in memory: for tests of what is above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from subgraphs.kit.pages import Page, PageRequest, window
from subgraphs.posts.values import AuthorId, Bookmark, EventId, Image, NewPost, Post, PostChange, PostId


@dataclass(slots=True)
class InMemoryPostRepository:
    posts: dict[PostId, Post] = field(default_factory=dict)
    images: dict[PostId, tuple[Image, ...]] = field(default_factory=dict)
    bookmarks: dict[tuple[AuthorId, PostId], datetime] = field(default_factory=dict)

    async def add(self, post: NewPost) -> Post:
        now = datetime.now(UTC)
        added = Post(
            post.id, post.author_id, post.type, post.content, None, post.event_id, post.visibility, now, now
        )
        self.posts[post.id] = added
        if post.images:
            self.images[post.id] = post.images
        return added

    async def find_by_ids(self, ids: Sequence[PostId]) -> Mapping[PostId, Post]:
        return {post_id: self.posts[post_id] for post_id in ids if post_id in self.posts}

    async def update(self, post_id: PostId, change: PostChange) -> Post | None:
        post = self.posts.get(post_id)
        if post is None:
            return None
        self.posts[post_id] = replace(
            post,
            content=post.content if change.content is None else change.content,
            visibility=change.visibility or post.visibility,
            updated_at=datetime.now(UTC),
        )
        return self.posts[post_id]

    async def remove(self, post_id: PostId) -> None:
        self.posts.pop(post_id, None)
        self.images.pop(post_id, None)
        self.bookmarks = {key: at for key, at in self.bookmarks.items() if key[1] != post_id}

    async def list_newest(self, reader: AuthorId | None, page: PageRequest) -> Page[Post]:
        return self._window(lambda post: True, reader, page)

    async def list_by_authors(
        self, authors: Sequence[AuthorId], reader: AuthorId | None, page: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]:
        def by(author: AuthorId) -> Page[Post]:
            return self._window(lambda post: post.author_id == author, reader, page)

        return {author: by(author) for author in authors}

    async def list_by_events(
        self, events: Sequence[EventId], reader: AuthorId | None, page: PageRequest
    ) -> Mapping[EventId, Page[Post]]:
        def of(event: EventId) -> Page[Post]:
            return self._window(lambda post: post.event_id == event, reader, page)

        return {event: of(event) for event in events}

    async def list_images(self, posts: Sequence[PostId]) -> Mapping[PostId, tuple[Image, ...]]:
        return {post_id: self.images[post_id] for post_id in posts if post_id in self.images}

    async def bookmark(self, reader: AuthorId, post_id: PostId) -> None:
        if post_id in self.posts:
            self.bookmarks.setdefault((reader, post_id), datetime.now(UTC))

    async def remove_bookmark(self, reader: AuthorId, post_id: PostId) -> None:
        self.bookmarks.pop((reader, post_id), None)

    async def find_bookmarked(self, reader: AuthorId, posts: Sequence[PostId]) -> frozenset[PostId]:
        return frozenset(post_id for post_id in posts if (reader, post_id) in self.bookmarks)

    async def list_bookmarks(self, reader: AuthorId, page: PageRequest) -> Page[Bookmark]:
        kept = [Bookmark(self.posts[post], at) for (who, post), at in self.bookmarks.items() if who == reader]
        seen = [bookmark for bookmark in kept if bookmark.post.is_visible_to(reader)]
        return window(seen, page, lambda bookmark: bookmark.position)

    def _window(
        self, wanted: Callable[[Post], bool], reader: AuthorId | None, page: PageRequest
    ) -> Page[Post]:
        seen = [post for post in self.posts.values() if wanted(post) and post.is_visible_to(reader)]
        return window(seen, page, lambda post: post.position)
