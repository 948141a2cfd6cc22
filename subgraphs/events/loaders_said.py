"""Loaders of what is said about events, and the services behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from subgraphs.events.service.moderation import Moderation
from subgraphs.events.service.questions import Questions
from subgraphs.events.service.reviews import Reviews
from subgraphs.events.values import EventId
from subgraphs.events.values_said import (
    Question,
    QuestionId,
    QuestionOrder,
    Rated,
    Rating,
    Review,
    ReviewOrder,
)
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.records import Records
from subgraphs.kit.request import Request


@dataclass(frozen=True, slots=True)
class Said:
    """The services."""

    questions: Questions
    reviews: Reviews
    moderation: Moderation
    records: Records


@dataclass(frozen=True, slots=True)
class SaidLoaders:
    questions: Mapping[QuestionOrder, Loader[tuple[EventId, PageRequest], Page[Question]]]
    question_count: Loader[EventId, int | None]
    upvoted: Loader[QuestionId, bool | None]
    reviews: Mapping[ReviewOrder, Loader[tuple[EventId, PageRequest], Page[Review]]]
    review_count: Loader[EventId, int | None]
    own_review: Loader[EventId, Review | None]
    ratings: Mapping[Rated, Loader[UUID, Rating | None]]


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

    def reviews(order: ReviewOrder) -> Loader[tuple[EventId, PageRequest], Page[Review]]:
        async def listed(ids: Sequence[EventId], page: PageRequest) -> Mapping[EventId, Page[Review]]:
            return await said.reviews.list_by_events(ids, order, viewer, page)

        return page_loader(listed)

    async def review_count(ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await said.reviews.count_by_events(ids, viewer)

    async def own_review(ids: Sequence[EventId]) -> Mapping[EventId, Review]:
        return await said.reviews.find_own(request.require_viewer(), ids)

    return SaidLoaders(
        questions={order: questions(order) for order in QuestionOrder},
        question_count=loader(question_count),
        upvoted=loader(upvoted),
        reviews={order: reviews(order) for order in ReviewOrder},
        review_count=loader(review_count),
        own_review=loader(own_review),
        ratings={kind: loader(partial(said.reviews.find_ratings, kind)) for kind in Rated},
    )
