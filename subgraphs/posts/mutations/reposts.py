"""Passing posts on to those who follow one."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.posts.mutations.named import post_named
from subgraphs.posts.types import Post, PostsInfo, post_type


@strawberry.input(description="What is passed on. Again: with another comment.")
class RepostPostInput:
    post_id: strawberry.ID = strawberry.field(description="A post you may see.")
    comment: str = strawberry.field(
        default="", description="What you say about it, in up to 1000 characters."
    )


@strawberry.input(description="What is passed on no longer.")
class RemoveRepostInput:
    post_id: strawberry.ID = strawberry.field(description="A post you reposted.")


@payload
class RepostPostPayload:
    post: Post | None = outcome("The post you passed on.")
    errors: list[UserError] = problems()


@payload
class RemoveRepostPayload:
    post: Post | None = outcome("The post; null too when you may not see it any more.")
    errors: list[UserError] = problems()


@strawberry.type(description="Reposts.")
class RepostMutations:
    @mutation(
        RepostPostPayload, description="Pass a post on, once; whoever may not see the post sees no repost."
    )
    async def repost_post(self, info: PostsInfo, input: RepostPostInput) -> RepostPostPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        post_id = post_named(checks, input.post_id)
        post = await info.context.services.reposts.repost(viewer, post_id, input.comment, checks)
        return RepostPostPayload(post=post_type(post))

    @mutation(RemoveRepostPayload, description="Take a repost back, even of a post that you no longer see.")
    async def remove_repost(self, info: PostsInfo, input: RemoveRepostInput) -> RemoveRepostPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        post_id = post_named(checks, input.post_id)
        post = await info.context.services.reposts.remove(viewer, post_id, checks)
        return RemoveRepostPayload(post=None if post is None else post_type(post))
