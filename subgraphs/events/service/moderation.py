"""Reporting what people say about events, and hiding it: questions by who runs the event and by moderators,
reviews by moderators alone, and none of an event that they run.
Nobody decides about what they said themselves; what a moderator hid only a moderator shows again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import UUID

from subgraphs.events.limits import Limits
from subgraphs.events.repository.protocol import QuestionRepository, ReviewRepository
from subgraphs.events.service import reviews as written
from subgraphs.events.service.questions import runs
from subgraphs.events.service.readers import Clock, reader_of, utc_now
from subgraphs.events.values import Event, HostId
from subgraphs.events.values_said import Change, HiddenBy, Question, QuestionId, Review, ReviewId
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.reports import Case, Report, ReportReason, Reports, require_moderator
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks

OWN = "Nobody decides about what they said themselves."
Office: TypeAlias = Callable[[Viewer, Event], HiddenBy | None]
"""As what somebody decides about something that was said about an event; None: not at all."""


class Remark(Protocol):
    @property
    def author(self) -> HostId: ...
    @property
    def hidden_by(self) -> HiddenBy | None: ...


@dataclass(frozen=True, slots=True)
class Moderation:
    reports: Reports
    questions: QuestionRepository
    reviews: ReviewRepository
    limits: Limits
    now: Clock = utc_now

    async def report_question(
        self, viewer: Viewer, question_id: QuestionId, reason: ReportReason, note: str, checks: Checks
    ) -> Question:
        """Raises Refused (InvalidInput, NotFound), RateLimited."""
        checks.done()
        question = await self._question(viewer, question_id)
        await self._report(viewer, question_id, question, "questionId", reason, note)
        return question

    async def hide_question(
        self, viewer: Viewer, question_id: QuestionId, why: str, checks: Checks, actor: Actor
    ) -> Question:
        """From everybody but who asked, who runs the event, and moderators. Again: nothing. Raises Refused,
        Forbidden.
        """
        checks.done()

        def decide(question: Question, event: Event) -> Change:
            return self.hidden(viewer, question, event, why, of_question, "QuestionGone")

        return _there(await self.questions.change(question_id, reader_of(viewer), actor, decide), "question")

    async def show_question(
        self, viewer: Viewer, question_id: QuestionId, why: str, checks: Checks, actor: Actor
    ) -> Question:
        """Raises Refused, Forbidden."""
        checks.done()

        def decide(question: Question, event: Event) -> Change:
            return shown(viewer, question, event, why, of_question)

        return _there(await self.questions.change(question_id, reader_of(viewer), actor, decide), "question")

    async def dismiss_question(
        self, viewer: Viewer, question_id: QuestionId, why: str, checks: Checks, actor: Actor
    ) -> Question:
        """Nothing is wrong with it. Raises Refused, Forbidden."""
        checks.done()
        question = await self._question(require_moderator(viewer), question_id)
        if question.author == viewer.id:
            raise Forbidden(OWN)
        await self.reports.dismiss("event question", question_id, why, actor)
        return question

    async def report_review(
        self, viewer: Viewer, review_id: ReviewId, reason: ReportReason, note: str, checks: Checks
    ) -> Review:
        """Raises Refused (InvalidInput, NotFound), RateLimited."""
        checks.done()
        review = await self._review(viewer, review_id)
        await self._report(viewer, review_id, review, "reviewId", reason, note)
        return review

    async def hide_review(
        self, viewer: Viewer, review_id: ReviewId, why: str, checks: Checks, actor: Actor
    ) -> Review:
        """From everybody but who wrote it and moderators; it counts no longer. Again: nothing. Raises
        Refused, Forbidden.
        """
        checks.done()

        def decide(review: Review, event: Event) -> Change:
            return self.hidden(viewer, review, event, why, of_review, None)

        return written.there(await self.reviews.change(review_id, reader_of(viewer), actor, decide))

    async def show_review(
        self, viewer: Viewer, review_id: ReviewId, why: str, checks: Checks, actor: Actor
    ) -> Review:
        """Raises Refused, Forbidden."""
        checks.done()

        def decide(review: Review, event: Event) -> Change:
            return shown(viewer, review, event, why, of_review)

        return written.there(await self.reviews.change(review_id, reader_of(viewer), actor, decide))

    async def dismiss_review(
        self, viewer: Viewer, review_id: ReviewId, why: str, checks: Checks, actor: Actor
    ) -> Review:
        """Nothing is wrong with it. Raises Refused, Forbidden."""
        checks.done()
        review = await self._review(require_moderator(viewer), review_id)
        if review.author == viewer.id:
            raise Forbidden(OWN)
        await self.reports.dismiss("event review", review_id, why, actor)
        return review

    async def list_open(
        self, viewer: Viewer, page: PageRequest
    ) -> tuple[Page[Case], dict[UUID, Question | Review]]:
        """What waits, and the remarks of it. Raises Forbidden."""
        require_moderator(viewer)
        found = await self.reports.list_open(page)
        ids = [case.subject_id for case in found.items]
        reader = reader_of(viewer)
        questions = await self.questions.find_by_ids([QuestionId(each) for each in ids], reader)
        reviews = await self.reviews.find_by_ids([ReviewId(each) for each in ids], reader)
        return found, dict([*questions.items(), *reviews.items()])

    async def count_open(self) -> int:
        return await self.reports.count_open()

    def hidden(
        self, viewer: Viewer, remark: Remark, event: Event, why: str, office: Office, message: str | None
    ) -> Change:
        by = _deciding(viewer, remark, event, office)
        if remark.hidden_by in (by, HiddenBy.MODERATOR):
            return Change("hide", {})
        columns = {"hidden_at": self.now(), "hidden_by": by.value}
        return _decided("hide", columns, by, why, "HIDDEN", message)

    async def _question(self, viewer: Viewer, question_id: QuestionId) -> Question:
        found = await self.questions.find_by_ids([question_id], reader_of(viewer))
        return _there(found.get(question_id), "question")

    async def _review(self, viewer: Viewer, review_id: ReviewId) -> Review:
        found = await self.reviews.find_by_ids([review_id], reader_of(viewer))
        return written.there(found.get(review_id))

    async def _report(
        self, viewer: Viewer, subject: UUID, remark: Remark, at: str, reason: ReportReason, note: str
    ) -> None:
        if remark.author == viewer.id:
            raise Refused(invalid("What one said oneself is not reported: delete it.", at))
        await self.limits.report(viewer.id)
        await self.reports.add(Report(subject, viewer.id, reason, note))


def of_question(viewer: Viewer, event: Event) -> HiddenBy | None:
    if runs(viewer, event):
        return HiddenBy.HOST
    return HiddenBy.MODERATOR if viewer.is_moderator else None


def of_review(viewer: Viewer, event: Event) -> HiddenBy | None:
    return HiddenBy.MODERATOR if viewer.is_moderator and not runs(viewer, event) else None


def shown(viewer: Viewer, remark: Remark, event: Event, why: str, office: Office) -> Change:
    by = _deciding(viewer, remark, event, office)
    if remark.hidden_by is None:
        return Change("show", {})
    if remark.hidden_by is HiddenBy.MODERATOR and by is not HiddenBy.MODERATOR:
        raise Forbidden("A moderator hid it: only they show it again.")
    return _decided("show", {"hidden_at": None, "hidden_by": None}, by, why, "SHOWN", None)


def _deciding(viewer: Viewer, remark: Remark, event: Event, office: Office) -> HiddenBy:
    if remark.author == viewer.id:
        raise Forbidden(OWN)
    by = office(viewer, event)
    if by is None:
        raise Forbidden("Only moderators, and who runs the event as far as they may, decide about this.")
    return by


def _decided(
    verb: str, columns: Mapping[str, object], by: HiddenBy, why: str, outcome: str, message: str | None
) -> Change:
    """A host's decision is theirs alone: what was reported waits for moderators."""
    decided = outcome if by is HiddenBy.MODERATOR else None
    return Change(verb, columns, {"why": [None, why]}, message, decided, why)


def _there(question: Question | None, kind: str) -> Question:
    if question is None:
        raise Refused(not_found(kind, f"{kind}Id"))
    return question
