"""What was reported of what people say about events."""

from __future__ import annotations

import strawberry

from subgraphs.events import values_said
from subgraphs.events.types.questions import EventQuestion, question_type


@strawberry.type(description="Something that was said about an event: one of these.")
class EventRemark:
    question: EventQuestion | None = strawberry.field(description="A question, if it is one.")


def remark_type(remark: values_said.Question) -> EventRemark:
    return EventRemark(question=question_type(remark))
