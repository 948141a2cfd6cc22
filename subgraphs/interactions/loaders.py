"""The interactions domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec import structs

from subgraphs.interactions.repository import Hidden
from subgraphs.interactions.service import Comments, Likes, Moderation
from subgraphs.interactions.service.comments import as_shown
from subgraphs.interactions.values import (
    COMMENT_ORDERINGS,
    Comment,
    CommentId,
    Counts,
    Like,
    PersonId,
    PostId,
)
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.records import Records
from subgraphs.kit.request import Request

ORDERS = {ordering: order for order, ordering in COMMENT_ORDERINGS.items()}


@dataclass(frozen=True, slots=True)
class InteractionLoaders:
    comment: Loader[CommentId, Comment | None]
    """Of posts that are known to be seen."""
    seen_comment: Loader[CommentId, Comment | None]
    comments: Loader[tuple[UUID, PageRequest], Page[Comment]]
    comment_count: Loader[UUID, int | None]
    likes: Loader[tuple[UUID, PageRequest], Page[Like]]
    counts: Loader[PostId, Counts | None]
    liked_by_viewer: Loader[UUID, bool | None]


@dataclass(frozen=True, slots=True)
class InteractionsContext:
    request: Request
    likes: Likes
    comments: Comments
    moderation: Moderation
    records: Records
    loaders: InteractionLoaders


def interactions_context(
    request: Request, likes: Likes, comments: Comments, moderation: Moderation, records: Records
) -> InteractionsContext:
    async def hidden_from(_keys: Sequence[None]) -> Mapping[None, Hidden]:
        return {None: await comments.find_hidden(request)}

    hidden = loader(hidden_from)

    async def visible(ids: Sequence[CommentId]) -> Mapping[CommentId, Comment]:
        found = await comments.find_by_ids(ids)
        unseen = frozenset(await hidden.load(None) or ())
        return {key: as_shown(each, request) for key, each in found.items() if each.author_id not in unseen}

    async def seen(ids: Sequence[CommentId]) -> Mapping[CommentId, Comment]:
        return await comments.find_seen(ids, request)

    async def of_threads(threads: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[Comment]]:
        order = ORDERS[page.ordering]
        found = await comments.list_comments(threads, order, await hidden.load(None), page)
        return {thread: _as_shown(each, request) for thread, each in found.items()}

    async def counted(threads: Sequence[UUID]) -> Mapping[UUID, int]:
        return await comments.count_comments(threads, await hidden.load(None))

    async def likes_of(targets: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[Like]]:
        return await likes.list_likes(targets, await hidden.load(None), page)

    async def liked(targets: Sequence[UUID]) -> Mapping[UUID, bool]:
        known = await likes.find_liked(PersonId(request.require_viewer().id), targets)
        return {target: target in known for target in targets}

    loaders = InteractionLoaders(
        comment=loader(visible),
        seen_comment=loader(seen),
        comments=page_loader(of_threads),
        comment_count=loader(counted),
        likes=page_loader(likes_of),
        counts=loader(likes.count),
        liked_by_viewer=loader(liked),
    )
    return InteractionsContext(request, likes, comments, moderation, records, loaders)


def _as_shown(page: Page[Comment], request: Request) -> Page[Comment]:
    if all(each.hidden_at is None for each in page.items):
        return page
    return structs.replace(page, items=tuple(as_shown(each, request) for each in page.items))
