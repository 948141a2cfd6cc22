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
from subgraphs.kit.loading import Loader, loader, made_once, page_loader
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


class SaidLoaders:
    """Each is made when it is first asked for."""

    def __init__(self, request: Request, said: Said) -> None:
        self._request = request
        self._viewer = request.known_viewer
        self._said = said

    @made_once
    def questions(self) -> Mapping[QuestionOrder, Loader[tuple[EventId, PageRequest], Page[Question]]]:
        return {order: self._questions_by(order) for order in QuestionOrder}

    @made_once
    def question_count(self) -> Loader[EventId, int | None]:
        return loader(self._question_count)

    @made_once
    def upvoted(self) -> Loader[QuestionId, bool | None]:
        return loader(self._upvoted)

    @made_once
    def reviews(self) -> Mapping[ReviewOrder, Loader[tuple[EventId, PageRequest], Page[Review]]]:
        return {order: self._reviews_by(order) for order in ReviewOrder}

    @made_once
    def review_count(self) -> Loader[EventId, int | None]:
        return loader(self._review_count)

    @made_once
    def own_review(self) -> Loader[EventId, Review | None]:
        return loader(self._own_review)

    @made_once
    def ratings(self) -> Mapping[Rated, Loader[UUID, Rating | None]]:
        return {kind: loader(partial(self._said.reviews.find_ratings, kind)) for kind in Rated}

    def _questions_by(self, order: QuestionOrder) -> Loader[tuple[EventId, PageRequest], Page[Question]]:
        async def listed(ids: Sequence[EventId], page: PageRequest) -> Mapping[EventId, Page[Question]]:
            return await self._said.questions.list_by_events(ids, order, self._viewer, page)

        return page_loader(listed)

    async def _question_count(self, ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await self._said.questions.count_by_events(ids, self._viewer)

    async def _upvoted(self, ids: Sequence[QuestionId]) -> Mapping[QuestionId, bool]:
        return await self._said.questions.find_upvoted(self._request.require_viewer(), ids)

    def _reviews_by(self, order: ReviewOrder) -> Loader[tuple[EventId, PageRequest], Page[Review]]:
        async def listed(ids: Sequence[EventId], page: PageRequest) -> Mapping[EventId, Page[Review]]:
            return await self._said.reviews.list_by_events(ids, order, self._viewer, page)

        return page_loader(listed)

    async def _review_count(self, ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await self._said.reviews.count_by_events(ids, self._viewer)

    async def _own_review(self, ids: Sequence[EventId]) -> Mapping[EventId, Review]:
        return await self._said.reviews.find_own(self._request.require_viewer(), ids)
