"""The posts domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeVar

from subgraphs.kit.auth import Viewer
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.records import Records
from subgraphs.kit.request import Request
from subgraphs.posts.service import Finding, Moderation, Polls, Posts, Reposts, Shares, Uploads
from subgraphs.posts.tags import Hashtag
from subgraphs.posts.values import (
    AuthorId,
    Edit,
    EditId,
    EventId,
    Image,
    Mention,
    OptionId,
    Poll,
    Post,
    PostId,
    Repost,
    Reposter,
    ShareTarget,
)

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
ListSeen = Callable[[Sequence[Key], Viewer | None, PageRequest], Awaitable[Mapping[Key, Page[Value]]]]
ListPages = Callable[[Sequence[Key], PageRequest], Awaitable[Mapping[Key, Page[Value]]]]


@dataclass(frozen=True, slots=True)
class Services:
    posts: Posts
    polls: Polls
    reposts: Reposts
    shares: Shares
    uploads: Uploads
    finding: Finding
    moderation: Moderation


class PostLoaders:
    """Of one request, which asks few of them: each is made when it is asked for first."""

    def __init__(self, services: Services, request: Request) -> None:
        self._services = services
        self._request = request
        self._viewer = request.known_viewer

    @cached_property
    def by_id(self) -> Loader[PostId, Post | None]:
        return loader(partial(self._services.posts.find_by_ids, viewer=self._viewer))

    @cached_property
    def by_author(self) -> Loader[tuple[AuthorId, PageRequest], Page[Post]]:
        return page_loader(self._seen_pages(self._services.posts.list_by_authors))

    @cached_property
    def author_count(self) -> Loader[AuthorId, int | None]:
        return loader(partial(self._services.posts.count_by_authors, viewer=self._viewer))

    @cached_property
    def by_event(self) -> Loader[tuple[EventId, PageRequest], Page[Post]]:
        return page_loader(self._seen_pages(self._services.posts.list_by_events))

    @cached_property
    def event_count(self) -> Loader[EventId, int | None]:
        return loader(partial(self._services.posts.count_by_events, viewer=self._viewer))

    @cached_property
    def images(self) -> Loader[PostId, tuple[Image, ...] | None]:
        return loader(self._services.posts.list_images)

    @cached_property
    def bookmark_count(self) -> Loader[PostId, int | None]:
        return loader(self._services.posts.count_bookmarks)

    @cached_property
    def bookmarked_by_viewer(self) -> Loader[PostId, bool | None]:
        return loader(self._bookmarked)

    @cached_property
    def poll(self) -> Loader[PostId, Poll | None]:
        return loader(self._services.polls.find_polls)

    @cached_property
    def reposters(self) -> Loader[tuple[PostId, PageRequest], Page[Reposter]]:
        return page_loader(self._seen_pages(self._services.reposts.list_reposters))

    @cached_property
    def repost_count(self) -> Loader[PostId, int | None]:
        return loader(partial(self._services.reposts.count, viewer=self._viewer))

    @cached_property
    def reposted_by_viewer(self) -> Loader[PostId, bool | None]:
        return loader(self._reposted)

    @cached_property
    def reposts(self) -> Loader[tuple[AuthorId, PageRequest], Page[Repost]]:
        return page_loader(self._seen_pages(self._services.reposts.list_reposts))

    @cached_property
    def reposts_count(self) -> Loader[AuthorId, int | None]:
        return loader(partial(self._services.reposts.count_reposts, viewer=self._viewer))

    @cached_property
    def shares(self) -> Loader[PostId, Mapping[ShareTarget, int] | None]:
        return loader(self._services.shares.count)

    @cached_property
    def votes_of_viewer(self) -> Loader[PostId, frozenset[OptionId] | None]:
        return loader(self._voted)

    @cached_property
    def hashtags(self) -> Loader[PostId, tuple[Hashtag, ...] | None]:
        return loader(self._services.finding.find_hashtags)

    @cached_property
    def mentions(self) -> Loader[PostId, tuple[Mention, ...] | None]:
        return loader(partial(self._services.finding.find_mentions, viewer=self._viewer))

    @cached_property
    def by_hashtag(self) -> Loader[tuple[str, PageRequest], Page[Post]]:
        return page_loader(self._seen_pages(self._services.finding.list_by_hashtags))

    @cached_property
    def hashtag_count(self) -> Loader[str, int | None]:
        return loader(partial(self._services.finding.count_by_hashtags, viewer=self._viewer))

    @cached_property
    def mentioning(self) -> Loader[tuple[AuthorId, PageRequest], Page[Post]]:
        return page_loader(self._seen_pages(self._services.finding.list_mentioning))

    @cached_property
    def mentioning_count(self) -> Loader[AuthorId, int | None]:
        return loader(partial(self._services.finding.count_mentioning, viewer=self._viewer))

    @cached_property
    def edits(self) -> Loader[tuple[PostId, PageRequest], Page[Edit]]:
        return page_loader(self._services.finding.list_edits)

    @cached_property
    def edit_count(self) -> Loader[PostId, int | None]:
        return loader(self._services.finding.count_edits)

    @cached_property
    def edit_by_id(self) -> Loader[EditId, Edit | None]:
        return loader(partial(self._services.finding.find_edits, viewer=self._viewer))

    def _seen_pages(self, load: ListSeen[Key, Value]) -> ListPages[Key, Value]:
        return lambda keys, page: load(keys, self._viewer, page)

    async def _bookmarked(self, ids: Sequence[PostId]) -> Mapping[PostId, bool]:
        known = await self._services.posts.find_bookmarked(self._request.require_viewer(), ids)
        return {post_id: post_id in known for post_id in ids}

    async def _reposted(self, ids: Sequence[PostId]) -> Mapping[PostId, bool]:
        known = await self._services.reposts.find_reposted(self._request.require_viewer(), ids)
        return {post_id: post_id in known for post_id in ids}

    async def _voted(self, ids: Sequence[PostId]) -> Mapping[PostId, frozenset[OptionId]]:
        return await self._services.polls.find_votes(self._request.require_viewer(), ids)


@dataclass(frozen=True, slots=True)
class PostsContext:
    request: Request
    services: Services
    records: Records
    loaders: PostLoaders


def posts_context(request: Request, services: Services, records: Records) -> PostsContext:
    return PostsContext(request, services, records, PostLoaders(services, request))
