"""What is said about events, as frozen values: questions and their answers, and
reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType, TypeAlias, assert_never
from uuid import UUID

from subgraphs.events.values import Event, EventId, HostId
from subgraphs.kit.pages import Ordering

QuestionId = NewType("QuestionId", UUID)


class HiddenBy(Enum):
    HOST = "HOST"
    MODERATOR = "MODERATOR"


class QuestionOrder(Enum):
    MOST_UPVOTED = "MOST_UPVOTED"
    NEWEST = "NEWEST"


QUESTION_ORDERINGS = {
    QuestionOrder.MOST_UPVOTED: Ordering("upvoted-questions", (int, datetime, UUID), descending=True),
    QuestionOrder.NEWEST: Ordering("newest-questions", (datetime, UUID), descending=True),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody asks about an event. `hidden_by` says who keeps it from others, if anybody does."""

    id: QuestionId
    event_id: EventId
    user_id: HostId
    question: str
    answer: str | None
    answered_by: HostId | None
    answered_at: datetime | None
    upvote_count: int
    hidden_by: HiddenBy | None
    edited_at: datetime | None
    created_at: datetime

    @property
    def author(self) -> HostId:
        return self.user_id

    def position(self, order: QuestionOrder) -> tuple[object, ...]:
        match order:
            case QuestionOrder.MOST_UPVOTED:
                return (self.upvote_count, self.created_at, self.id)
            case QuestionOrder.NEWEST:
                return (self.created_at, self.id)
            case other:
                assert_never(other)


@dataclass(frozen=True, slots=True)
class NewQuestion:
    id: QuestionId
    event_id: EventId
    user_id: HostId
    question: str


class NotTaken(Enum):
    """Why a question was not taken."""

    NO_EVENT = "NO_EVENT"
    BLOCKED = "BLOCKED"
    """The host or who asks blocks the other."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of something that was said: `columns` to set, or None when it goes. `told` is for the
    audit, `message` the type of what other domains hear, `outcome` what moderators decided, and why.
    """

    verb: str
    columns: Mapping[str, object] | None
    told: Mapping[str, object] = field(default_factory=dict)
    message: str | None = None
    outcome: str | None = None
    why: str = ""


DecideQuestion: TypeAlias = Callable[[Question, Event], Change]
"""Given both as they are, under a lock. Raises Refused or Forbidden for what is not to be done."""


ReviewId = NewType("ReviewId", UUID)


class ReviewOrder(Enum):
    NEWEST = "NEWEST"
    HIGHEST = "HIGHEST"
    LOWEST = "LOWEST"


REVIEW_ORDERINGS = {
    ReviewOrder.NEWEST: Ordering("newest-reviews", (datetime, UUID), descending=True),
    ReviewOrder.HIGHEST: Ordering("highest-reviews", (int, datetime, UUID), descending=True),
    ReviewOrder.LOWEST: Ordering("lowest-reviews", (int, datetime, UUID)),
}


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody who was there thinks of it: 1 to 5, and words, which may be empty."""

    id: ReviewId
    event_id: EventId
    reviewer_id: HostId
    rating: int
    text: str
    hidden_by: HiddenBy | None
    edited_at: datetime | None
    created_at: datetime

    @property
    def author(self) -> HostId:
        return self.reviewer_id

    def position(self, order: ReviewOrder) -> tuple[object, ...]:
        match order:
            case ReviewOrder.NEWEST:
                return (self.created_at, self.id)
            case ReviewOrder.HIGHEST | ReviewOrder.LOWEST:
                return (self.rating, self.created_at, self.id)
            case other:
                assert_never(other)


@dataclass(frozen=True, slots=True)
class NewReview:
    id: ReviewId
    event_id: EventId
    reviewer_id: HostId
    rating: int
    text: str


class NotReviewed(Enum):
    """Why a review was not taken, of an event that is over."""

    NO_EVENT = "NO_EVENT"
    NOT_THERE = "NOT_THERE"
    """They were not there, or host it."""
    ALREADY = "ALREADY"


class Rated(Enum):
    """What a rating is of."""

    EVENT = "EVENT"
    HOST = "HOST"
    ORGANIZATION = "ORGANIZATION"


@dataclass(frozen=True, slots=True)
class Rating:
    """What reviews that are not hidden come to."""

    count: int
    total: int

    @property
    def average(self) -> float | None:
        """Two digits after the point; None when there is none."""
        return round(self.total / self.count, 2) if self.count else None


DecideReview: TypeAlias = Callable[[Review, Event], Change]
