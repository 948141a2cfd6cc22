"""Reporting questions about events, and deciding about them."""

from __future__ import annotations

import strawberry

from subgraphs.events.types import EventsInfo
from subgraphs.events.types.questions import EventQuestion, question_type
from subgraphs.events.values_said import QuestionId
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.report_types import FOR_MODERATORS, checked_note, checked_why, note, reason, why
from subgraphs.kit.reports import ReportReason
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

SEEN = "A question that you see."
WHO = "For the host, who acts for the event's organization, and moderators."


@strawberry.input(description="What is wrong with which question.")
class ReportEventQuestionInput:
    question_id: strawberry.ID = strawberry.field(description=SEEN)
    reason: ReportReason = reason()
    note: str = note()


@strawberry.input(description="What is hidden, and why.")
class HideEventQuestionInput:
    question_id: strawberry.ID = strawberry.field(description=SEEN)
    why: str = why()


@strawberry.input(description="What is shown again, and why.")
class ShowEventQuestionInput:
    question_id: strawberry.ID = strawberry.field(description="A question that is hidden.")
    why: str = why()


@strawberry.input(description="What stays as it is, and why.")
class DismissEventQuestionReportsInput:
    question_id: strawberry.ID = strawberry.field(description="A question that was reported.")
    why: str = why()


@payload
class ReportEventQuestionPayload:
    question: EventQuestion | None = outcome("The question.")
    errors: list[UserError] = problems()


@payload
class HideEventQuestionPayload:
    question: EventQuestion | None = outcome("The question, hidden.")
    errors: list[UserError] = problems()


@payload
class ShowEventQuestionPayload:
    question: EventQuestion | None = outcome("The question, shown.")
    errors: list[UserError] = problems()


@payload
class DismissEventQuestionReportsPayload:
    question: EventQuestion | None = outcome("The question.")
    errors: list[UserError] = problems()


@strawberry.type(description="Reports of questions, and what is decided.")
class QuestionModerationMutations:
    @mutation(
        ReportEventQuestionPayload,
        description="Tell moderators that something is wrong with a question or its answer. Yours counts "
        "once, and nobody is told that it was you.",
    )
    async def report_event_question(
        self, info: EventsInfo, input: ReportEventQuestionInput
    ) -> ReportEventQuestionPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        question_id, said = _id(checks, input.question_id), checked_note(checks, input.note)
        moderation = info.context.said.moderation
        question = await moderation.report_question(viewer, question_id, input.reason, said, checks)
        return ReportEventQuestionPayload(question=question_type(question))

    @mutation(
        HideEventQuestionPayload,
        description="Hide a question from everybody but who asked it, who runs the event and moderators. "
        f"{WHO}",
    )
    async def hide_event_question(
        self, info: EventsInfo, input: HideEventQuestionInput
    ) -> HideEventQuestionPayload | None:
        request, checks = info.context.request, Checks()
        viewer, question_id = request.require_viewer(), _id(checks, input.question_id)
        reason, moderation = checked_why(checks, input.why), info.context.said.moderation
        question = await moderation.hide_question(viewer, question_id, reason, checks, request.actor)
        return HideEventQuestionPayload(question=question_type(question))

    @mutation(
        ShowEventQuestionPayload,
        description=f"Show a hidden question again; what a moderator hid only moderators show. {WHO}",
    )
    async def show_event_question(
        self, info: EventsInfo, input: ShowEventQuestionInput
    ) -> ShowEventQuestionPayload | None:
        request, checks = info.context.request, Checks()
        viewer, question_id = request.require_viewer(), _id(checks, input.question_id)
        reason, moderation = checked_why(checks, input.why), info.context.said.moderation
        question = await moderation.show_question(viewer, question_id, reason, checks, request.actor)
        return ShowEventQuestionPayload(question=question_type(question))

    @mutation(
        DismissEventQuestionReportsPayload,
        description=f"Decide that nothing is wrong with a question. {FOR_MODERATORS}",
    )
    async def dismiss_event_question_reports(
        self, info: EventsInfo, input: DismissEventQuestionReportsInput
    ) -> DismissEventQuestionReportsPayload | None:
        request, checks = info.context.request, Checks()
        viewer, question_id = request.require_viewer(), _id(checks, input.question_id)
        reason, moderation = checked_why(checks, input.why), info.context.said.moderation
        question = await moderation.dismiss_question(viewer, question_id, reason, checks, request.actor)
        return DismissEventQuestionReportsPayload(question=question_type(question))


def _id(checks: Checks, text: str) -> QuestionId:
    return QuestionId(checks.id(text, "questionId"))
