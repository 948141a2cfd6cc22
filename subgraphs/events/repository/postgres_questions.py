"""Questions about events, in PostgreSQL. Whether one may be asked is in the statement that adds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    String,
    Uuid,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.events.models import blocks, events
from subgraphs.events.models.said import event_qna, event_qna_upvotes
from subgraphs.events.repository.changing import Kind, change
from subgraphs.events.repository.rows import EVENTS, event_of, visible_to, writing
from subgraphs.events.repository.seen import said_to
from subgraphs.events.values import Event, EventId, HostId, Reader
from subgraphs.events.values_said import (
    DecideQuestion,
    HiddenBy,
    NewQuestion,
    NotTaken,
    Question,
    QuestionId,
    QuestionOrder,
)
from subgraphs.kit import audit, outbox, repeats
from subgraphs.kit.audit import Actor
from subgraphs.kit.enums import known_or
from subgraphs.kit.outbox import Message
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.kit.repeats import Attempt

ENTITY, TOPIC = "event question", "events.question"
ASKED = event_qna.c
COLUMNS = [ASKED[name] for name in Question.__dataclass_fields__]
COLUMNS_OF = {
    QuestionOrder.MOST_UPVOTED: [ASKED.upvote_count, ASKED.created_at, ASKED.id],
    QuestionOrder.NEWEST: [ASKED.created_at, ASKED.id],
}
OPEN = events.c.status.in_(["PUBLISHED", "COMPLETED"])


class PostgresQuestionRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, new: NewQuestion, reader: Reader, actor: Actor, attempt: Attempt | None
    ) -> Question | Event | NotTaken:
        async with writing(self._database, reader) as session:
            made = await repeats.earlier(session, attempt, new.id)
            if made is not None:
                return await _made(session, QuestionId(made))
            row = (await session.execute(_asking(new, reader))).first()
            if row is not None:
                await _told_of(session, question := question_of(row), row.host_id, actor)
                return question
            await repeats.release(session, attempt)
            return await _why_not(session, new.event_id, reader)

    async def change(
        self, question: QuestionId, reader: Reader, actor: Actor, decide: DecideQuestion
    ) -> Question | None:
        return await change(self._database, KIND, question, reader, _seen(reader), actor, decide)

    async def upvote(self, question: QuestionId, reader: Reader) -> Question | None:
        assert reader.user_id is not None, "the anonymous have no vote"
        seen = (ASKED.id == question, visible_to(reader), *_seen(reader))
        vote = select(ASKED.id, literal(reader.user_id, Uuid)).join_from(event_qna, events)
        others = vote.where(*seen, ASKED.user_id != reader.user_id)
        added = upsert(event_qna_upvotes).from_select(["question_id", "user_id"], others)
        async with writing(self._database, reader) as session:
            await session.execute(added.on_conflict_do_nothing())
            return await _find(session, question, reader)

    async def withdraw_upvote(self, question: QuestionId, reader: Reader) -> Question | None:
        votes = event_qna_upvotes.c
        mine = and_(votes.question_id == question, votes.user_id == reader.user_id)
        async with writing(self._database, reader) as session:
            await session.execute(delete(event_qna_upvotes).where(mine))
            return await _find(session, question, reader)

    async def find_by_ids(self, ids: Sequence[QuestionId], reader: Reader) -> Mapping[QuestionId, Question]:
        async with self._database.read(reader.tenant) as session:
            return {row.id: question_of(row) for row in await session.fetch(_found(ids, reader))}

    async def list_by_events(
        self, ids: Sequence[EventId], order: QuestionOrder, reader: Reader, request: PageRequest
    ) -> Mapping[EventId, Page[Question]]:
        async with self._database.read(reader.tenant) as session:
            rows = await session.fetch(_listed(ids, order, reader, request))
            return pages_of(ids, ((row._mapping[PARENT], question_of(row)) for row in rows), request)

    async def count_by_events(self, ids: Sequence[EventId], reader: Reader) -> Mapping[EventId, int]:
        async with self._database.read(reader.tenant) as session:
            return {row.event_id: int(row.number) for row in await session.fetch(_counted(ids, reader))}

    async def find_upvoted(self, user: HostId, ids: Sequence[QuestionId]) -> Mapping[QuestionId, bool]:
        async with self._database.read() as session:
            return {row.question_id: True for row in await session.fetch(_upvoted(user, ids))}


def _asking(new: NewQuestion, reader: Reader) -> Any:
    """Adds the question if its event takes any from the reader: one row, with the event's host, or none."""
    across = or_(
        and_(blocks.c.blocker_id == events.c.host_id, blocks.c.blocked_id == new.user_id),
        and_(blocks.c.blocked_id == events.c.host_id, blocks.c.blocker_id == new.user_id),
    )
    of_event = select(
        literal(new.id, Uuid), events.c.id, literal(new.user_id, Uuid), literal(new.question, String)
    ).where(events.c.id == new.event_id, OPEN, visible_to(reader), ~exists().where(across))
    names = ["id", "event_id", "user_id", "question"]
    host = select(events.c.host_id).where(events.c.id == new.event_id).scalar_subquery()
    asked = insert(event_qna).from_select(names, of_event)
    return asked.returning(*COLUMNS, host.label("host_id"))


async def _why_not(session: WriteSession, event_id: EventId, reader: Reader) -> Event | NotTaken:
    """The event when it is open to nobody; it takes nothing across a block else."""
    row = (await session.execute(EVENTS.where(events.c.id == event_id, visible_to(reader)))).first()
    if row is None:
        return NotTaken.NO_EVENT
    return NotTaken.BLOCKED if row.status in ("PUBLISHED", "COMPLETED") else event_of(row)


async def _told_of(session: WriteSession, question: Question, host: UUID, actor: Actor) -> None:
    about = {"event_id": [None, question.event_id]}
    await audit.record(session, actor, "ask", ENTITY, question.id, about)
    facts = {"event_id": str(question.event_id), "user_id": str(question.user_id), "host_id": str(host)}
    await outbox.add(session, Message(TOPIC, str(question.id), "QuestionAsked", facts))


async def _made(session: WriteSession, question: QuestionId) -> Question:
    row = (await session.execute(select(*COLUMNS).where(ASKED.id == question))).first()
    if row is None:
        raise repeats.gone("question")
    return question_of(row)


async def _find(session: WriteSession, question: QuestionId, reader: Reader) -> Question | None:
    which = (ASKED.id == question, visible_to(reader), *_seen(reader))
    row = (await session.execute(select(*COLUMNS).join_from(event_qna, events).where(*which))).first()
    return None if row is None else question_of(row)


def _seen(reader: Reader) -> list[Any]:
    return list(said_to(reader, event_qna, ASKED.user_id, staff_sees_hidden=True))


@per_shape
def _found(ids: Sequence[QuestionId], reader: Reader) -> Select[Any]:
    seen = (among(ASKED.id, ids), visible_to(reader), *_seen(reader))
    return select(*COLUMNS).join_from(event_qna, events).where(*seen)


@per_shape
def _listed(
    ids: Sequence[EventId], order: QuestionOrder, reader: Reader, request: PageRequest
) -> Select[Any]:
    """Of events that the reader sees."""
    listed = select(*COLUMNS).where(*_seen(reader))
    return pages_of_parents(listed, ASKED.event_id, ids, COLUMNS_OF[order], request, descending=True)


@per_shape
def _counted(ids: Sequence[EventId], reader: Reader) -> Select[Any]:
    counted = select(ASKED.event_id, func.count().label("number"))
    return counted.where(among(ASKED.event_id, ids), *_seen(reader)).group_by(ASKED.event_id)


@per_shape
def _upvoted(user: HostId, ids: Sequence[QuestionId]) -> Select[Any]:
    votes = event_qna_upvotes.c
    return select(votes.question_id).where(among(votes.question_id, ids), votes.user_id == user)


def question_of(row: Any) -> Question:
    """Who only a newer version knows to hide things is a moderator: only they show it again."""
    values = {name: row._mapping[name] for name in Question.__dataclass_fields__}
    hidden = None if row.hidden_by is None else known_or(row.hidden_by, HiddenBy.MODERATOR)
    return Question(**(values | {"hidden_by": hidden}))


def _facts(question: Question, event: Event) -> dict[str, str | None]:
    answered = question.answered_by
    return {
        "event_id": str(question.event_id),
        "user_id": str(question.user_id),
        "host_id": str(event.host_id),
        "answered_by": None if answered is None else str(answered),
    }


KIND: Kind[Question] = Kind(ENTITY, event_qna, question_of, TOPIC, _facts)
