"""What the posts domain does: write, change and show posts, each to those who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import NotFound
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.validation import Checks
from subgraphs.posts.errors import NotYourPost
from subgraphs.posts.repository.protocol import PostRepository
from subgraphs.posts.values import (
    AuthorId,
    Bookmark,
    EventId,
    Image,
    NewPost,
    Post,
    PostChange,
    PostId,
    PostType,
    Visibility,
)

CONTENT_CHARACTERS = 5000
MOST_IMAGES = 10


@dataclass(frozen=True, slots=True)
class Posts:
    posts: PostRepository

    async def find_by_ids(self, ids: Sequence[PostId], viewer: Viewer | None) -> Mapping[PostId, Post]:
        """Those of them the viewer may see."""
        found = await self.posts.find_by_ids(ids)
        return {post_id: post for post_id, post in found.items() if post.is_visible_to(_reader(viewer))}

    async def list_newest(self, viewer: Viewer | None, page: PageRequest) -> Page[Post]:
        return await self.posts.list_newest(_reader(viewer), page)

    async def list_by_authors(
        self, authors: Sequence[AuthorId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]:
        return await self.posts.list_by_authors(authors, _reader(viewer), page)

    async def list_by_events(
        self, events: Sequence[EventId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[EventId, Page[Post]]:
        return await self.posts.list_by_events(events, _reader(viewer), page)

    async def list_images(self, posts: Sequence[PostId]) -> Mapping[PostId, tuple[Image, ...]]:
        return await self.posts.list_images(posts)

    async def find_bookmarked(self, viewer: Viewer, posts: Sequence[PostId]) -> frozenset[PostId]:
        return await self.posts.find_bookmarked(AuthorId(viewer.id), posts)

    async def list_bookmarks(self, viewer: Viewer, page: PageRequest) -> Page[Bookmark]:
        return await self.posts.list_bookmarks(AuthorId(viewer.id), page)

    async def create(
        self,
        viewer: Viewer,
        *,
        content: str,
        images: Sequence[Image],
        event_id: EventId | None,
        visibility: Visibility,
    ) -> Post:
        """Raises BadUserInput. The event is a reference to another domain and is not looked up."""
        _check(content, images, is_empty_allowed=bool(images) or event_id is not None)
        kind = PostType.EVENT if event_id else PostType.IMAGES if images else PostType.TEXT
        return await self.posts.add(
            NewPost(PostId(uuid4()), AuthorId(viewer.id), kind, content, event_id, visibility, tuple(images))
        )

    async def update(self, viewer: Viewer, post_id: PostId, change: PostChange) -> Post:
        """Raises BadUserInput, NotFound, NotYourPost."""
        post = await self._get_own(viewer, post_id)
        if change.content is not None:
            _check(change.content, (), is_empty_allowed=post.type is not PostType.TEXT)
        updated = await self.posts.update(post_id, change)
        if updated is None:
            raise NotFound("post", post_id)
        return updated

    async def remove(self, viewer: Viewer, post_id: PostId) -> PostId:
        """Raises NotFound, NotYourPost. Administrators may remove anybody's."""
        await self._get_own(viewer, post_id, or_admin=True)
        await self.posts.remove(post_id)
        return post_id

    async def bookmark(self, viewer: Viewer, post_id: PostId) -> Post:
        post = await self._get(viewer, post_id)
        await self.posts.bookmark(AuthorId(viewer.id), post_id)
        return post

    async def remove_bookmark(self, viewer: Viewer, post_id: PostId) -> Post:
        post = await self._get(viewer, post_id)
        await self.posts.remove_bookmark(AuthorId(viewer.id), post_id)
        return post

    async def _get(self, viewer: Viewer, post_id: PostId) -> Post:
        """What cannot be seen does not exist."""
        post = (await self.posts.find_by_ids([post_id])).get(post_id)
        if post is None or not (viewer.is_admin or post.is_visible_to(AuthorId(viewer.id))):
            raise NotFound("post", post_id)
        return post

    async def _get_own(self, viewer: Viewer, post_id: PostId, *, or_admin: bool = False) -> Post:
        post = await self._get(viewer, post_id)
        if post.author_id != viewer.id and not (or_admin and viewer.is_admin):
            raise NotYourPost
        return post


def _reader(viewer: Viewer | None) -> AuthorId | None:
    return None if viewer is None else AuthorId(viewer.id)


def _check(content: str, images: Sequence[Image], *, is_empty_allowed: bool) -> None:
    checks = Checks()
    checks.text(content, "content", "A post", least=0 if is_empty_allowed else 1, most=CONTENT_CHARACTERS)
    checks.require(len(images) <= MOST_IMAGES, "images", f"A post has at most {MOST_IMAGES} images.")
    for image in images:
        checks.web_address(image.url, "images", "An image's address")
        checks.text(image.alt_text, "images", "An image's description", most=300)
    checks.done()
