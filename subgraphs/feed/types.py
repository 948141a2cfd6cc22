"""The feed domain in GraphQL. `Post` and `User` are other subgraphs' entities."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.feed import values
from subgraphs.feed.loaders import FeedContext
from subgraphs.kit import connections as relay
from subgraphs.kit.connections import After, Before, Counter, First, Last, PageInfo
from subgraphs.kit.pages import Page, PageRequest, page_request

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
class FeedConnection:
    counter: strawberry.Private[Counter]
    edges: list[FeedEdge] = strawberry.field(description=relay.EDGES)
    nodes: list[Post | None] = strawberry.field(description=relay.NODES)
    page_info: PageInfo = strawberry.field(description=relay.PAGE_INFO)

    @strawberry.field(description=relay.TOTAL)
    async def total_count(self) -> int:
        return await self.counter() or 0


@federation.type(keys=["id"], description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="Theirs for good.")

    @strawberry.field(description=f"{TIMELINE} Null for everybody but yourself.")
    async def feed(
        self,
        info: FeedInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> FeedConnection | None:
        window = page_request(values.NEWEST, first=first, after=after, last=last, before=before)
        viewer = info.context.request.viewer
        if viewer is None or str(viewer.id) != self.id:
            return None
        return await timeline(info, window)


async def timeline(info: FeedInfo, window: PageRequest) -> FeedConnection:
    viewer, feed = info.context.request.require_viewer(), info.context.feed
    return feed_connection(await feed.list_entries(viewer, window), partial(feed.count_entries, viewer))


def feed_connection(page: Page[values.Entry], counter: Counter) -> FeedConnection:
    cursors = [values.NEWEST.cursor(entry.position) for entry in page.items]
    nodes: list[Post | None] = [Post(id=strawberry.ID(str(entry.post_id))) for entry in page.items]
    edges = [
        FeedEdge(cursor=at, node=node, posted_at=entry.created_at)
        for at, node, entry in zip(cursors, nodes, page.items, strict=True)
    ]
    return FeedConnection(counter=counter, edges=edges, nodes=nodes, page_info=relay.page_info(page, cursors))
