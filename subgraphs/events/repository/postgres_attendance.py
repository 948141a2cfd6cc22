"""Who comes, in PostgreSQL. A lock per event lets answers to it and changes of it come one at a time, so that
it never overfills.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    String,
    and_,
    delete,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.events.models import event_attendees, events
from subgraphs.events.repository.rows import EVENTS, PUBLISHED, event_of, lock, visible_to, writing
from subgraphs.events.repository.seen import apart, there
from subgraphs.events.values import (
    Answered,
    Attendance,
    AttendanceStatus,
    Attended,
    EventId,
    HostId,
    Reader,
)
from subgraphs.kit.enums import known_or
from subgraphs.kit.pages import Page, PageRequest, pages_of

Parent = TypeVar("Parent", bound=UUID)


class PostgresAttendanceRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(
        self, event_id: EventId, reader: Reader, status: AttendanceStatus, now: datetime
    ) -> Answered | None:
        assert reader.user_id is not None, "the anonymous answer nothing"
        async with writing(self._database, reader) as session:
            await lock(session, event_id)
            await session.execute(answer_statement(event_id, reader.user_id, status, now))
            return await answered(session, event_id, reader)

    async def withdraw(self, event_id: EventId, user_id: HostId, reader: Reader) -> bool:
        pair = and_(event_attendees.c.event_id == event_id, event_attendees.c.user_id == user_id)
        async with writing(self._database, reader) as session:
            await lock(session, event_id)
            return (await session.execute(delete(event_attendees).where(pair))).rowcount > 0

    async def list_attendees(
        self, ids: Sequence[EventId], status: AttendanceStatus, reader: Reader, request: PageRequest
    ) -> Mapping[EventId, Page[Attendance]]:
        async with self._database.read() as session:
            rows = await session.fetch(_attendees(ids, status, reader, request))
            found = (
                (row._mapping[PARENT], Attendance(row.user_id, _status(row.status), row.answered_at))
                for row in rows
            )
            return pages_of(ids, found, request)

    async def list_attended(
        self, users: Sequence[HostId], status: AttendanceStatus, reader: Reader, request: PageRequest
    ) -> Mapping[HostId, Page[Attended]]:
        """The answer knows when its event starts, so a page is read in order and not sorted out of all."""
        async with self._database.read(reader.tenant) as session:
            rows = await session.fetch(_attended(users, status, reader, request))
            found = (
                (row._mapping[PARENT], Attended(event_of(row), _status(row.answer), row.answered_at))
                for row in rows
            )
            return pages_of(users, found, request)

    async def count_attendees(
        self, ids: Sequence[EventId], status: AttendanceStatus
    ) -> Mapping[EventId, int]:
        return await self._count(event_attendees.c.event_id, ids, status, None)

    async def count_seen_attendees(
        self, ids: Sequence[EventId], status: AttendanceStatus, reader: Reader
    ) -> Mapping[EventId, int]:
        return await self._count(event_attendees.c.event_id, ids, status, reader)

    async def count_attended(
        self, users: Sequence[HostId], status: AttendanceStatus, reader: Reader
    ) -> Mapping[HostId, int]:
        return await self._count(event_attendees.c.user_id, users, status, reader)

    async def find_answers(
        self, user_id: HostId, ids: Sequence[EventId]
    ) -> Mapping[EventId, AttendanceStatus]:
        async with self._database.read() as session:
            return {row.event_id: _status(row.status) for row in await session.fetch(_answers(user_id, ids))}

    async def _count(
        self,
        column: ColumnElement[Any],
        parents: Sequence[Parent],
        status: AttendanceStatus,
        reader: Reader | None,
    ) -> Mapping[Parent, int]:
        async with self._database.read() as session:
            rows = await session.fetch(_counts(column, parents, status, reader))
            return {row.parent: row.number for row in rows}


@per_shape
def _attendees(
    ids: Sequence[EventId], status: AttendanceStatus, reader: Reader, request: PageRequest
) -> Select[Any]:
    answers = event_attendees.c
    seen = (*_there_for(reader), *_told_to(reader, status))
    listed = select(event_attendees).where(answers.status == status.value, *seen)
    order = [answers.answered_at, answers.user_id]
    return pages_of_parents(listed, answers.event_id, ids, order, request, descending=False)


@per_shape
def _attended(
    users: Sequence[HostId], status: AttendanceStatus, reader: Reader, request: PageRequest
) -> Select[Any]:
    answers = event_attendees.c
    attended = select(events, answers.status.label("answer"), answers.answered_at)
    listed = attended.join_from(event_attendees, events).where(
        answers.status == status.value, visible_to(reader), *_there_for(reader), *_told_to(reader, status)
    )
    order, names = [answers.starts_at, answers.event_id], ["starts_at", "id"]
    return pages_of_parents(listed, answers.user_id, users, order, request, descending=False, order=names)


@per_shape
def _answers(user_id: HostId, ids: Sequence[EventId]) -> Select[Any]:
    mine = and_(event_attendees.c.user_id == user_id, among(event_attendees.c.event_id, ids))
    return select(event_attendees.c.event_id, event_attendees.c.status).where(mine)


@per_shape
def _counts(
    column: ColumnElement[Any], parents: Sequence[UUID], status: AttendanceStatus, reader: Reader | None
) -> Select[Any]:
    counted = select(column.label("parent"), func.count().label("number"))
    seen = () if reader is None else (*_there_for(reader), *_told_to(reader, status))
    which = counted.where(among(column, parents), event_attendees.c.status == status.value, *seen)
    return which.group_by(column)


def _there_for(reader: Reader) -> Iterator[ColumnElement[bool]]:
    """Answers of people who are there for the reader: nobody blocks anybody between them. The host of an
    event and administrators see all of its answers, since they may remove them. Looked up for each row.
    """
    if reader.user_id is None or reader.is_admin:
        return
    answers = event_attendees.c
    yield or_(and_(*apart(reader, answers.user_id, event_attendees)), _hosted_by(reader))


def _told_to(reader: Reader, status: AttendanceStatus) -> Iterator[ColumnElement[bool]]:
    """Who does not come is nobody's business but their own and the host's."""
    if status is not AttendanceStatus.DECLINED or reader.is_admin:
        return
    if reader.user_id is None:
        yield false()
    else:
        yield or_(event_attendees.c.user_id == reader.user_id, _hosted_by(reader))


def _hosted_by(reader: Reader) -> ColumnElement[bool]:
    which = events.c.id == event_attendees.c.event_id
    return there(event_attendees, which, events.c.host_id == reader.user_id)


def answer_statement(event_id: EventId, user_id: HostId, status: AttendanceStatus, now: datetime) -> Insert:
    """Inserts or changes the answer if the event is open and has a place; else nothing happens."""
    others = _going(event_id).where(event_attendees.c.user_id != user_id).scalar_subquery()
    has_place = or_(
        literal(status is not AttendanceStatus.GOING),
        events.c.max_attendees.is_(None),
        others < events.c.max_attendees,
    )
    answer = select(
        events.c.id,
        literal(user_id),
        literal(status.value, String),
        literal(now, DateTime(timezone=True)),
    ).where(events.c.id == event_id, PUBLISHED, events.c.ends_at > now, has_place)
    columns = ["event_id", "user_id", "status", "answered_at"]
    statement = upsert(event_attendees).from_select(columns, answer)
    return statement.on_conflict_do_update(
        index_elements=["event_id", "user_id"],
        set_={"status": statement.excluded.status, "answered_at": statement.excluded.answered_at},
        where=event_attendees.c.status != statement.excluded.status,
    )


async def answered(session: WriteSession, event_id: EventId, reader: Reader) -> Answered | None:
    """Read in the transaction of the answer, under the event's lock: what became of it, and why."""
    mine = (
        select(event_attendees.c.status)
        .where(event_attendees.c.event_id == event_id, event_attendees.c.user_id == reader.user_id)
        .scalar_subquery()
    )
    going = _going(event_id).scalar_subquery()
    seen = EVENTS.where(events.c.id == event_id, visible_to(reader))
    row = (await session.execute(seen.add_columns(mine.label("answer"), going.label("going")))).first()
    if row is None:
        return None
    return Answered(event_of(row), int(row.going), None if row.answer is None else _status(row.answer))


def _going(event_id: EventId) -> Any:
    going = and_(event_attendees.c.event_id == event_id, event_attendees.c.status == "GOING")
    return select(func.count()).select_from(event_attendees).where(going)


def _status(stored: object) -> AttendanceStatus:
    return known_or(stored, AttendanceStatus.INTERESTED)
