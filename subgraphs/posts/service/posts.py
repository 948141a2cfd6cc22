"""What the posts domain does: write, change and show posts, each to those who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.request import viewer_as_actor
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks
from subgraphs.posts.repository.protocol import PostRepository
from subgraphs.posts.service.readers import reader_of
from subgraphs.posts.tags import tags_of
from subgraphs.posts.values import (
    AuthorId,
    Bookmark,
    EventId,
    Image,
    NewPoll,
    NewPost,
    Post,
    PostChange,
    PostFilter,
    PostId,
    PostType,
    Upload,
    Visibility,
)

CONTENT_CHARACTERS = 5000
ALT_TEXT_CHARACTERS = 300
MOST_IMAGES = 10
EMPTY = "A post has text, images, a video, an event or a poll."


@dataclass(frozen=True, slots=True)
class Posts:
    posts: PostRepository

    async def find_by_ids(self, ids: Sequence[PostId], viewer: Viewer | None) -> Mapping[PostId, Post]:
        """Those of them the viewer may see."""
        return await self.posts.find_by_ids(ids, reader_of(viewer))

    async def list_posts(self, wanted: PostFilter, viewer: Viewer | None, page: PageRequest) -> Page[Post]:
        return await self.posts.list_posts(wanted, reader_of(viewer), page)

    async def count_posts(self, wanted: PostFilter, viewer: Viewer | None) -> int:
        return await self.posts.count_posts(wanted, reader_of(viewer))

    async def list_by_authors(
        self, authors: Sequence[AuthorId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]:
        return await self.posts.list_by_authors(authors, reader_of(viewer), page)

    async def count_by_authors(
        self, authors: Sequence[AuthorId], viewer: Viewer | None
    ) -> Mapping[AuthorId, int]:
        return await self.posts.count_by_authors(authors, reader_of(viewer))

    async def list_by_events(
        self, events: Sequence[EventId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[EventId, Page[Post]]:
        return await self.posts.list_by_events(events, reader_of(viewer), page)

    async def count_by_events(
        self, events: Sequence[EventId], viewer: Viewer | None
    ) -> Mapping[EventId, int]:
        return await self.posts.count_by_events(events, reader_of(viewer))

    async def list_images(self, posts: Sequence[PostId]) -> Mapping[PostId, tuple[Image, ...]]:
        return await self.posts.list_images(posts)

    async def count_bookmarks(self, posts: Sequence[PostId]) -> Mapping[PostId, int]:
        return await self.posts.count_bookmarks(posts)

    async def find_bookmarked(self, viewer: Viewer, posts: Sequence[PostId]) -> frozenset[PostId]:
        return await self.posts.find_bookmarked(AuthorId(viewer.id), posts)

    async def list_bookmarks(self, viewer: Viewer, page: PageRequest) -> Page[Bookmark]:
        return await self.posts.list_bookmarks(AuthorId(viewer.id), reader_of(viewer), page)

    async def count_own_bookmarks(self, viewer: Viewer) -> int:
        return await self.posts.count_own_bookmarks(AuthorId(viewer.id), reader_of(viewer))

    async def create(
        self,
        viewer: Viewer,
        checks: Checks,
        *,
        content: str,
        images: Sequence[Image],
        uploads: tuple[Upload, ...] = (),
        event_id: EventId | None,
        visibility: Visibility,
        poll: NewPoll | None = None,
        attached_event_id: EventId | None = None,
        language: str | None = None,
        attempt: Attempt | None = None,
    ) -> Post:
        """Raises Refused (InvalidInput, Conflict). The event is a reference to another domain: whether it
        can be seen is its domain's to say, each time it is read.
        """
        kept = checks.prose(content, "content", "A post", most=CONTENT_CHARACTERS)
        shown = _checked_images(checks, images)
        is_seen = bool(shown or uploads)
        checks.require(bool(kept or is_seen or event_id or poll), "content", EMPTY)
        checks.require(
            not (poll and (is_seen or event_id or attached_event_id)), "poll", "A poll comes with text alone."
        )
        checks.done()
        kind = _kind(poll, event_id, uploads, is_seen=is_seen)
        post = NewPost(
            PostId(uuid4()),
            AuthorId(viewer.id),
            kind,
            kept,
            event_id,
            visibility,
            shown,
            poll,
            attached_event_id,
            language,
            tags_of(kept),
            uploads,
        )
        return await self.posts.add(post, attempt)

    async def update(self, viewer: Viewer, post_id: PostId, change: PostChange, checks: Checks) -> Post:
        """Raises Refused (InvalidInput, NotFound), Forbidden."""
        content = checks.prose(change.content, "content", "A post", most=CONTENT_CHARACTERS)
        kept = replace(
            change,
            content=content,
            tags=None if content is None else tags_of(content),
            images=None if change.images is None else _checked_images(checks, change.images),
        )
        checks.done()
        post = await self.posts.update(post_id, AuthorId(viewer.id), kept)
        if post is None:
            raise await self._why_not(viewer, post_id)
        return post

    async def remove(self, viewer: Viewer, post_id: PostId, checks: Checks) -> PostId:
        """Administrators may remove anybody's. Raises Refused (NotFound), Forbidden."""
        checks.done()
        if not await self.posts.remove(post_id, reader_of(viewer), viewer_as_actor(viewer)):
            raise await self._why_not(viewer, post_id)
        return post_id

    async def bookmark(self, viewer: Viewer, post_id: PostId, checks: Checks) -> Post:
        """Raises Refused (NotFound)."""
        checks.done()
        post = await self.posts.bookmark(reader_of(viewer), AuthorId(viewer.id), post_id)
        if post is None:
            raise Refused(not_found("post", "postId"))
        return post

    async def remove_bookmark(self, viewer: Viewer, post_id: PostId, checks: Checks) -> Post | None:
        """Also of a post that can be seen no longer: then None. Raises Refused (NotFound) when there was
        neither.
        """
        checks.done()
        removed = await self.posts.remove_bookmark(AuthorId(viewer.id), post_id)
        post = (await self.find_by_ids([post_id], viewer)).get(post_id)
        if post is None and not removed:
            raise Refused(not_found("post", "postId"))
        return post

    async def _why_not(self, viewer: Viewer, post_id: PostId) -> Exception:
        """What cannot be seen does not exist."""
        post = (await self.find_by_ids([post_id], viewer)).get(post_id)
        if post is None:
            return Refused(not_found("post", "postId"))
        if post.author_id != viewer.id:
            return Forbidden("Only its author may change a post.")
        return Refused(invalid(EMPTY, "content"))


def _kind(
    poll: NewPoll | None, event_id: EventId | None, uploads: Sequence[Upload], *, is_seen: bool
) -> PostType:
    if poll is not None:
        return PostType.POLL
    if event_id is not None:
        return PostType.EVENT
    if any(upload.is_video for upload in uploads):
        return PostType.VIDEO
    return PostType.IMAGES if is_seen else PostType.TEXT


def _checked_images(checks: Checks, images: Sequence[Image]) -> tuple[Image, ...]:
    checks.require(len(images) <= MOST_IMAGES, "images", f"A post has at most {MOST_IMAGES} images.")
    return tuple(_checked_image(checks, at, image) for at, image in enumerate(images[:MOST_IMAGES]))


def _checked_image(checks: Checks, at: int, image: Image) -> Image:
    url = checks.web_address(image.url, ("images", at, "url"), "An image's address")
    alt_text = checks.line(
        image.alt_text, ("images", at, "altText"), "An image's description", most=ALT_TEXT_CHARACTERS
    )
    return Image(url or "", alt_text or None)
