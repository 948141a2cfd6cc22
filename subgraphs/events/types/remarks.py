"""What was reported of what people say about events."""

from __future__ import annotations

import strawberry

from subgraphs.events import values_said
from subgraphs.events.types.questions import EventQuestion, question_type
from subgraphs.events.types.reviews import EventReview, review_type


@strawberry.type(description="Something that was said about an event: one of these.")
class EventRemark:
    question: EventQuestion | None = strawberry.field(default=None, description="A question, if it is one.")
    review: EventReview | None = strawberry.field(default=None, description="A review, if it is one.")


def remark_type(remark: values_said.Question | values_said.Review) -> EventRemark:
    if isinstance(remark, values_said.Review):
        return EventRemark(review=review_type(remark))
    return EventRemark(question=question_type(remark))
