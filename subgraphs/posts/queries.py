"""What one can ask the posts domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

import strawberry

from subgraphs.kit.connections import After, Before, Connection, First, Last, connection
from subgraphs.kit.ids import parse_id
from subgraphs.kit.pages import page_request
from subgraphs.posts import values
from subgraphs.posts.types import Post, PostsInfo, post_connection, post_type


@strawberry.type
class Query:
    @strawberry.field
    async def post(self, info: PostsInfo, id: strawberry.ID) -> Post | None:
        post = await info.context.loaders.by_id.load(values.PostId(parse_id(id)))
        return None if post is None else post_type(post)

    @strawberry.field(description="Everybody's posts that you may see, newest first.")
    async def posts(
        self,
        info: PostsInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Post]:
        window = page_request(values.NEWEST_POSTS, first=first, after=after, last=last, before=before)
        return post_connection(
            await info.context.posts.list_newest(info.context.request.known_viewer, window)
        )

    @strawberry.field(description="What you saved, latest first. For the logged in.")
    async def bookmarked_posts(
        self,
        info: PostsInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Post]:
        window = page_request(values.NEWEST_BOOKMARKS, first=first, after=after, last=last, before=before)
        page = await info.context.posts.list_bookmarks(info.context.request.require_viewer(), window)
        return connection(
            page,
            lambda bookmark: post_type(bookmark.post),
            lambda bookmark: values.NEWEST_BOOKMARKS.cursor(bookmark.position),
        )
