"""Who people are to each other, in GraphQL: lists of follows, of requests to follow, and of blocks."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from subgraphs.kit import connections as relay
from subgraphs.kit.connections import Counter, PageInfo
from subgraphs.kit.pages import Ordering, Page
from subgraphs.users import values

if TYPE_CHECKING:
    from subgraphs.users.types import User

LazyUser = Annotated["User", strawberry.lazy(__name__.rpartition(".")[0])]


@strawberry.type(description="Somebody on the other end of a follow.")
class FollowEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: LazyUser = strawberry.field(description="Who it is.")
    followed_at: datetime = strawberry.field(description="Since when.")


@strawberry.type(description="A page of people who follow somebody, or are followed.")
class FollowConnection:
    counter: strawberry.Private[Counter]
    edges: list[FollowEdge] = strawberry.field(description=relay.EDGES)
    nodes: list[LazyUser] = strawberry.field(description=relay.NODES)
    page_info: PageInfo = strawberry.field(description=relay.PAGE_INFO)

    @strawberry.field(description=relay.TOTAL)
    async def total_count(self) -> int:
        return await self.counter() or 0


@strawberry.type(description="Somebody on the other end of a request to follow.")
class FollowRequestEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: LazyUser = strawberry.field(description="Who it is.")
    requested_at: datetime = strawberry.field(description="Since when it waits.")


@strawberry.type(description="A page of requests to follow that wait for an answer.")
class FollowRequestConnection:
    counter: strawberry.Private[Counter]
    edges: list[FollowRequestEdge] = strawberry.field(description=relay.EDGES)
    nodes: list[LazyUser] = strawberry.field(description=relay.NODES)
    page_info: PageInfo = strawberry.field(description=relay.PAGE_INFO)

    @strawberry.field(description=relay.TOTAL)
    async def total_count(self) -> int:
        return await self.counter() or 0


@strawberry.type(description="Somebody you block.")
class BlockEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: LazyUser = strawberry.field(description="Who it is: by name alone, and only here.")
    blocked_at: datetime = strawberry.field(description="Since when.")


@strawberry.type(description="A page of the people you block.")
class BlockConnection:
    counter: strawberry.Private[Counter]
    edges: list[BlockEdge] = strawberry.field(description=relay.EDGES)
    nodes: list[LazyUser] = strawberry.field(description=relay.NODES)
    page_info: PageInfo = strawberry.field(description=relay.PAGE_INFO)

    @strawberry.field(description=relay.TOTAL)
    async def total_count(self) -> int:
        return await self.counter() or 0


def follow_connection(page: Page[values.Follow], counter: Counter) -> FollowConnection:
    from subgraphs.users.types import user_type

    cursors = [values.NEWEST_FOLLOWS.cursor(follow.position) for follow in page.items]
    nodes = [user_type(follow.user) for follow in page.items]
    edges = [
        FollowEdge(cursor=at, node=node, followed_at=follow.since)
        for at, node, follow in zip(cursors, nodes, page.items, strict=True)
    ]
    info = relay.page_info(page, cursors)
    return FollowConnection(counter=counter, edges=edges, nodes=nodes, page_info=info)


def request_connection(
    page: Page[values.FollowRequest], ordering: Ordering, counter: Counter
) -> FollowRequestConnection:
    from subgraphs.users.types import user_type

    cursors = [ordering.cursor(request.position) for request in page.items]
    nodes = [user_type(request.user) for request in page.items]
    edges = [
        FollowRequestEdge(cursor=at, node=node, requested_at=request.since)
        for at, node, request in zip(cursors, nodes, page.items, strict=True)
    ]
    info = relay.page_info(page, cursors)
    return FollowRequestConnection(counter=counter, edges=edges, nodes=nodes, page_info=info)


def block_connection(page: Page[values.Block], counter: Counter) -> BlockConnection:
    from subgraphs.users.types import user_type

    cursors = [values.NEWEST_BLOCKS.cursor(block.position) for block in page.items]
    nodes = [user_type(block.user) for block in page.items]
    edges = [
        BlockEdge(cursor=at, node=node, blocked_at=block.since)
        for at, node, block in zip(cursors, nodes, page.items, strict=True)
    ]
    info = relay.page_info(page, cursors)
    return BlockConnection(counter=counter, edges=edges, nodes=nodes, page_info=info)
