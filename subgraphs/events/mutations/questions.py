"""Asking about events, answering, and wanting an answer, too."""

from __future__ import annotations

import strawberry

from subgraphs.events.types import EventsInfo
from subgraphs.events.types.questions import EventQuestion, question_type
from subgraphs.events.values import EventId
from subgraphs.events.values_said import QuestionId
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.repeats import attempt_of, idempotency_key
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

TEXT = "What you want to know: 1 to 1000 characters."
OWN = "One that you asked and nobody has answered."
SEEN = "A question about an event that you see."


@strawberry.input(description="What you want to know about which event.")
class AskEventQuestionInput:
    event_id: strawberry.ID = strawberry.field(
        description="One that you see, that is public and not cancelled."
    )
    question: str = strawberry.field(description=TEXT)
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A question in other words.")
class EditEventQuestionInput:
    question_id: strawberry.ID = strawberry.field(description=OWN)
    question: str = strawberry.field(description=TEXT)


@strawberry.input(description="Which question is deleted.")
class DeleteEventQuestionInput:
    question_id: strawberry.ID = strawberry.field(
        description="One that you asked, answered or not; anybody's for administrators."
    )


@strawberry.input(description="What the event says to a question.")
class AnswerEventQuestionInput:
    question_id: strawberry.ID = strawberry.field(
        description="About an event that you host, or of the organization that you act for."
    )
    answer: str | None = strawberry.field(
        description="1 to 4000 characters, in place of what was answered before; null takes the answer back."
    )


@strawberry.input(description="Which question you want answered, too.")
class UpvoteEventQuestionInput:
    question_id: strawberry.ID = strawberry.field(description=f"{SEEN} Not your own.")


@strawberry.input(description="Which question you do not want answered any more.")
class WithdrawEventQuestionUpvoteInput:
    question_id: strawberry.ID = strawberry.field(description=SEEN)


@payload
class AskEventQuestionPayload:
    question: EventQuestion | None = outcome("The new question.")
    errors: list[UserError] = problems()


@payload
class EditEventQuestionPayload:
    question: EventQuestion | None = outcome("The question as it is now.")
    errors: list[UserError] = problems()


@payload
class DeleteEventQuestionPayload:
    deleted_question_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@payload
class AnswerEventQuestionPayload:
    question: EventQuestion | None = outcome("The question with its answer.")
    errors: list[UserError] = problems()


@payload
class UpvoteEventQuestionPayload:
    question: EventQuestion | None = outcome("The question with your vote.")
    errors: list[UserError] = problems()


@payload
class WithdrawEventQuestionUpvotePayload:
    question: EventQuestion | None = outcome("The question without your vote.")
    errors: list[UserError] = problems()


@strawberry.type(description="Questions about events.")
class QuestionMutations:
    @mutation(AskEventQuestionPayload, description="Ask the host of an event something, for all to read.")
    async def ask_event_question(
        self, info: EventsInfo, input: AskEventQuestionInput
    ) -> AskEventQuestionPayload | None:
        request, checks = info.context.request, Checks()
        viewer, event_id = request.require_viewer(), EventId(checks.id(input.event_id, "eventId"))
        attempt, questions = attempt_of(viewer.id, input, checks), info.context.said.questions
        asked = await questions.ask(viewer, event_id, input.question, checks, request.actor, attempt)
        return AskEventQuestionPayload(question=question_type(asked))

    @mutation(EditEventQuestionPayload, description="For who asked, until it is answered.")
    async def edit_event_question(
        self, info: EventsInfo, input: EditEventQuestionInput
    ) -> EditEventQuestionPayload | None:
        request, checks = info.context.request, Checks()
        viewer, question_id = request.require_viewer(), _id(checks, input.question_id)
        questions = info.context.said.questions
        edited = await questions.edit(viewer, question_id, input.question, checks, request.actor)
        return EditEventQuestionPayload(question=question_type(edited))

    @mutation(DeleteEventQuestionPayload, description="For who asked, and administrators.")
    async def delete_event_question(
        self, info: EventsInfo, input: DeleteEventQuestionInput
    ) -> DeleteEventQuestionPayload | None:
        request, checks = info.context.request, Checks()
        viewer, question_id = request.require_viewer(), _id(checks, input.question_id)
        gone = await info.context.said.questions.remove(viewer, question_id, checks, request.actor)
        return DeleteEventQuestionPayload(deleted_question_id=strawberry.ID(str(gone)))

    @mutation(
        AnswerEventQuestionPayload,
        description="For the host, and who acts for the event's organization: answer a question, for all "
        "to read.",
    )
    async def answer_event_question(
        self, info: EventsInfo, input: AnswerEventQuestionInput
    ) -> AnswerEventQuestionPayload | None:
        request, checks = info.context.request, Checks()
        viewer, question_id = request.require_viewer(), _id(checks, input.question_id)
        questions = info.context.said.questions
        answered = await questions.answer(viewer, question_id, input.answer, checks, request.actor)
        return AnswerEventQuestionPayload(question=question_type(answered))

    @mutation(
        UpvoteEventQuestionPayload,
        description="Say that you want it answered, too. Doing it again changes nothing.",
    )
    async def upvote_event_question(
        self, info: EventsInfo, input: UpvoteEventQuestionInput
    ) -> UpvoteEventQuestionPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        question_id = _id(checks, input.question_id)
        upvoted = await info.context.said.questions.upvote(viewer, question_id, checks)
        return UpvoteEventQuestionPayload(question=question_type(upvoted))

    @mutation(
        WithdrawEventQuestionUpvotePayload,
        description="Take your vote for a question back. Doing it again changes nothing.",
    )
    async def withdraw_event_question_upvote(
        self, info: EventsInfo, input: WithdrawEventQuestionUpvoteInput
    ) -> WithdrawEventQuestionUpvotePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        question_id = _id(checks, input.question_id)
        question = await info.context.said.questions.withdraw_upvote(viewer, question_id, checks)
        return WithdrawEventQuestionUpvotePayload(question=question_type(question))


def _id(checks: Checks, text: str) -> QuestionId:
    return QuestionId(checks.id(text, "questionId"))
