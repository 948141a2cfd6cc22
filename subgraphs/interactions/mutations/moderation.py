"""Reporting comments, and deciding about them."""

from __future__ import annotations

import strawberry

from subgraphs.interactions.types import Comment, InteractionsInfo, comment_type
from subgraphs.interactions.values import CommentId
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.report_types import FOR_MODERATORS, checked_note, checked_why, note, reason, why
from subgraphs.kit.reports import ReportReason
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

SEEN = "A comment under a post you may see."


@strawberry.input(description="What is wrong with which comment.")
class ReportCommentInput:
    comment_id: strawberry.ID = strawberry.field(description=SEEN)
    reason: ReportReason = reason()
    note: str = note()


@strawberry.input(description="What is hidden, and why.")
class HideCommentInput:
    comment_id: strawberry.ID = strawberry.field(description=SEEN)
    why: str = why()


@strawberry.input(description="What is shown again, and why.")
class ShowCommentInput:
    comment_id: strawberry.ID = strawberry.field(description="A comment that is hidden.")
    why: str = why()


@strawberry.input(description="What is removed for good, and why.")
class TakeDownCommentInput:
    comment_id: strawberry.ID = strawberry.field(description=SEEN)
    why: str = why()


@strawberry.input(description="What stays as it is, and why.")
class DismissCommentReportsInput:
    comment_id: strawberry.ID = strawberry.field(description="A comment that was reported.")
    why: str = why()


@payload
class ReportCommentPayload:
    comment: Comment | None = outcome("The comment.")
    errors: list[UserError] = problems()


@payload
class HideCommentPayload:
    comment: Comment | None = outcome("The comment, hidden.")
    errors: list[UserError] = problems()


@payload
class ShowCommentPayload:
    comment: Comment | None = outcome("The comment, shown.")
    errors: list[UserError] = problems()


@payload
class TakeDownCommentPayload:
    taken_down_comment_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@payload
class DismissCommentReportsPayload:
    comment: Comment | None = outcome("The comment; null too when it is gone.")
    errors: list[UserError] = problems()


@strawberry.type(description="Reports about comments, and what is decided.")
class ModerationMutations:
    @mutation(
        ReportCommentPayload,
        description="Tell moderators that something is wrong with a comment. Yours counts once, and nobody "
        "is told that it was you.",
    )
    async def report_comment(
        self, info: InteractionsInfo, input: ReportCommentInput
    ) -> ReportCommentPayload | None:
        checks, request = Checks(), info.context.request
        comment_id, said = _comment_id(checks, input.comment_id), checked_note(checks, input.note)
        found = await info.context.moderation.report(request, comment_id, input.reason, said, checks)
        return ReportCommentPayload(comment=comment_type(found))

    @mutation(
        HideCommentPayload,
        description="Hide what a comment says, and who says it, from everybody but them and moderators. "
        f"{FOR_MODERATORS}",
    )
    async def hide_comment(
        self, info: InteractionsInfo, input: HideCommentInput
    ) -> HideCommentPayload | None:
        checks, request = Checks(), info.context.request
        comment_id, reason = _comment_id(checks, input.comment_id), checked_why(checks, input.why)
        found = await info.context.moderation.hide(request, comment_id, reason, checks)
        return HideCommentPayload(comment=comment_type(found))

    @mutation(ShowCommentPayload, description=f"Show a hidden comment again. {FOR_MODERATORS}")
    async def show_comment(
        self, info: InteractionsInfo, input: ShowCommentInput
    ) -> ShowCommentPayload | None:
        checks, request = Checks(), info.context.request
        comment_id, reason = _comment_id(checks, input.comment_id), checked_why(checks, input.why)
        found = await info.context.moderation.show(request, comment_id, reason, checks)
        return ShowCommentPayload(comment=comment_type(found))

    @mutation(
        TakeDownCommentPayload,
        description=f"Remove a comment for good; answers to it stay. {FOR_MODERATORS}",
    )
    async def take_down_comment(
        self, info: InteractionsInfo, input: TakeDownCommentInput
    ) -> TakeDownCommentPayload | None:
        checks, request = Checks(), info.context.request
        comment_id, reason = _comment_id(checks, input.comment_id), checked_why(checks, input.why)
        gone = await info.context.moderation.take_down(request, comment_id, reason, checks)
        return TakeDownCommentPayload(taken_down_comment_id=strawberry.ID(str(gone)))

    @mutation(
        DismissCommentReportsPayload,
        description=f"Decide that nothing is wrong with a comment. {FOR_MODERATORS}",
    )
    async def dismiss_comment_reports(
        self, info: InteractionsInfo, input: DismissCommentReportsInput
    ) -> DismissCommentReportsPayload | None:
        checks, request = Checks(), info.context.request
        comment_id, reason = _comment_id(checks, input.comment_id), checked_why(checks, input.why)
        found = await info.context.moderation.dismiss(request, comment_id, reason, checks)
        return DismissCommentReportsPayload(comment=None if found is None else comment_type(found))


def _comment_id(checks: Checks, text: str) -> CommentId:
    return CommentId(checks.id(text, "commentId"))
