"""The posts domain in GraphQL. `User` and `Event` are other subgraphs' entities with our fields on them."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.kit.connections import After, Before, Connection, First, Last, connection
from subgraphs.kit.errors import SubgraphError
from subgraphs.kit.pages import Page, page_request
from subgraphs.posts import values
from subgraphs.posts.loaders import PostsContext

PostsInfo: TypeAlias = Info[PostsContext, None]

strawberry.enum(values.PostType, name="PostType", description="What a post shows.")
strawberry.enum(
    values.Visibility,
    name="PostVisibility",
    description="Who sees a post. FOLLOWERS is, for now, seen by the author alone.",
)


@strawberry.type
class PostImage:
    url: str
    alt_text: str | None


@federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @federation.field(external=True)
    def username(self) -> str:
        raise SubgraphError("User.username belongs to the users subgraph.")

    @strawberry.field(description="What they posted, newest first, as far as you may see it.")
    async def posts(
        self,
        info: PostsInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Post]:
        window = page_request(values.NEWEST_POSTS, first=first, after=after, last=last, before=before)
        author = values.AuthorId(UUID(self.id))
        return post_connection(await info.context.loaders.by_author.load((author, window)))


@federation.type(keys=["id"])
class Event:
    id: strawberry.ID

    @strawberry.field(description="Posts about the event, newest first, as far as you may see them.")
    async def posts(
        self,
        info: PostsInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Post]:
        window = page_request(values.NEWEST_POSTS, first=first, after=after, last=last, before=before)
        event = values.EventId(UUID(self.id))
        return post_connection(await info.context.loaders.by_event.load((event, window)))


@federation.type(keys=["id"], description="Something somebody wanted others to see.")
class Post:
    record: strawberry.Private[values.Post]
    author_username: strawberry.Private[str | None]
    """Given by the router when it asks for `permalink`."""
    id: strawberry.ID
    author: User
    event: Event | None = strawberry.field(description="The event it is about.")
    type: values.PostType
    content: str
    visibility: values.Visibility
    created_at: datetime
    updated_at: datetime

    @federation.field(
        requires=["author { username }"], description="Its address on the site: /@author/posts/id."
    )
    def permalink(self) -> str | None:
        return None if self.author_username is None else f"/@{self.author_username}/posts/{self.id}"

    @strawberry.field
    async def images(self, info: PostsInfo) -> list[PostImage]:
        found = await info.context.loaders.images.load(self.record.id) or ()
        return [PostImage(url=image.url, alt_text=image.alt_text) for image in found]

    @strawberry.field(description="Whether you saved it; null when you are not logged in.")
    async def viewer_has_bookmarked(self, info: PostsInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return await info.context.loaders.bookmarked_by_viewer.load(self.record.id)


def post_type(post: values.Post, author_username: str | None = None) -> Post:
    return Post(
        record=post,
        author_username=author_username,
        id=strawberry.ID(str(post.id)),
        author=User(id=strawberry.ID(str(post.author_id))),
        event=None if post.event_id is None else Event(id=strawberry.ID(str(post.event_id))),
        type=post.type,
        content=post.content,
        visibility=post.visibility,
        created_at=post.created_at,
        updated_at=post.updated_at,
    )


def post_connection(page: Page[values.Post]) -> Connection[Post]:
    return connection(page, post_type, lambda post: values.NEWEST_POSTS.cursor(post.position))
