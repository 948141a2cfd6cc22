"""Loaders of what is said about events, and the services behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.events.service.moderation import Moderation
from subgraphs.events.service.questions import Questions
from subgraphs.events.values import EventId
from subgraphs.events.values_said import Question, QuestionId, QuestionOrder
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.records import Records
from subgraphs.kit.request import Request


@dataclass(frozen=True, slots=True)
class Said:
    """The services."""

    questions: Questions
    moderation: Moderation
    records: Records


@dataclass(frozen=True, slots=True)
class SaidLoaders:
    questions: Mapping[QuestionOrder, Loader[tuple[EventId, PageRequest], Page[Question]]]
    question_count: Loader[EventId, int | None]
    upvoted: Loader[QuestionId, bool | None]


def said_loaders(request: Request, said: Said) -> SaidLoaders:
    viewer = request.known_viewer

    def questions(order: QuestionOrder) -> Loader[tuple[EventId, PageRequest], Page[Question]]:
        async def listed(ids: Sequence[EventId], page: PageRequest) -> Mapping[EventId, Page[Question]]:
            return await said.questions.list_by_events(ids, order, viewer, page)

        return page_loader(listed)

    async def question_count(ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await said.questions.count_by_events(ids, viewer)

    async def upvoted(ids: Sequence[QuestionId]) -> Mapping[QuestionId, bool]:
        return await said.questions.find_upvoted(request.require_viewer(), ids)

    return SaidLoaders(
        questions={order: questions(order) for order in QuestionOrder},
        question_count=loader(question_count),
        upvoted=loader(upvoted),
    )
