"""Questions: who sees an event asks, the host or the event's organization answers. The rules here decide
under the question's lock (repository/changing.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from subgraphs.events.errors import event_closed
from subgraphs.events.limits import Limits
from subgraphs.events.repository.protocol import QuestionRepository
from subgraphs.events.service.readers import Clock, reader_of, utc_now
from subgraphs.events.values import Event, EventId, HostId
from subgraphs.events.values_said import (
    Change,
    DecideQuestion,
    NewQuestion,
    NotTaken,
    Question,
    QuestionId,
    QuestionOrder,
)
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import conflict, invalid, not_found
from subgraphs.kit.validation import Checks

MOST_QUESTION, MOST_ANSWER = 1000, 4000


@dataclass(frozen=True, slots=True)
class Questions:
    questions: QuestionRepository
    limits: Limits
    now: Clock = utc_now

    async def ask(
        self,
        viewer: Viewer,
        event_id: EventId,
        text: str,
        checks: Checks,
        actor: Actor,
        attempt: Attempt | None,
    ) -> Question:
        """Raises Refused (InvalidInput, NotFound, EventClosed, Conflict), Forbidden, RateLimited."""
        kept = _question(checks, text)
        checks.done()
        await self.limits.ask(viewer.id)
        new = NewQuestion(QuestionId(uuid4()), event_id, HostId(viewer.id), kept)
        match await self.questions.add(new, reader_of(viewer), actor, attempt):
            case NotTaken.NO_EVENT:
                raise Refused(not_found("event", "eventId"))
            case NotTaken.BLOCKED:
                raise Forbidden("The host takes no questions from you.")
            case Event(status=status):
                raise event_closed(status)
            case Question() as asked:
                return asked

    async def edit(
        self, viewer: Viewer, question_id: QuestionId, text: str, checks: Checks, actor: Actor
    ) -> Question:
        """By who asked, until it is answered: an answer stays one to what was asked. Raises Refused
        (InvalidInput, NotFound, Conflict), Forbidden.
        """
        kept = _question(checks, text)
        checks.done()

        def decide(question: Question, _event: Event) -> Change:
            if question.user_id != viewer.id:
                raise Forbidden("Only who asked a question may change it.")
            if question.answer is not None:
                raise Refused(conflict("It is answered. Ask another question.", "questionId"))
            told = {"question": [question.question, kept]}
            same = question.question == kept
            return Change("edit", {} if same else {"question": kept, "edited_at": self.now()}, told)

        return await self._change(viewer, question_id, actor, decide)

    async def remove(
        self, viewer: Viewer, question_id: QuestionId, checks: Checks, actor: Actor
    ) -> QuestionId:
        """By who asked, and administrators. Raises Refused (NotFound), Forbidden."""
        checks.done()

        def decide(question: Question, _event: Event) -> Change:
            if question.user_id != viewer.id and not viewer.is_admin:
                raise Forbidden("Only who asked a question may delete it.")
            return Change("delete", None, message="QuestionGone")

        return (await self._change(viewer, question_id, actor, decide)).id

    async def answer(
        self, viewer: Viewer, question_id: QuestionId, text: str | None, checks: Checks, actor: Actor
    ) -> Question:
        """By who runs the event; None takes an answer back. Raises Refused (InvalidInput, NotFound),
        Forbidden.
        """
        kept = checks.prose(text, "answer", "An answer", least=1, most=MOST_ANSWER)
        checks.done()

        def decide(question: Question, event: Event) -> Change:
            if not runs(viewer, event):
                raise Forbidden("Only the host and the event's organization answer.")
            if question.answer == kept:
                return Change("answer", {})
            told = {"answer": [question.answer, kept]}
            if kept is None:
                gone = {"answer": None, "answered_by": None, "answered_at": None}
                return Change("take back answer", gone, told, "QuestionUnanswered")
            given = {"answer": kept, "answered_by": viewer.id, "answered_at": self.now()}
            return Change("answer", given, told, "QuestionAnswered")

        return await self._change(viewer, question_id, actor, decide)

    async def upvote(self, viewer: Viewer, question_id: QuestionId, checks: Checks) -> Question:
        """Again: nothing. Raises Refused (NotFound, InvalidInput for one's own), RateLimited."""
        checks.done()
        await self.limits.upvote(viewer.id)
        found = _there(await self.questions.upvote(question_id, reader_of(viewer)))
        if found.user_id == viewer.id:
            raise Refused(invalid("You want your own question answered anyway.", "questionId"))
        return found

    async def withdraw_upvote(self, viewer: Viewer, question_id: QuestionId, checks: Checks) -> Question:
        """Again: nothing. Raises Refused (NotFound)."""
        checks.done()
        return _there(await self.questions.withdraw_upvote(question_id, reader_of(viewer)))

    async def list_by_events(
        self, events: Sequence[EventId], order: QuestionOrder, viewer: Viewer | None, page: PageRequest
    ) -> Mapping[EventId, Page[Question]]:
        return await self.questions.list_by_events(events, order, reader_of(viewer), page)

    async def count_by_events(
        self, events: Sequence[EventId], viewer: Viewer | None
    ) -> Mapping[EventId, int]:
        return await self.questions.count_by_events(events, reader_of(viewer))

    async def find_upvoted(
        self, viewer: Viewer, questions: Sequence[QuestionId]
    ) -> Mapping[QuestionId, bool]:
        return await self.questions.find_upvoted(HostId(viewer.id), questions)

    async def _change(
        self, viewer: Viewer, question: QuestionId, actor: Actor, decide: DecideQuestion
    ) -> Question:
        return _there(await self.questions.change(question, reader_of(viewer), actor, decide))


def runs(viewer: Viewer, event: Event) -> bool:
    """Whether they speak for the event: its host, or who acts for its organization."""
    if event.tenant_id is None:
        return event.host_id == viewer.id
    return str(event.tenant_id) == viewer.tenant


def _question(checks: Checks, text: str) -> str:
    return checks.prose(text, "question", "A question", least=1, most=MOST_QUESTION)


def _there(question: Question | None) -> Question:
    if question is None:
        raise Refused(not_found("question", "questionId"))
    return question
