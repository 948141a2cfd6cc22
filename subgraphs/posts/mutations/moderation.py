"""Reporting posts, and deciding about them."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.report_types import FOR_MODERATORS, checked_note, checked_why, note, reason, why
from subgraphs.kit.reports import ReportReason
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.posts.mutations.named import post_named
from subgraphs.posts.types import Post, PostsInfo, post_type

SEEN = "A post you may see."


@strawberry.input(description="What is wrong with which post.")
class ReportPostInput:
    post_id: strawberry.ID = strawberry.field(description=SEEN)
    reason: ReportReason = reason()
    note: str = note()


@strawberry.input(description="What is hidden, and why.")
class HidePostInput:
    post_id: strawberry.ID = strawberry.field(description=SEEN)
    why: str = why()


@strawberry.input(description="What is shown again, and why.")
class ShowPostInput:
    post_id: strawberry.ID = strawberry.field(description="A post that is hidden.")
    why: str = why()


@strawberry.input(description="What is removed for good, and why.")
class TakeDownPostInput:
    post_id: strawberry.ID = strawberry.field(description=SEEN)
    why: str = why()


@strawberry.input(description="What stays as it is, and why.")
class DismissPostReportsInput:
    post_id: strawberry.ID = strawberry.field(description="A post that was reported.")
    why: str = why()


@payload
class ReportPostPayload:
    post: Post | None = outcome("The post.")
    errors: list[UserError] = problems()


@payload
class HidePostPayload:
    post: Post | None = outcome("The post, hidden.")
    errors: list[UserError] = problems()


@payload
class ShowPostPayload:
    post: Post | None = outcome("The post, shown.")
    errors: list[UserError] = problems()


@payload
class TakeDownPostPayload:
    taken_down_post_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@payload
class DismissPostReportsPayload:
    post: Post | None = outcome("The post.")
    errors: list[UserError] = problems()


@strawberry.type(description="Reports, and what is decided.")
class ModerationMutations:
    @mutation(
        ReportPostPayload,
        description="Tell moderators that something is wrong with a post. Yours counts once, and nobody is "
        "told that it was you.",
    )
    async def report_post(self, info: PostsInfo, input: ReportPostInput) -> ReportPostPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        post_id, said = post_named(checks, input.post_id), checked_note(checks, input.note)
        post = await info.context.services.moderation.report(viewer, post_id, input.reason, said, checks)
        return ReportPostPayload(post=post_type(post))

    @mutation(
        HidePostPayload,
        description=f"Hide a post from everybody but its author and moderators. {FOR_MODERATORS}",
    )
    async def hide_post(self, info: PostsInfo, input: HidePostInput) -> HidePostPayload | None:
        request, checks = info.context.request, Checks()
        viewer, post_id = request.require_viewer(), post_named(checks, input.post_id)
        reason = checked_why(checks, input.why)
        post = await info.context.services.moderation.hide(viewer, post_id, reason, request.actor, checks)
        return HidePostPayload(post=post_type(post))

    @mutation(ShowPostPayload, description=f"Show a hidden post to whom it was for before. {FOR_MODERATORS}")
    async def show_post(self, info: PostsInfo, input: ShowPostInput) -> ShowPostPayload | None:
        request, checks = info.context.request, Checks()
        viewer, post_id = request.require_viewer(), post_named(checks, input.post_id)
        reason = checked_why(checks, input.why)
        post = await info.context.services.moderation.show(viewer, post_id, reason, request.actor, checks)
        return ShowPostPayload(post=post_type(post))

    @mutation(TakeDownPostPayload, description=f"Remove a post for good. {FOR_MODERATORS}")
    async def take_down_post(self, info: PostsInfo, input: TakeDownPostInput) -> TakeDownPostPayload | None:
        request, checks = info.context.request, Checks()
        viewer, post_id = request.require_viewer(), post_named(checks, input.post_id)
        reason = checked_why(checks, input.why)
        gone = await info.context.services.moderation.take_down(
            viewer, post_id, reason, request.actor, checks
        )
        return TakeDownPostPayload(taken_down_post_id=strawberry.ID(str(gone)))

    @mutation(
        DismissPostReportsPayload, description=f"Decide that nothing is wrong with a post. {FOR_MODERATORS}"
    )
    async def dismiss_post_reports(
        self, info: PostsInfo, input: DismissPostReportsInput
    ) -> DismissPostReportsPayload | None:
        request, checks = info.context.request, Checks()
        viewer, post_id = request.require_viewer(), post_named(checks, input.post_id)
        reason = checked_why(checks, input.why)
        post = await info.context.services.moderation.dismiss(viewer, post_id, reason, request.actor, checks)
        return DismissPostReportsPayload(post=post_type(post))
