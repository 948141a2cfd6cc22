"""The interactions domain in GraphQL. `Post` and `User` are other subgraphs' entities.

A post's likes and comments are for who may see the post. The router has the author of a post from posts, and
posts tells it to nobody else: a `Post` that comes without its author has none of our fields.
"""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.interactions import enums as _described  # noqa: F401 -- before they are used
from subgraphs.interactions import values
from subgraphs.interactions.loaders import InteractionLoaders, InteractionsContext
from subgraphs.kit import connections as relay
from subgraphs.kit.connections import Connection, Counter, PageArguments, Paged, connection, paged
from subgraphs.kit.errors import SubgraphError
from subgraphs.kit.pages import Page, PageRequest

InteractionsInfo: TypeAlias = Info[InteractionsContext, None]

Order = Annotated[values.CommentOrder, strawberry.argument(description="What comes first.")]
AUTHOR = ["author { id }"]
"""What only who may see a post can bring."""


@federation.type(keys=["id"], description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="Theirs for good.")


@strawberry.type(description="Somebody who likes it.")
class LikeEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: User | None = strawberry.field(description="Who.")
    liked_at: datetime = strawberry.field(description="Since when.")


@strawberry.type(description="A page of those who like it, the latest first.")
class LikeConnection(Paged[LikeEdge, User | None]): ...


@federation.type(keys=["id"], description="Something somebody wanted others to see.")
class Post:
    record: strawberry.Private[values.Post | None]
    """None when nobody proved that the asker sees the post."""
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @federation.field(external=True, description="Who wrote it.")
    def author(self) -> User | None:
        raise SubgraphError("Post.author belongs to the posts subgraph.")

    @federation.field(requires=AUTHOR, description="Those who like it, the latest first.")
    @paged
    def likes(self, info: InteractionsInfo, asked: PageArguments) -> LikeConnection | None:
        window = asked.of(values.NEWEST_LIKES)
        if self.record is None:
            return None
        loaders, counter = info.context.loaders, partial(_like_count, info, self.record.id)
        return loaders.likes.answer((self.record.id, window), lambda page: like_connection(page, counter))

    @federation.field(requires=AUTHOR, description="How many like it.")
    def like_count(self, info: InteractionsInfo) -> int | None:
        if self.record is None:
            return None
        return info.context.loaders.counts.answer(
            self.record.id, lambda counts: counts.likes if counts else 0
        )

    @federation.field(requires=AUTHOR, description="Whether you like it; null when you are not logged in.")
    def viewer_has_liked(self, info: InteractionsInfo) -> bool | None:
        context = info.context
        if self.record is None or context.request.viewer is None:
            return None
        return context.loaders.liked_by_viewer.answer(self.record.id)

    @federation.field(requires=AUTHOR, description="The comments directly under it.")
    @paged
    def comments(
        self,
        info: InteractionsInfo,
        asked: PageArguments,
        order_by: Order = values.CommentOrder.NEWEST,
    ) -> Connection[Comment] | None:
        window = asked.of(values.COMMENT_ORDERINGS[order_by])
        if self.record is None:
            return None
        return _comments_under(self.record.id, info.context.loaders, order_by, window)

    @federation.field(
        requires=AUTHOR, description="How many comments it has, at all levels; also those you are not shown."
    )
    def comment_count(self, info: InteractionsInfo) -> int | None:
        if self.record is None:
            return None
        return info.context.loaders.counts.answer(
            self.record.id, lambda counts: counts.comments if counts else 0
        )


@federation.type(keys=["id"], description="What somebody wrote under a post, or in answer to a comment.")
class Comment:
    record: strawberry.Private[values.Comment]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    author: User | None = strawberry.field(description="Who wrote it; null when it was removed.")
    text: str | None = strawberry.field(description="What it says; null when it was removed.")
    depth: int = strawberry.field(description="0 under a post, one more for each answer; up to 5.")
    like_count: int = strawberry.field(description="How many like it.")
    reply_count: int = strawberry.field(description="How many answers are directly under it.")
    is_removed: bool = strawberry.field(description="Whether it only holds the place of its answers.")
    is_hidden: bool = strawberry.field(
        description="Whether moderators hide its text and author, but not from themselves and the author."
    )
    is_edited: bool = strawberry.field(description="Whether its text was changed.")
    created_at: datetime = strawberry.field(description="When it was written.")
    updated_at: datetime = strawberry.field(description="When its text last changed.")

    @strawberry.field(description="What it is under.")
    def post(self) -> Post | None:
        return post_type(values.Post(self.record.post_id, self.record.post_author_id))

    @strawberry.field(description="What it answers; null for a comment directly under a post.")
    def parent(self, info: InteractionsInfo) -> Comment | None:
        if self.record.parent_id is None:
            return None
        return info.context.loaders.comment.found(self.record.parent_id, comment_type)

    @strawberry.field(description="Whether you like it; null when you are not logged in.")
    def viewer_has_liked(self, info: InteractionsInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.liked_by_viewer.answer(self.record.id)

    @strawberry.field(description="Those who like it, the latest first.")
    @paged
    def likes(self, info: InteractionsInfo, asked: PageArguments) -> LikeConnection:
        window = asked.of(values.NEWEST_LIKES)
        counter = partial(_known, self.like_count)
        return info.context.loaders.likes.answer(
            (self.record.id, window), lambda page: like_connection(page, counter)
        )

    @strawberry.field(description="The answers directly under it.")
    @paged
    def replies(
        self,
        info: InteractionsInfo,
        asked: PageArguments,
        order_by: Order = values.CommentOrder.OLDEST,
    ) -> Connection[Comment]:
        window = asked.of(values.COMMENT_ORDERINGS[order_by])
        return _comments_under(self.record.id, info.context.loaders, order_by, window)


def post_type(post: values.Post) -> Post:
    """A post that the asker is known to see."""
    return Post(record=post, id=strawberry.ID(str(post.id)))


def comment_type(comment: values.Comment) -> Comment:
    author = comment.author_id
    return Comment(
        record=comment,
        id=strawberry.ID(str(comment.id)),
        author=None if author is None else User(id=strawberry.ID(str(author))),
        text=comment.text,
        depth=comment.depth,
        like_count=comment.like_count,
        reply_count=comment.reply_count,
        is_removed=comment.is_removed,
        is_hidden=comment.hidden_at is not None,
        is_edited=comment.edited_at is not None,
        created_at=comment.created_at,
        updated_at=comment.edited_at or comment.created_at,
    )


def _comments_under(
    thread: UUID, loaders: InteractionLoaders, order: values.CommentOrder, window: PageRequest
) -> Connection[Comment]:
    """Of a post or a comment."""
    counter = partial(loaders.comment_count.load, thread)
    return loaders.comments.answer(
        (thread, window), lambda page: connection(page, comment_type, partial(_cursor, order), counter)
    )


def _cursor(order: values.CommentOrder, comment: values.Comment) -> str:
    return values.COMMENT_ORDERINGS[order].cursor(comment.position(order))


def like_connection(page: Page[values.Like], counter: Counter) -> LikeConnection:
    edges = [
        LikeEdge(
            cursor=values.NEWEST_LIKES.cursor(like.position),
            node=User(id=strawberry.ID(str(like.user_id))),
            liked_at=like.created_at,
        )
        for like in page.items
    ]
    return LikeConnection.of(edges, page, counter)


async def _like_count(info: InteractionsInfo, post_id: values.PostId) -> int:
    counts = await info.context.loaders.counts.load(post_id)
    return 0 if counts is None else counts.likes


async def _known(count: int) -> int:
    return count
