"""What the service asks of a store. `reader` is who will see the answer, or who writes: what they may not see
is not there, what they may not write stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from subgraphs.events.searches import EventSearch, FoundEvent
from subgraphs.events.values import (
    Answered,
    Attendance,
    AttendanceStatus,
    Attended,
    Event,
    EventChange,
    EventFilter,
    EventId,
    HostId,
    Invitation,
    InvitationId,
    InvitationStatus,
    NewEvent,
    NewVenue,
    OrganizationId,
    Reader,
    SeriesId,
    TooMany,
    Venue,
    VenueFilter,
    VenueId,
    VenueOrder,
)
from subgraphs.events.values_gallery import Allow, DecideImage, EventImage, ImageId, NewImage, NotHung
from subgraphs.events.values_said import (
    DecideQuestion,
    DecideReview,
    NewQuestion,
    NewReview,
    NotReviewed,
    NotTaken,
    Question,
    QuestionId,
    QuestionOrder,
    Rated,
    Rating,
    Review,
    ReviewId,
    ReviewOrder,
)
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt


class EventRepository(Protocol):
    async def add(self, new: Sequence[NewEvent], reader: Reader, attempt: Attempt | None) -> Event | None:
        """In one statement; the first of them. None when there is no such venue."""
        ...

    async def find_by_ids(self, ids: Sequence[EventId], reader: Reader) -> Mapping[EventId, Event]: ...

    async def update(
        self, event_id: EventId, change: EventChange, reader: Reader, now: datetime
    ) -> Event | None:
        """Changes a draft or published event of the reader that is not over, if it ends after it starts
        then and all who are going still may. None when any of that does not hold, or the venue is unknown.
        """
        ...

    async def publish(self, event_id: EventId, reader: Reader, now: datetime) -> Event | None:
        """A draft of the reader that is not over becomes public. None when there is none."""
        ...

    async def cancel(
        self, event_id: EventId, reason: str | None, reader: Reader, now: datetime
    ) -> Event | None:
        """Cancels an event of the reader (anybody's for administrators) unless it is over or cancelled."""
        ...

    async def remove(self, event_id: EventId, reader: Reader) -> bool:
        """Removes an event of the reader that nobody has answered. False when there is none."""
        ...

    async def list_events(self, wanted: EventFilter, reader: Reader, page: PageRequest) -> Page[Event]: ...

    async def count_events(self, wanted: EventFilter, reader: Reader) -> int: ...

    async def list_hosted(
        self, hosts: Sequence[HostId], reader: Reader, page: PageRequest
    ) -> Mapping[HostId, Page[Event]]: ...

    async def count_hosted(self, hosts: Sequence[HostId], reader: Reader) -> Mapping[HostId, int]: ...

    async def list_of_organizations(
        self, organizations: Sequence[OrganizationId], reader: Reader, page: PageRequest
    ) -> Mapping[OrganizationId, Page[Event]]: ...

    async def count_of_organizations(
        self, organizations: Sequence[OrganizationId], reader: Reader
    ) -> Mapping[OrganizationId, int]: ...

    async def list_at_venues(
        self, venues: Sequence[VenueId], reader: Reader, page: PageRequest
    ) -> Mapping[VenueId, Page[Event]]:
        """Published ones that are not over."""
        ...

    async def list_of_series(
        self, series: Sequence[SeriesId], reader: Reader, page: PageRequest
    ) -> Mapping[SeriesId, Page[Event]]: ...

    async def count_of_series(self, series: Sequence[SeriesId], reader: Reader) -> Mapping[SeriesId, int]: ...

    async def change_following(
        self, event_id: EventId, change: EventChange, reader: Reader, now: datetime
    ) -> Event | None:
        """As `update`, and all after it in its series that are not over or cancelled: all or none. Times move
        as far as the first one's do, on the clock.
        """
        ...

    async def cancel_following(
        self, event_id: EventId, reason: str | None, reader: Reader, now: datetime
    ) -> Event | None:
        """As `cancel`, and all after it in its series that are not over."""
        ...

    async def publish_following(self, event_id: EventId, reader: Reader, now: datetime) -> Event | None:
        """As `publish`, and all drafts after it in its series."""
        ...

    async def count_at_venues(self, venues: Sequence[VenueId], reader: Reader) -> Mapping[VenueId, int]: ...


class AttendanceRepository(Protocol):
    async def answer(
        self, event_id: EventId, reader: Reader, status: AttendanceStatus, now: datetime
    ) -> Answered | None:
        """Set or change an answer, if the event is open and has a place. Two who want the last one do not
        both get it. None when the reader sees no such event.
        """
        ...

    async def withdraw(self, event_id: EventId, user_id: HostId, reader: Reader) -> bool:
        """Take an answer back: one's own, or at an event one hosts. False when there was none."""
        ...

    async def list_attendees(
        self, events: Sequence[EventId], status: AttendanceStatus, reader: Reader, page: PageRequest
    ) -> Mapping[EventId, Page[Attendance]]:
        """In the order they said so; without those who are not there for the reader, because of a block."""
        ...

    async def list_attended(
        self, users: Sequence[HostId], status: AttendanceStatus, reader: Reader, page: PageRequest
    ) -> Mapping[HostId, Page[Attended]]:
        """By the events' start."""
        ...

    async def count_attendees(
        self, events: Sequence[EventId], status: AttendanceStatus
    ) -> Mapping[EventId, int]: ...

    async def count_seen_attendees(
        self, events: Sequence[EventId], status: AttendanceStatus, reader: Reader
    ) -> Mapping[EventId, int]:
        """As many as `list_attendees` lists."""
        ...

    async def count_attended(
        self, users: Sequence[HostId], status: AttendanceStatus, reader: Reader
    ) -> Mapping[HostId, int]: ...

    async def find_answers(
        self, user_id: HostId, events: Sequence[EventId]
    ) -> Mapping[EventId, AttendanceStatus]: ...


class InvitationRepository(Protocol):
    async def invite(
        self, event_id: EventId, invitee: HostId, reader: Reader, most: int
    ) -> Invitation | Event | TooMany | None:
        """Idempotent for the reader and the invitee. The event when it takes no answers; None when the
        reader may not see it.
        """
        ...

    async def withdraw(self, invitation: InvitationId, inviter: HostId) -> Invitation | None:
        """One that waits for an answer, gone. None when there is none of theirs."""
        ...

    async def accept(
        self, invitation: InvitationId, reader: Reader, now: datetime
    ) -> tuple[Invitation, Answered] | None:
        """Answers the event, too, if it can be answered. None when the reader has no such invitation."""
        ...

    async def decline(self, invitation: InvitationId, reader: Reader) -> Invitation | None:
        """One that is accepted stays so. None when the reader has no such invitation."""
        ...

    async def list_received(self, user: HostId, page: PageRequest) -> Page[Invitation]: ...

    async def list_sent(self, user: HostId, page: PageRequest) -> Page[Invitation]: ...

    async def count_received(self, user: HostId) -> int: ...

    async def count_sent(self, user: HostId) -> Mapping[InvitationStatus, int]: ...


class EventSearchRepository(Protocol):
    """Published events that are not over. Of `phrases` a title has one from a word on; None: any title."""

    async def list_nearest(
        self, search: EventSearch, phrases: Sequence[str] | None, page: PageRequest
    ) -> Page[FoundEvent]:
        """In the order of their distance from the point that `search.near` names."""
        ...

    async def list_earliest(
        self, search: EventSearch, phrases: Sequence[str] | None, page: PageRequest
    ) -> Page[FoundEvent]: ...

    async def count(self, search: EventSearch, phrases: Sequence[str] | None) -> int: ...


class VenueRepository(Protocol):
    async def add(self, venue: NewVenue, attempt: Attempt | None) -> Venue: ...

    async def find_by_ids(self, ids: Sequence[VenueId]) -> Mapping[VenueId, Venue]: ...

    async def update(
        self, venue_id: VenueId, columns: Mapping[str, object], maker: UUID | None
    ) -> Venue | None:
        """None when there is no such venue that `maker` made (None: whoever made it)."""
        ...

    async def list_venues(self, order: VenueOrder, wanted: VenueFilter, page: PageRequest) -> Page[Venue]: ...

    async def count(self, wanted: VenueFilter) -> int: ...


class QuestionRepository(Protocol):
    async def add(
        self, new: NewQuestion, reader: Reader, actor: Actor, attempt: Attempt | None
    ) -> Question | Event | NotTaken:
        """The event when it takes no questions. Raises Refused (Conflict, NotFound) for the attempt."""
        ...

    async def change(
        self, question: QuestionId, reader: Reader, actor: Actor, decide: DecideQuestion
    ) -> Question | None:
        """What it is then, or was when it goes. None when the reader sees no such question."""
        ...

    async def upvote(self, question: QuestionId, reader: Reader) -> Question | None:
        """Once per person; one's own has no vote of one's own."""
        ...

    async def withdraw_upvote(self, question: QuestionId, reader: Reader) -> Question | None: ...

    async def find_by_ids(
        self, questions: Sequence[QuestionId], reader: Reader
    ) -> Mapping[QuestionId, Question]: ...

    async def list_by_events(
        self, events: Sequence[EventId], order: QuestionOrder, reader: Reader, page: PageRequest
    ) -> Mapping[EventId, Page[Question]]:
        """Of events that the reader sees: without what is hidden, and without people across a block."""
        ...

    async def count_by_events(self, events: Sequence[EventId], reader: Reader) -> Mapping[EventId, int]:
        """As many as `list_by_events` lists."""
        ...

    async def find_upvoted(
        self, user: HostId, questions: Sequence[QuestionId]
    ) -> Mapping[QuestionId, bool]: ...


class ReviewRepository(Protocol):
    async def add(
        self, new: NewReview, reader: Reader, actor: Actor, now: datetime
    ) -> Review | Event | NotReviewed:
        """One for each person and event. The event when it is not over."""
        ...

    async def change(
        self, review: ReviewId, reader: Reader, actor: Actor, decide: DecideReview
    ) -> Review | None:
        """What it is then, or was when it goes. None when the reader sees no such review."""
        ...

    async def find_by_ids(self, reviews: Sequence[ReviewId], reader: Reader) -> Mapping[ReviewId, Review]: ...

    async def list_by_events(
        self, events: Sequence[EventId], order: ReviewOrder, reader: Reader, page: PageRequest
    ) -> Mapping[EventId, Page[Review]]:
        """Of events that the reader sees: without what is hidden, and without people across a block."""
        ...

    async def count_by_events(self, events: Sequence[EventId], reader: Reader) -> Mapping[EventId, int]:
        """As many as `list_by_events` lists."""
        ...

    async def find_own(self, user: HostId, events: Sequence[EventId]) -> Mapping[EventId, Review]: ...

    async def find_ratings(self, kind: Rated, ids: Sequence[UUID]) -> Mapping[UUID, Rating]:
        """What all reviews come to that are not hidden, whoever reads."""
        ...


class GalleryRepository(Protocol):
    async def add(self, new: NewImage, reader: Reader, actor: Actor, allow: Allow) -> EventImage | NotHung:
        """Behind the others; an upload that hangs there already is what is there."""
        ...

    async def reorder(
        self, event_id: EventId, ids: Sequence[ImageId], reader: Reader, actor: Actor, allow: Allow
    ) -> Event | NotHung:
        """The event whose pictures are in that order now."""
        ...

    async def change(
        self, image: ImageId, reader: Reader, actor: Actor, decide: DecideImage
    ) -> EventImage | None:
        """What it is then, or was when it goes. None when the reader sees no such picture."""
        ...

    async def find_by_ids(
        self, images: Sequence[ImageId], reader: Reader
    ) -> Mapping[ImageId, EventImage]: ...

    async def list_by_events(self, events: Sequence[EventId]) -> Mapping[EventId, tuple[EventImage, ...]]:
        """Of events that the reader sees, in their order."""
        ...
