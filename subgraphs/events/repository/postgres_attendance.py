"""Who comes, in PostgreSQL. An advisory lock per event lets answers to it come one at a time, so it never
overfills.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import String, and_, cast, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert

from db.pages import PARENT, pages_of_parents
from db.postgres import Database, WriteSession
from subgraphs.events.models import event_attendees
from subgraphs.events.values import Attendance, AttendanceStatus, Event, EventId, HostId
from subgraphs.kit.pages import Page, PageRequest, pages_of

GOING = event_attendees.c.status == AttendanceStatus.GOING.value


class PostgresAttendanceRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(self, event: Event, user_id: HostId, status: AttendanceStatus) -> bool:
        values = {"event_id": event.id, "user_id": user_id, "status": status.value}
        statement = upsert(event_attendees).values(values)
        statement = statement.on_conflict_do_update(
            index_elements=["event_id", "user_id"],
            set_={"status": status.value},
            where=event_attendees.c.status != status.value,
        )
        async with self._database.write() as session:
            most = event.max_attendees if status is AttendanceStatus.GOING else None
            if most is not None and await _others_going(session, event.id, user_id) >= most:
                return False
            await session.execute(statement)
        return True

    async def withdraw(self, event_id: EventId, user_id: HostId) -> None:
        pair = and_(event_attendees.c.event_id == event_id, event_attendees.c.user_id == user_id)
        async with self._database.write() as session:
            await session.execute(delete(event_attendees).where(pair))

    async def list_attendees(
        self, events: Sequence[EventId], request: PageRequest
    ) -> Mapping[EventId, Page[Attendance]]:
        statement = pages_of_parents(
            select(event_attendees).where(GOING),
            event_attendees.c.event_id,
            events,
            [event_attendees.c.created_at, event_attendees.c.user_id],
            request,
            descending=False,
        )
        async with self._database.read() as session:
            rows = await session.execute(statement)
            found = (
                (row._mapping[PARENT], Attendance(row.user_id, AttendanceStatus(row.status), row.created_at))
                for row in rows
            )
            return pages_of(events, found, request)

    async def count_going(self, events: Sequence[EventId]) -> Mapping[EventId, int]:
        statement = (
            select(event_attendees.c.event_id, func.count().label("going"))
            .where(event_attendees.c.event_id.in_(events), GOING)
            .group_by(event_attendees.c.event_id)
        )
        async with self._database.read() as session:
            found = {row.event_id: int(row.going) for row in await session.execute(statement)}
        return {event: found.get(event, 0) for event in events}

    async def find_answers(
        self, user_id: HostId, events: Sequence[EventId]
    ) -> Mapping[EventId, AttendanceStatus]:
        statement = select(event_attendees.c.event_id, event_attendees.c.status).where(
            event_attendees.c.user_id == user_id, event_attendees.c.event_id.in_(events)
        )
        async with self._database.read() as session:
            return {row.event_id: AttendanceStatus(row.status) for row in await session.execute(statement)}


async def _others_going(session: WriteSession, event_id: EventId, user_id: HostId) -> int:
    """Counted under the event's lock, which is held to the end of the transaction."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended(cast(literal(str(event_id)), String), 0))
    await session.execute(select(lock))
    others = and_(event_attendees.c.event_id == event_id, event_attendees.c.user_id != user_id, GOING)
    counted = await session.execute(select(func.count()).select_from(event_attendees).where(others))
    return int(counted.scalar_one())
