"""Reviews of events in GraphQL, and what they come to."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import strawberry

from db.uuids import uuid_of
from subgraphs.events import enums_said as _described  # noqa: F401 -- before they are used
from subgraphs.events import values, values_said
from subgraphs.events.types.invitations import EventsInfo, LazyEvent, LazyUser
from subgraphs.kit.connections import Connection, Counter, PageArguments, connection, paged
from subgraphs.kit.pages import Page

ReviewsBy = Annotated[values_said.ReviewOrder, strawberry.argument(description="What comes first.")]
NO_RATING = values_said.Rating(0, 0)


@strawberry.type(description="What somebody who was at an event thinks of it.")
class EventReview:
    record: strawberry.Private[values_said.Review]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    reviewer: LazyUser | None = strawberry.field(description="Who was there.")
    rating: int = strawberry.field(description="From 1, the worst, to 5.")
    text: str = strawberry.field(description="What they say about it; empty when nothing.")
    is_hidden: bool = strawberry.field(
        description="Whether it is kept from others and does not count: you wrote it, or are a moderator."
    )
    edited_at: datetime | None = strawberry.field(description="When it was last changed, if it was.")
    created_at: datetime = strawberry.field(description="When it was written.")

    @strawberry.field(description="What it is about.")
    def event(self, info: EventsInfo) -> LazyEvent | None:
        from subgraphs.events.types import event_type

        return info.context.loaders.by_id.found(self.record.event_id, event_type)


@strawberry.type(description="What reviews come to.")
class EventRating:
    average: float | None = strawberry.field(
        description="From 1 to 5, with two digits after the point; null when there is none."
    )
    count: int = strawberry.field(description="How many there are, without those that are hidden.")


@strawberry.type
class WithReviews:
    """What `Event` has for them."""

    if TYPE_CHECKING:
        record: values.Event

    @strawberry.field(description="What people who were there think of it.")
    @paged
    def reviews(
        self,
        info: EventsInfo,
        asked: PageArguments,
        order_by: ReviewsBy = values_said.ReviewOrder.NEWEST,
    ) -> Connection[EventReview]:
        window = asked.of(values_said.REVIEW_ORDERINGS[order_by])
        event, loaders = self.record.id, info.context.loaders.said
        count = partial(loaders.review_count.load, event)
        return loaders.reviews[order_by].answer(
            (event, window), lambda page: review_connection(page, order_by, count)
        )

    @strawberry.field(
        description="What its reviews come to, from 1 to 5, with two digits after the point; null when there "
        "is none."
    )
    def average_rating(self, info: EventsInfo) -> float | None:
        ratings = info.context.loaders.said.ratings[values_said.Rated.EVENT]
        return ratings.found(self.record.id, lambda rating: rating.average)

    @strawberry.field(description="How many reviews averageRating is made of.")
    def review_count(self, info: EventsInfo) -> int:
        ratings = info.context.loaders.said.ratings[values_said.Rated.EVENT]
        return ratings.answer(self.record.id, lambda rating: (rating or NO_RATING).count)

    @strawberry.field(description="Yours; null when there is none or you are not logged in.")
    def viewer_review(self, info: EventsInfo) -> EventReview | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.said.own_review.found(self.record.id, review_type)


@strawberry.type
class WithHostRating:
    """What `User` has of the reviews of what they host."""

    if TYPE_CHECKING:
        id: strawberry.ID

    @strawberry.field(description="What the reviews of all events they host come to.")
    def host_rating(self, info: EventsInfo) -> EventRating | None:
        return _rating(info, values_said.Rated.HOST, self.id)


@strawberry.type
class WithOrganizationRating:
    """What `Organization` has of the reviews of its events."""

    if TYPE_CHECKING:
        id: strawberry.ID

    @strawberry.field(description="What the reviews of all its events come to.")
    def event_rating(self, info: EventsInfo) -> EventRating | None:
        return _rating(info, values_said.Rated.ORGANIZATION, self.id)


def review_type(review: values_said.Review) -> EventReview:
    from subgraphs.events.types import User

    return EventReview(
        record=review,
        id=strawberry.ID(str(review.id)),
        reviewer=User(id=strawberry.ID(str(review.reviewer_id))),
        rating=review.rating,
        text=review.text,
        is_hidden=review.hidden_by is not None,
        edited_at=review.edited_at,
        created_at=review.created_at,
    )


def review_connection(
    page: Page[values_said.Review], order: values_said.ReviewOrder, counter: Counter
) -> Connection[EventReview]:
    cursor = values_said.REVIEW_ORDERINGS[order].cursor
    return connection(page, review_type, lambda each: cursor(each.position(order)), counter)


def _rating(info: EventsInfo, kind: values_said.Rated, subject: str) -> EventRating:
    def told(rating: values_said.Rating | None) -> EventRating:
        known = rating or NO_RATING
        return EventRating(average=known.average, count=known.count)

    return info.context.loaders.said.ratings[kind].answer(uuid_of(subject), told)
