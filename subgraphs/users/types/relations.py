"""Who people are to each other, in GraphQL: lists of follows, of requests to follow, and of blocks."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from subgraphs.kit import connections as relay
from subgraphs.kit.connections import Counter, Paged
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
class FollowConnection(Paged[FollowEdge, LazyUser]):
    pass


@strawberry.type(description="Somebody on the other end of a request to follow.")
class FollowRequestEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: LazyUser = strawberry.field(description="Who it is.")
    requested_at: datetime = strawberry.field(description="Since when it waits.")


@strawberry.type(description="A page of requests to follow that wait for an answer.")
class FollowRequestConnection(Paged[FollowRequestEdge, LazyUser]):
    pass


@strawberry.type(description="Somebody you block.")
class BlockEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: LazyUser = strawberry.field(description="Who it is: by name alone, and only here.")
    blocked_at: datetime = strawberry.field(description="Since when.")


@strawberry.type(description="A page of the people you block.")
class BlockConnection(Paged[BlockEdge, LazyUser]):
    pass


def follow_connection(page: Page[values.Follow], counter: Counter) -> FollowConnection:
    from subgraphs.users.types import user_type

    def place(follow: values.Follow) -> FollowEdge:
        at = values.NEWEST_FOLLOWS.cursor(follow.position)
        return FollowEdge(cursor=at, node=user_type(follow.user), followed_at=follow.since)

    return FollowConnection.of(map(place, page.items), page, counter)


def request_connection(
    page: Page[values.FollowRequest], ordering: Ordering, counter: Counter
) -> FollowRequestConnection:
    from subgraphs.users.types import user_type

    def place(request: values.FollowRequest) -> FollowRequestEdge:
        at = ordering.cursor(request.position)
        return FollowRequestEdge(cursor=at, node=user_type(request.user), requested_at=request.since)

    return FollowRequestConnection.of(map(place, page.items), page, counter)


def block_connection(page: Page[values.Block], counter: Counter) -> BlockConnection:
    from subgraphs.users.types import user_type

    def place(block: values.Block) -> BlockEdge:
        at = values.NEWEST_BLOCKS.cursor(block.position)
        return BlockEdge(cursor=at, node=user_type(block.user), blocked_at=block.since)

    return BlockConnection.of(map(place, page.items), page, counter)
