"""The feed domain in GraphQL. `Post` and `User` are other subgraphs' entities."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TypeAlias, cast

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.feed import values
from subgraphs.feed.loaders import FeedContext
from subgraphs.kit import connections as relay
from subgraphs.kit.connections import Counter, PageArguments, Paged, paged
from subgraphs.kit.pages import Page, PageRequest

FeedInfo: TypeAlias = Info[FeedContext, None]
TIMELINE = "What you and those you follow wrote, the newest first."


@federation.type(keys=["id"], description="Something somebody wanted others to see.")
class Post:
    id: strawberry.ID = strawberry.field(description="Its own for good.")


@strawberry.type(description="A post in your timeline.")
class FeedEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Post | None = strawberry.field(description="The post; null when you may not see it any longer.")
    posted_at: datetime = strawberry.field(description="When it was written.")


@strawberry.type(description="A page of your timeline.")
class FeedConnection(Paged[FeedEdge, Post | None]): ...


@federation.type(keys=["id"], description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="Theirs for good.")

    @strawberry.field(description=f"{TIMELINE} Null for everybody but yourself.")
    @paged
    async def feed(self, info: FeedInfo, asked: PageArguments) -> FeedConnection | None:
        window = asked.of(values.NEWEST)
        viewer = info.context.request.viewer
        if viewer is None or str(viewer.id) != self.id:
            return None
        return await timeline(info, window)


async def timeline(info: FeedInfo, window: PageRequest) -> FeedConnection:
    viewer, feed = info.context.request.require_viewer(), info.context.feed
    page = await feed.list_entries(viewer, window)
    return cast(FeedConnection, _Timeline(page, partial(feed.count_entries, viewer)))


class _Timeline:
    """A `FeedConnection` of which only that is made which is asked for."""

    __slots__ = ("_entries", "_page", "counter")

    def __init__(self, page: Page[values.Entry], counter: Counter) -> None:
        self._page, self._entries, self.counter = page, page.items, counter

    @property
    def nodes(self) -> list[Post]:
        return [Post(id=strawberry.ID(str(entry.post_id))) for entry in self._entries]

    @property
    def edges(self) -> list[FeedEdge]:
        return [
            FeedEdge(cursor=_cursor(entry), node=node, posted_at=entry.created_at)
            for entry, node in zip(self._entries, self.nodes, strict=True)
        ]

    @property
    def page_info(self) -> relay.PageInfo:
        ends = (*self._entries[:1], *self._entries[-1:])
        return relay.page_info(self._page, list(map(_cursor, ends)))


def _cursor(entry: values.Entry) -> str:
    return values.NEWEST.cursor(entry.position)
