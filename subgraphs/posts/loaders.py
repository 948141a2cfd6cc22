"""The posts domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class PostLoaders:
    by_id: Loader[PostId, Post | None]
    by_author: Loader[tuple[AuthorId, PageRequest], Page[Post]]
    author_count: Loader[AuthorId, int | None]
    by_event: Loader[tuple[EventId, PageRequest], Page[Post]]
    event_count: Loader[EventId, int | None]
    images: Loader[PostId, tuple[Image, ...] | None]
    bookmark_count: Loader[PostId, int | None]
    bookmarked_by_viewer: Loader[PostId, bool | None]
    poll: Loader[PostId, Poll | None]
    reposters: Loader[tuple[PostId, PageRequest], Page[Reposter]]
    repost_count: Loader[PostId, int | None]
    reposted_by_viewer: Loader[PostId, bool | None]
    reposts: Loader[tuple[AuthorId, PageRequest], Page[Repost]]
    reposts_count: Loader[AuthorId, int | None]
    shares: Loader[PostId, Mapping[ShareTarget, int] | None]
    votes_of_viewer: Loader[PostId, frozenset[OptionId] | None]
    hashtags: Loader[PostId, tuple[Hashtag, ...] | None]
    mentions: Loader[PostId, tuple[Mention, ...] | None]
    by_hashtag: Loader[tuple[str, PageRequest], Page[Post]]
    hashtag_count: Loader[str, int | None]
    mentioning: Loader[tuple[AuthorId, PageRequest], Page[Post]]
    mentioning_count: Loader[AuthorId, int | None]
    edits: Loader[tuple[PostId, PageRequest], Page[Edit]]
    edit_count: Loader[PostId, int | None]
    edit_by_id: Loader[EditId, Edit | None]


@dataclass(frozen=True, slots=True)
class PostsContext:
    request: Request
    posts: Posts
    polls: Polls
    reposts: Reposts
    shares: Shares
    uploads: Uploads
    finding: Finding
    moderation: Moderation
    records: Records
    loaders: PostLoaders


def posts_context(
    request: Request,
    posts: Posts,
    polls: Polls,
    reposts: Reposts,
    shares: Shares,
    uploads: Uploads,
    finding: Finding,
    moderation: Moderation,
    records: Records,
) -> PostsContext:
    viewer = request.known_viewer

    async def by_ids(ids: Sequence[PostId]) -> Mapping[PostId, Post]:
        return await posts.find_by_ids(ids, viewer)

    async def by_authors(authors: Sequence[AuthorId], page: PageRequest) -> Mapping[AuthorId, Page[Post]]:
        return await posts.list_by_authors(authors, viewer, page)

    async def author_count(authors: Sequence[AuthorId]) -> Mapping[AuthorId, int]:
        return await posts.count_by_authors(authors, viewer)

    async def by_events(events: Sequence[EventId], page: PageRequest) -> Mapping[EventId, Page[Post]]:
        return await posts.list_by_events(events, viewer, page)

    async def event_count(events: Sequence[EventId]) -> Mapping[EventId, int]:
        return await posts.count_by_events(events, viewer)

    async def bookmarked(ids: Sequence[PostId]) -> Mapping[PostId, bool]:
        known = await posts.find_bookmarked(request.require_viewer(), ids)
        return {post_id: post_id in known for post_id in ids}

    async def votes_of_viewer(ids: Sequence[PostId]) -> Mapping[PostId, frozenset[OptionId]]:
        return await polls.find_votes(request.require_viewer(), ids)

    async def reposters(ids: Sequence[PostId], page: PageRequest) -> Mapping[PostId, Page[Reposter]]:
        return await reposts.list_reposters(ids, viewer, page)

    async def repost_count(ids: Sequence[PostId]) -> Mapping[PostId, int]:
        return await reposts.count(ids, viewer)

    async def reposted(ids: Sequence[PostId]) -> Mapping[PostId, bool]:
        known = await reposts.find_reposted(request.require_viewer(), ids)
        return {post_id: post_id in known for post_id in ids}

    async def reposts_of(people: Sequence[AuthorId], page: PageRequest) -> Mapping[AuthorId, Page[Repost]]:
        return await reposts.list_reposts(people, viewer, page)

    async def reposts_count(people: Sequence[AuthorId]) -> Mapping[AuthorId, int]:
        return await reposts.count_reposts(people, viewer)

    async def mentions(ids: Sequence[PostId]) -> Mapping[PostId, tuple[Mention, ...]]:
        return await finding.find_mentions(ids, viewer)

    async def by_hashtags(names: Sequence[str], page: PageRequest) -> Mapping[str, Page[Post]]:
        return await finding.list_by_hashtags(names, viewer, page)

    async def hashtag_count(names: Sequence[str]) -> Mapping[str, int]:
        return await finding.count_by_hashtags(names, viewer)

    async def mentioning(people: Sequence[AuthorId], page: PageRequest) -> Mapping[AuthorId, Page[Post]]:
        return await finding.list_mentioning(people, viewer, page)

    async def mentioning_count(people: Sequence[AuthorId]) -> Mapping[AuthorId, int]:
        return await finding.count_mentioning(people, viewer)

    async def edits_by_ids(ids: Sequence[EditId]) -> Mapping[EditId, Edit]:
        return await finding.find_edits(ids, viewer)

    loaders = PostLoaders(
        by_id=loader(by_ids),
        by_author=page_loader(by_authors),
        author_count=loader(author_count),
        by_event=page_loader(by_events),
        event_count=loader(event_count),
        images=loader(posts.list_images),
        bookmark_count=loader(posts.count_bookmarks),
        bookmarked_by_viewer=loader(bookmarked),
        poll=loader(polls.find_polls),
        reposters=page_loader(reposters),
        repost_count=loader(repost_count),
        reposted_by_viewer=loader(reposted),
        reposts=page_loader(reposts_of),
        reposts_count=loader(reposts_count),
        shares=loader(shares.count),
        votes_of_viewer=loader(votes_of_viewer),
        hashtags=loader(finding.find_hashtags),
        mentions=loader(mentions),
        by_hashtag=page_loader(by_hashtags),
        hashtag_count=loader(hashtag_count),
        mentioning=page_loader(mentioning),
        mentioning_count=loader(mentioning_count),
        edits=page_loader(finding.list_edits),
        edit_count=loader(finding.count_edits),
        edit_by_id=loader(edits_by_ids),
    )
    return PostsContext(
        request, posts, polls, reposts, shares, uploads, finding, moderation, records, loaders
    )
