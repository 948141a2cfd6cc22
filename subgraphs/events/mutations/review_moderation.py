"""Reporting reviews about events, and deciding about them."""

from __future__ import annotations

import strawberry

from subgraphs.events.types import EventsInfo
from subgraphs.events.types.reviews import EventReview, review_type
from subgraphs.events.values_said import ReviewId
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.report_types import FOR_MODERATORS, checked_note, checked_why, note, reason, why
from subgraphs.kit.reports import ReportReason
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

SEEN = "A review that you see."
WHO = "For moderators, but of events that they run."


@strawberry.input(description="What is wrong with which review.")
class ReportEventReviewInput:
    review_id: strawberry.ID = strawberry.field(description=SEEN)
    reason: ReportReason = reason()
    note: str = note()


@strawberry.input(description="What is hidden, and why.")
class HideEventReviewInput:
    review_id: strawberry.ID = strawberry.field(description=SEEN)
    why: str = why()


@strawberry.input(description="What is shown again, and why.")
class ShowEventReviewInput:
    review_id: strawberry.ID = strawberry.field(description="A review that is hidden.")
    why: str = why()


@strawberry.input(description="What stays as it is, and why.")
class DismissEventReviewReportsInput:
    review_id: strawberry.ID = strawberry.field(description="A review that was reported.")
    why: str = why()


@payload
class ReportEventReviewPayload:
    review: EventReview | None = outcome("The review.")
    errors: list[UserError] = problems()


@payload
class HideEventReviewPayload:
    review: EventReview | None = outcome("The review, hidden.")
    errors: list[UserError] = problems()


@payload
class ShowEventReviewPayload:
    review: EventReview | None = outcome("The review, shown.")
    errors: list[UserError] = problems()


@payload
class DismissEventReviewReportsPayload:
    review: EventReview | None = outcome("The review.")
    errors: list[UserError] = problems()


@strawberry.type(description="Reports of reviews, and what is decided.")
class ReviewModerationMutations:
    @mutation(
        ReportEventReviewPayload,
        description="Tell moderators that something is wrong with a review. Yours counts "
        "once, and nobody is told that it was you.",
    )
    async def report_event_review(
        self, info: EventsInfo, input: ReportEventReviewInput
    ) -> ReportEventReviewPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        review_id, said = _id(checks, input.review_id), checked_note(checks, input.note)
        moderation = info.context.said.moderation
        review = await moderation.report_review(viewer, review_id, input.reason, said, checks)
        return ReportEventReviewPayload(review=review_type(review))

    @mutation(
        HideEventReviewPayload,
        description="Hide a review from everybody but who wrote it and moderators; it counts no longer. "
        f"{WHO}",
    )
    async def hide_event_review(
        self, info: EventsInfo, input: HideEventReviewInput
    ) -> HideEventReviewPayload | None:
        request, checks = info.context.request, Checks()
        viewer, review_id = request.require_viewer(), _id(checks, input.review_id)
        reason, moderation = checked_why(checks, input.why), info.context.said.moderation
        review = await moderation.hide_review(viewer, review_id, reason, checks, request.actor)
        return HideEventReviewPayload(review=review_type(review))

    @mutation(
        ShowEventReviewPayload,
        description=f"Show a hidden review again; it counts again. {WHO}",
    )
    async def show_event_review(
        self, info: EventsInfo, input: ShowEventReviewInput
    ) -> ShowEventReviewPayload | None:
        request, checks = info.context.request, Checks()
        viewer, review_id = request.require_viewer(), _id(checks, input.review_id)
        reason, moderation = checked_why(checks, input.why), info.context.said.moderation
        review = await moderation.show_review(viewer, review_id, reason, checks, request.actor)
        return ShowEventReviewPayload(review=review_type(review))

    @mutation(
        DismissEventReviewReportsPayload,
        description=f"Decide that nothing is wrong with a review. {FOR_MODERATORS}",
    )
    async def dismiss_event_review_reports(
        self, info: EventsInfo, input: DismissEventReviewReportsInput
    ) -> DismissEventReviewReportsPayload | None:
        request, checks = info.context.request, Checks()
        viewer, review_id = request.require_viewer(), _id(checks, input.review_id)
        reason, moderation = checked_why(checks, input.why), info.context.said.moderation
        review = await moderation.dismiss_review(viewer, review_id, reason, checks, request.actor)
        return DismissEventReviewReportsPayload(review=review_type(review))


def _id(checks: Checks, text: str) -> ReviewId:
    return ReviewId(checks.id(text, "reviewId"))
