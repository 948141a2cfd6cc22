"""Reviews: who was there says what it was like, once, when it is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import overload
from uuid import UUID, uuid4

from subgraphs.events.errors import event_closed
from subgraphs.events.limits import Limits
from subgraphs.events.repository.protocol import ReviewRepository
from subgraphs.events.service.readers import Clock, reader_of, utc_now
from subgraphs.events.values import Event, EventId, EventStatus, HostId
from subgraphs.events.values_said import (
    Change,
    NewReview,
    NotReviewed,
    Rated,
    Rating,
    Review,
    ReviewId,
    ReviewOrder,
)
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks

MOST_TEXT = 4000
EDITED_FOR = timedelta(days=30)
"""Afterwards a review stays as it is, or goes."""


@dataclass(frozen=True, slots=True)
class Reviews:
    reviews: ReviewRepository
    limits: Limits
    now: Clock = utc_now

    async def write(
        self, viewer: Viewer, event_id: EventId, rating: int, text: str, checks: Checks, actor: Actor
    ) -> Review:
        """Raises Refused (InvalidInput, NotFound, EventClosed, Conflict), Forbidden, RateLimited."""
        kept = _checked(checks, rating, text)
        checks.done()
        await self.limits.review(viewer.id)
        new = NewReview(ReviewId(uuid4()), event_id, HostId(viewer.id), rating, kept)
        match await self.reviews.add(new, reader_of(viewer), actor, self.now()):
            case NotReviewed.NO_EVENT:
                raise Refused(not_found("event", "eventId"))
            case NotReviewed.NOT_THERE:
                raise Forbidden("Only who was at an event reviews it, and not its host.")
            case NotReviewed.ALREADY:
                raise Refused(conflict("You have reviewed it. Change your review.", "eventId"))
            case Event(status=EventStatus.PUBLISHED):
                raise Refused(conflict("It is not over yet.", "eventId"))
            case Event(status=status):
                raise event_closed(status)
            case Review() as written:
                return written

    async def edit(
        self,
        viewer: Viewer,
        review_id: ReviewId,
        rating: int | None,
        text: str | None,
        checks: Checks,
        actor: Actor,
    ) -> Review:
        """What is None stays. Raises Refused (InvalidInput, NotFound, Conflict), Forbidden."""
        kept = _checked(checks, rating, text)
        checks.done()

        def decide(review: Review, _event: Event) -> Change:
            if review.reviewer_id != viewer.id:
                raise Forbidden("Only who wrote a review may change it.")
            if self.now() > review.created_at + EDITED_FOR:
                days = EDITED_FOR.days
                raise Refused(conflict(f"A review is changed within {days} days. Delete it.", "reviewId"))
            given = {"rating": rating, "text": kept}
            new = {name: value for name, value in given.items() if value not in (None, getattr(review, name))}
            told = {name: [getattr(review, name), value] for name, value in new.items()}
            return Change("edit", {**new, "edited_at": self.now()} if new else {}, told)

        return there(await self.reviews.change(review_id, reader_of(viewer), actor, decide))

    async def remove(self, viewer: Viewer, review_id: ReviewId, checks: Checks, actor: Actor) -> ReviewId:
        """By who wrote it, and administrators. Raises Refused (NotFound), Forbidden."""
        checks.done()

        def decide(review: Review, _event: Event) -> Change:
            if review.reviewer_id != viewer.id and not viewer.is_admin:
                raise Forbidden("Only who wrote a review may delete it.")
            return Change("delete", None)

        return there(await self.reviews.change(review_id, reader_of(viewer), actor, decide)).id

    async def list_by_events(
        self, events: Sequence[EventId], order: ReviewOrder, viewer: Viewer | None, page: PageRequest
    ) -> Mapping[EventId, Page[Review]]:
        return await self.reviews.list_by_events(events, order, reader_of(viewer), page)

    async def count_by_events(
        self, events: Sequence[EventId], viewer: Viewer | None
    ) -> Mapping[EventId, int]:
        return await self.reviews.count_by_events(events, reader_of(viewer))

    async def find_own(self, viewer: Viewer, events: Sequence[EventId]) -> Mapping[EventId, Review]:
        return await self.reviews.find_own(HostId(viewer.id), events)

    async def find_ratings(self, kind: Rated, ids: Sequence[UUID]) -> Mapping[UUID, Rating]:
        return await self.reviews.find_ratings(kind, ids)


def there(review: Review | None) -> Review:
    if review is None:
        raise Refused(not_found("review", "reviewId"))
    return review


@overload
def _checked(checks: Checks, rating: int, text: str) -> str: ...
@overload
def _checked(checks: Checks, rating: int | None, text: str | None) -> str | None: ...
def _checked(checks: Checks, rating: int | None, text: str | None) -> str | None:
    checks.require(rating is None or 1 <= rating <= 5, "rating", "From 1 to 5.")
    return checks.prose(text, "text", "A review", most=MOST_TEXT)
