"""Liking, and writing comments."""

from __future__ import annotations

import strawberry

from subgraphs.interactions.types import Comment, InteractionsInfo, Post, comment_type, post_type
from subgraphs.interactions.values import CommentId, PostId
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

TEXT = "1 to 2000 characters."
SEEN_POST = "A post you may see."
SEEN_COMMENT = "A comment under a post you may see."


@strawberry.input(description="Which post you like.")
class LikePostInput:
    post_id: strawberry.ID = strawberry.field(description=SEEN_POST)


@strawberry.input(description="Which post you like no longer.")
class UnlikePostInput:
    post_id: strawberry.ID = strawberry.field(description=SEEN_POST)


@strawberry.input(description="Which comment you like.")
class LikeCommentInput:
    comment_id: strawberry.ID = strawberry.field(description=SEEN_COMMENT)


@strawberry.input(description="Which comment you like no longer.")
class UnlikeCommentInput:
    comment_id: strawberry.ID = strawberry.field(description=SEEN_COMMENT)


@strawberry.input(description="What you say, and to what.")
class CreateCommentInput:
    post_id: strawberry.ID = strawberry.field(description=SEEN_POST)
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="The comment under the same post that you answer, unless it is at depth 5."
    )
    text: str = strawberry.field(description=TEXT)


@strawberry.input(description="What you say instead.")
class UpdateCommentInput:
    comment_id: strawberry.ID = strawberry.field(description="One of yours.")
    text: str = strawberry.field(description=TEXT)


@strawberry.input(description="What is removed.")
class DeleteCommentInput:
    comment_id: strawberry.ID = strawberry.field(
        description="One of yours, or under a post of yours; anybody's for administrators."
    )


@payload
class LikePostPayload:
    post: Post | None = outcome("The post.")
    errors: list[UserError] = problems()


@payload
class UnlikePostPayload:
    post: Post | None = outcome("The post.")
    errors: list[UserError] = problems()


@payload
class LikeCommentPayload:
    comment: Comment | None = outcome("The comment.")
    errors: list[UserError] = problems()


@payload
class UnlikeCommentPayload:
    comment: Comment | None = outcome("The comment.")
    errors: list[UserError] = problems()


@payload
class CreateCommentPayload:
    comment: Comment | None = outcome("The new comment.")
    errors: list[UserError] = problems()


@payload
class UpdateCommentPayload:
    comment: Comment | None = outcome("The comment as it is now.")
    errors: list[UserError] = problems()


@payload
class DeleteCommentPayload:
    deleted_comment_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@strawberry.type(description="Likes and comments.")
class InteractionMutations:
    @mutation(LikePostPayload, description="Like a post. Doing it again changes nothing.")
    async def like_post(self, info: InteractionsInfo, input: LikePostInput) -> LikePostPayload | None:
        checks, request = Checks(), info.context.request
        post = await info.context.likes.like_post(request, _post(checks, input.post_id), checks)
        return LikePostPayload(post=post_type(post))

    @mutation(UnlikePostPayload, description="Take your like back. Doing it again changes nothing.")
    async def unlike_post(self, info: InteractionsInfo, input: UnlikePostInput) -> UnlikePostPayload | None:
        checks, request = Checks(), info.context.request
        post = await info.context.likes.unlike_post(request, _post(checks, input.post_id), checks)
        return UnlikePostPayload(post=post_type(post))

    @mutation(LikeCommentPayload, description="Like a comment. Doing it again changes nothing.")
    async def like_comment(
        self, info: InteractionsInfo, input: LikeCommentInput
    ) -> LikeCommentPayload | None:
        checks, request = Checks(), info.context.request
        comment = await info.context.likes.like_comment(request, _comment(checks, input.comment_id), checks)
        return LikeCommentPayload(comment=comment_type(comment))

    @mutation(UnlikeCommentPayload, description="Take your like back. Doing it again changes nothing.")
    async def unlike_comment(
        self, info: InteractionsInfo, input: UnlikeCommentInput
    ) -> UnlikeCommentPayload | None:
        checks, request = Checks(), info.context.request
        comment = await info.context.likes.unlike_comment(request, _comment(checks, input.comment_id), checks)
        return UnlikeCommentPayload(comment=comment_type(comment))

    @mutation(CreateCommentPayload, description="Say something under a post, or in answer to a comment.")
    async def create_comment(
        self, info: InteractionsInfo, input: CreateCommentInput
    ) -> CreateCommentPayload | None:
        checks, request = Checks(), info.context.request
        post_id, parent = _post(checks, input.post_id), None
        if input.parent_id is not None:
            parent = CommentId(checks.id(input.parent_id, "parentId"))
        comment = await info.context.comments.create(
            request, checks, post_id=post_id, parent_id=parent, text=input.text
        )
        return CreateCommentPayload(comment=comment_type(comment))

    @mutation(UpdateCommentPayload, description="For the author.")
    async def update_comment(
        self, info: InteractionsInfo, input: UpdateCommentInput
    ) -> UpdateCommentPayload | None:
        checks, request = Checks(), info.context.request
        comment_id = _comment(checks, input.comment_id)
        comment = await info.context.comments.update(request, comment_id, input.text, checks)
        return UpdateCommentPayload(comment=comment_type(comment))

    @mutation(
        DeleteCommentPayload,
        description="For the author, the post's author and administrators. Answers to it stay.",
    )
    async def delete_comment(
        self, info: InteractionsInfo, input: DeleteCommentInput
    ) -> DeleteCommentPayload | None:
        checks, request = Checks(), info.context.request
        gone = await info.context.comments.remove(request, _comment(checks, input.comment_id), checks)
        return DeleteCommentPayload(deleted_comment_id=strawberry.ID(str(gone)))


def _post(checks: Checks, text: str) -> PostId:
    return PostId(checks.id(text, "postId"))


def _comment(checks: Checks, text: str) -> CommentId:
    return CommentId(checks.id(text, "commentId"))
