"""Questions about events in GraphQL."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import strawberry

from subgraphs.events import enums_said as _described  # noqa: F401 -- before they are used
from subgraphs.events import values, values_said
from subgraphs.events.types.invitations import EventsInfo, LazyEvent, LazyUser
from subgraphs.kit.connections import Connection, Counter, PageArguments, connection, paged
from subgraphs.kit.pages import Page

if TYPE_CHECKING:
    from subgraphs.events.types import User

QuestionsBy = Annotated[values_said.QuestionOrder, strawberry.argument(description="What comes first.")]


@strawberry.type(description="Something that somebody wants to know about an event.")
class EventQuestion:
    record: strawberry.Private[values_said.Question]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    author: LazyUser | None = strawberry.field(description="Who asks.")
    question: str = strawberry.field(description="What they want to know.")
    answer: str | None = strawberry.field(description="What the host says to it; null when nothing yet.")
    answered_by: LazyUser | None = strawberry.field(description="Who answered for the event.")
    answered_at: datetime | None = strawberry.field(description="When the answer was last given.")
    upvote_count: int = strawberry.field(description="How many others want it answered.")
    is_hidden: bool = strawberry.field(
        description="Whether it is kept from others: you asked it, run the event or are a moderator."
    )
    edited_at: datetime | None = strawberry.field(description="When it was last changed, if it was.")
    created_at: datetime = strawberry.field(description="When it was asked.")

    @strawberry.field(description="What it is about.")
    def event(self, info: EventsInfo) -> LazyEvent | None:
        from subgraphs.events.types import event_type

        return info.context.loaders.by_id.found(self.record.event_id, event_type)

    @strawberry.field(description="Whether you want it answered, too; false when you are not logged in.")
    def viewer_has_upvoted(self, info: EventsInfo) -> bool:
        if info.context.request.viewer is None:
            return False
        return info.context.loaders.said.upvoted.answer(self.record.id, bool)


@strawberry.type
class WithQuestions:
    """What `Event` has for them."""

    if TYPE_CHECKING:
        record: values.Event

    @strawberry.field(description="What people ask about it, and what the host says to that.")
    @paged
    def questions(
        self,
        info: EventsInfo,
        asked: PageArguments,
        order_by: QuestionsBy = values_said.QuestionOrder.MOST_UPVOTED,
    ) -> Connection[EventQuestion]:
        window = asked.of(values_said.QUESTION_ORDERINGS[order_by])
        event, loaders = self.record.id, info.context.loaders.said
        count = partial(loaders.question_count.load, event)
        return loaders.questions[order_by].answer(
            (event, window), lambda page: question_connection(page, order_by, count)
        )


def question_type(question: values_said.Question) -> EventQuestion:
    return EventQuestion(
        record=question,
        id=strawberry.ID(str(question.id)),
        author=_user(question.user_id),
        question=question.question,
        answer=question.answer,
        answered_by=None if question.answered_by is None else _user(question.answered_by),
        answered_at=question.answered_at,
        upvote_count=question.upvote_count,
        is_hidden=question.hidden_by is not None,
        edited_at=question.edited_at,
        created_at=question.created_at,
    )


def question_connection(
    page: Page[values_said.Question], order: values_said.QuestionOrder, counter: Counter
) -> Connection[EventQuestion]:
    cursor = values_said.QUESTION_ORDERINGS[order].cursor
    return connection(page, question_type, lambda each: cursor(each.position(order)), counter)


def _user(user_id: values.HostId) -> User:
    from subgraphs.events.types import User

    return User(id=strawberry.ID(str(user_id)))
