"""Reviewing events that are over."""

from __future__ import annotations

import strawberry

from subgraphs.events.inputs import UNSET
from subgraphs.events.types import EventsInfo
from subgraphs.events.types.reviews import EventReview, review_type
from subgraphs.events.values import EventId
from subgraphs.events.values_said import ReviewId
from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

RATING = "From 1, the worst, to 5."
TEXT = "What it was like: up to 4000 characters."


@strawberry.input(description="What you think of which event.")
class WriteEventReviewInput:
    event_id: strawberry.ID = strawberry.field(
        description="One that is over, and that you were at: let in by a ticket, or going where there "
        "are none."
    )
    rating: int = strawberry.field(description=RATING)
    text: str = strawberry.field(default="", description=TEXT)


@strawberry.input(description="A field that is absent stays.")
class EditEventReviewInput:
    review_id: strawberry.ID = strawberry.field(description="One that you wrote within the last 30 days.")
    rating: int | None = strawberry.field(default=UNSET, description=RATING)
    text: str | None = strawberry.field(default=UNSET, description=TEXT)


@strawberry.input(description="Which review is deleted.")
class DeleteEventReviewInput:
    review_id: strawberry.ID = strawberry.field(
        description="One that you wrote; anybody's for administrators."
    )


@payload
class WriteEventReviewPayload:
    review: EventReview | None = outcome("The new review.")
    errors: list[UserError] = problems()


@payload
class EditEventReviewPayload:
    review: EventReview | None = outcome("The review as it is now.")
    errors: list[UserError] = problems()


@payload
class DeleteEventReviewPayload:
    deleted_review_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@strawberry.type(description="Reviews of events.")
class ReviewMutations:
    @mutation(WriteEventReviewPayload, description="Say what an event was like that you were at: once.")
    async def write_event_review(
        self, info: EventsInfo, input: WriteEventReviewInput
    ) -> WriteEventReviewPayload | None:
        request, checks = info.context.request, Checks()
        viewer, event_id = request.require_viewer(), EventId(checks.id(input.event_id, "eventId"))
        reviews = info.context.said.reviews
        written = await reviews.write(viewer, event_id, input.rating, input.text, checks, request.actor)
        return WriteEventReviewPayload(review=review_type(written))

    @mutation(EditEventReviewPayload, description="For who wrote it, within 30 days.")
    async def edit_event_review(
        self, info: EventsInfo, input: EditEventReviewInput
    ) -> EditEventReviewPayload | None:
        request, checks = info.context.request, Checks()
        viewer, given = request.require_viewer(), changes(input, checks)
        review_id = _id(checks, given.pop("review_id"))
        rating, text = given.get("rating"), given.get("text")
        reviews = info.context.said.reviews
        edited = await reviews.edit(viewer, review_id, rating, text, checks, request.actor)
        return EditEventReviewPayload(review=review_type(edited))

    @mutation(DeleteEventReviewPayload, description="For who wrote it, and administrators.")
    async def delete_event_review(
        self, info: EventsInfo, input: DeleteEventReviewInput
    ) -> DeleteEventReviewPayload | None:
        request, checks = info.context.request, Checks()
        viewer, review_id = request.require_viewer(), _id(checks, input.review_id)
        gone = await info.context.said.reviews.remove(viewer, review_id, checks, request.actor)
        return DeleteEventReviewPayload(deleted_review_id=strawberry.ID(str(gone)))


def _id(checks: Checks, text: str) -> ReviewId:
    return ReviewId(checks.id(text, "reviewId"))
