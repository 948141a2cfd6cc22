"""Taking posts elsewhere."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.repeats import attempt_of, idempotency_key
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.posts import values
from subgraphs.posts.mutations.named import post_named
from subgraphs.posts.types import Post, PostsInfo, post_type


@strawberry.input(description="What was taken elsewhere, and where to.")
class SharePostInput:
    post_id: strawberry.ID = strawberry.field(description="A post you may see.")
    target: values.ShareTarget = strawberry.field(description="Where to.")
    idempotency_key: str | None = idempotency_key()


@payload
class SharePostPayload:
    post: Post | None = outcome("The post, with its counts as they are now.")
    errors: list[UserError] = problems()


@strawberry.type(description="Shares.")
class ShareMutations:
    @mutation(SharePostPayload, description="Note that you took a post elsewhere; each time counts.")
    async def share_post(self, info: PostsInfo, input: SharePostInput) -> SharePostPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        post_id = post_named(checks, input.post_id)
        attempt = attempt_of(viewer.id, input, checks)
        post = await info.context.services.shares.share(viewer, post_id, input.target, attempt, checks)
        return SharePostPayload(post=post_type(post))
