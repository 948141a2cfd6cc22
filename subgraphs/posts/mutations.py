"""What one can do in the posts domain. All of it needs a login."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

import strawberry

from subgraphs.kit.ids import parse_id
from subgraphs.posts import values
from subgraphs.posts.types import Post, PostsInfo, post_type


@strawberry.input
class PostImageInput:
    url: str
    alt_text: str | None = None


@strawberry.input(description="Text, images or an event: at least one of them.")
class CreatePostInput:
    content: str = ""
    images: list[PostImageInput] = strawberry.field(default_factory=list, description="At most 10.")
    event_id: strawberry.ID | None = None
    visibility: values.Visibility = values.Visibility.PUBLIC


@strawberry.input(description="A field that is absent or null stays.")
class UpdatePostInput:
    content: str | None = None
    visibility: values.Visibility | None = None


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def create_post(self, info: PostsInfo, input: CreatePostInput) -> Post:
        viewer = info.context.request.require_viewer()
        event_id = None if input.event_id is None else values.EventId(parse_id(input.event_id, "eventId"))
        post = await info.context.posts.create(
            viewer,
            content=input.content,
            images=[values.Image(image.url, image.alt_text) for image in input.images],
            event_id=event_id,
            visibility=input.visibility,
        )
        return post_type(post)

    @strawberry.mutation(description="For the author.")
    async def update_post(self, info: PostsInfo, id: strawberry.ID, input: UpdatePostInput) -> Post:
        viewer = info.context.request.require_viewer()
        change = values.PostChange(input.content, input.visibility)
        return post_type(await info.context.posts.update(viewer, _post_id(id), change))

    @strawberry.mutation(description="For the author and administrators. Answers with the id that is gone.")
    async def delete_post(self, info: PostsInfo, id: strawberry.ID) -> strawberry.ID:
        viewer = info.context.request.require_viewer()
        return strawberry.ID(str(await info.context.posts.remove(viewer, _post_id(id))))

    @strawberry.mutation
    async def bookmark_post(self, info: PostsInfo, id: strawberry.ID) -> Post:
        viewer = info.context.request.require_viewer()
        return post_type(await info.context.posts.bookmark(viewer, _post_id(id)))

    @strawberry.mutation
    async def remove_bookmark(self, info: PostsInfo, id: strawberry.ID) -> Post:
        viewer = info.context.request.require_viewer()
        return post_type(await info.context.posts.remove_bookmark(viewer, _post_id(id)))


def _post_id(text: str) -> values.PostId:
    return values.PostId(parse_id(text))
