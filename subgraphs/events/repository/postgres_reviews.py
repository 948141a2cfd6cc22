"""Reviews of events, in PostgreSQL. Who may write one is in the statement that adds it; what they come to is
kept by triggers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SmallInteger,
    String,
    Uuid,
    and_,
    case,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.events.models import event_attendees, events
from subgraphs.events.models.said import check_ins, ratings, reviews, ticketed_events
from subgraphs.events.repository.changing import Kind, change
from subgraphs.events.repository.rows import EVENTS, event_of, visible_to, writing
from subgraphs.events.repository.seen import said_to
from subgraphs.events.values import Event, EventId, EventStatus, HostId, Reader
from subgraphs.events.values_said import (
    DecideReview,
    HiddenBy,
    NewReview,
    NotReviewed,
    Rated,
    Rating,
    Review,
    ReviewId,
    ReviewOrder,
)
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.enums import known_or
from subgraphs.kit.pages import Page, PageRequest, pages_of

ENTITY = "event review"
SAID = reviews.c
COLUMNS = [SAID[name] for name in Review.__dataclass_fields__]
BY_RATING = [SAID.rating, SAID.created_at, SAID.id]
COLUMNS_OF = {
    ReviewOrder.NEWEST: [SAID.created_at, SAID.id],
    ReviewOrder.HIGHEST: BY_RATING,
    ReviewOrder.LOWEST: BY_RATING,
}


class PostgresReviewRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, new: NewReview, reader: Reader, actor: Actor, now: datetime
    ) -> Review | Event | NotReviewed:
        async with writing(self._database, reader) as session:
            row = (await session.execute(_writing_one(new, reader, now))).first()
            if row is None:
                return await _why_not(session, new, reader)
            told = {"event_id": [None, new.event_id], "rating": [None, new.rating]}
            await audit.record(session, actor, "review", ENTITY, new.id, told)
            return review_of(row)

    async def change(
        self, review: ReviewId, reader: Reader, actor: Actor, decide: DecideReview
    ) -> Review | None:
        return await change(self._database, KIND, review, reader, _seen(reader), actor, decide)

    async def find_by_ids(self, ids: Sequence[ReviewId], reader: Reader) -> Mapping[ReviewId, Review]:
        async with self._database.read(reader.tenant) as session:
            return {row.id: review_of(row) for row in await session.fetch(_found(ids, reader))}

    async def list_by_events(
        self, ids: Sequence[EventId], order: ReviewOrder, reader: Reader, request: PageRequest
    ) -> Mapping[EventId, Page[Review]]:
        async with self._database.read(reader.tenant) as session:
            rows = await session.fetch(_listed(ids, order, reader, request))
            return pages_of(ids, ((row._mapping[PARENT], review_of(row)) for row in rows), request)

    async def count_by_events(self, ids: Sequence[EventId], reader: Reader) -> Mapping[EventId, int]:
        async with self._database.read(reader.tenant) as session:
            return {row.event_id: int(row.number) for row in await session.fetch(_counted(ids, reader))}

    async def find_own(self, user: HostId, ids: Sequence[EventId]) -> Mapping[EventId, Review]:
        async with self._database.read() as session:
            return {row.event_id: review_of(row) for row in await session.fetch(_own(user, ids))}

    async def find_ratings(self, kind: Rated, ids: Sequence[UUID]) -> Mapping[UUID, Rating]:
        async with self._database.read() as session:
            rows = await session.fetch(_rated(kind.value, ids))
            return {row.subject_id: Rating(int(row.rating_count), int(row.rating_sum)) for row in rows}


def _writing_one(new: NewReview, reader: Reader, now: datetime) -> Any:
    """Adds the review if the event is over and the reader was there and does not host it."""
    values = (
        literal(new.id, Uuid),
        events.c.id,
        literal(new.reviewer_id, Uuid),
        literal(new.rating, SmallInteger),
        literal(new.text, String),
    )
    over = and_(events.c.status.in_(["PUBLISHED", "COMPLETED"]), events.c.ends_at <= now)
    which = (events.c.id == new.event_id, visible_to(reader), over, events.c.host_id != new.reviewer_id)
    names = ["id", "event_id", "reviewer_id", "rating", "text"]
    added = upsert(reviews).from_select(names, select(*values).where(*which, was_there(new.reviewer_id)))
    return added.on_conflict_do_nothing(constraint="reviews_once").returning(*COLUMNS)


def was_there(user: HostId) -> ColumnElement[bool]:
    """Who was let in, where somebody has registered for a ticket; else who said that they come."""
    sold = exists().where(ticketed_events.c.event_id == events.c.id)
    entered = check_ins.c
    let_in = exists().where(entered.event_id == events.c.id, entered.user_id == user, ~entered.undone)
    answers = event_attendees.c
    came = exists().where(answers.event_id == events.c.id, answers.user_id == user, answers.status == "GOING")
    return case((sold, let_in), else_=came)


async def _why_not(session: WriteSession, new: NewReview, reader: Reader) -> Event | NotReviewed:
    """The event when it is not over."""
    row = (await session.execute(EVENTS.where(events.c.id == new.event_id, visible_to(reader)))).first()
    if row is None:
        return NotReviewed.NO_EVENT
    if (event := event_of(row)).status is not EventStatus.COMPLETED:
        return event
    mine = select(SAID.id).where(SAID.event_id == new.event_id, SAID.reviewer_id == new.reviewer_id)
    found = (await session.execute(mine)).first()
    return NotReviewed.NOT_THERE if found is None else NotReviewed.ALREADY


def _seen(reader: Reader) -> list[Any]:
    return list(said_to(reader, reviews, SAID.reviewer_id, staff_sees_hidden=False))


@per_shape
def _found(ids: Sequence[ReviewId], reader: Reader) -> Select[Any]:
    seen = (among(SAID.id, ids), visible_to(reader), *_seen(reader))
    return select(*COLUMNS).join_from(reviews, events).where(*seen)


@per_shape
def _listed(ids: Sequence[EventId], order: ReviewOrder, reader: Reader, request: PageRequest) -> Select[Any]:
    """Of events that the reader sees."""
    listed, falls = select(*COLUMNS).where(*_seen(reader)), request.ordering.descending
    return pages_of_parents(listed, SAID.event_id, ids, COLUMNS_OF[order], request, descending=falls)


@per_shape
def _counted(ids: Sequence[EventId], reader: Reader) -> Select[Any]:
    counted = select(SAID.event_id, func.count().label("number"))
    return counted.where(among(SAID.event_id, ids), *_seen(reader)).group_by(SAID.event_id)


@per_shape
def _own(user: HostId, ids: Sequence[EventId]) -> Select[Any]:
    return select(*COLUMNS).where(SAID.reviewer_id == user, among(SAID.event_id, ids))


@per_shape
def _rated(kind: str, ids: Sequence[UUID]) -> Select[Any]:
    return select(ratings).where(ratings.c.kind == kind, among(ratings.c.subject_id, ids))


def review_of(row: Any) -> Review:
    values = {name: row._mapping[name] for name in Review.__dataclass_fields__}
    hidden = None if row.hidden_by is None else known_or(row.hidden_by, HiddenBy.MODERATOR)
    return Review(**(values | {"hidden_by": hidden}))


KIND: Kind[Review] = Kind(ENTITY, reviews, review_of)
