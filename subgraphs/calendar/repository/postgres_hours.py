"""When teachers have time, in PostgreSQL, and the first time that is free.

The search goes through each teacher's hours week by week, in their order, and stops at the first window with
a gap that is long enough: from where the window opens, or everything before has ended, to what comes next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, literal, select, text, true

from db.arrays import among
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.calendar.models import known_teachers, lessons, teacher_schedules, teacher_unavailable
from subgraphs.calendar.repository.postgres_planning import hold
from subgraphs.calendar.repository.rows import SCHEDULED, number_in
from subgraphs.calendar.values import LONGEST_LESSON, Hours, Reader, Slot, SlotSearch, TelegramId, Unavailable
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor

OPEN, OFF = teacher_schedules.c, teacher_unavailable.c
FIRST_SLOTS = text("""
    SELECT teacher.number AS teacher_telegram_id, slot.at AS starts_at
    FROM unnest(CAST(:teachers AS bigint[])) AS teacher (number)
    CROSS JOIN LATERAL (
        SELECT gap.at
        FROM generate_series(0, CAST(:weeks AS integer)) AS week (number)
        CROSS JOIN LATERAL (
            SELECT greatest((day + opens) AT TIME ZONE timezone, CAST(:starts_from AS timestamptz)) AS opens,
                least((day + closes) AT TIME ZONE timezone, CAST(:starts_before AS timestamptz)) AS closes
            FROM teacher_schedules s
            CROSS JOIN LATERAL (SELECT CAST(date_trunc('week', CAST(:starts_from AS timestamptz)
                AT TIME ZONE s.timezone) AS date) + week.number * 7 + s.weekday - 1 AS day)
            WHERE s.teacher_telegram_id = teacher.number ORDER BY s.weekday, s.opens OFFSET 0) AS span
        CROSS JOIN LATERAL (
            SELECT min(free_from) AS at FROM (
                SELECT max(busy_until) OVER (ORDER BY busy_from ROWS UNBOUNDED PRECEDING) AS free_from,
                    lead(busy_from, 1, span.closes) OVER (ORDER BY busy_from) AS free_until
                FROM (
                    SELECT CAST('-infinity' AS timestamptz) AS busy_from, span.opens AS busy_until
                    UNION ALL SELECT l.starts_at, l.ends_at FROM lessons l
                        WHERE l.teacher_telegram_id = teacher.number AND l.status = 'SCHEDULED'
                        AND l.starts_at > span.opens - CAST(:longest AS interval)
                        AND l.starts_at < span.closes AND l.ends_at > span.opens
                    UNION ALL SELECT u.starts_at, u.ends_at FROM teacher_unavailable u
                        WHERE u.teacher_telegram_id = teacher.number
                        AND tstzrange(u.starts_at, u.ends_at) && tstzrange(span.opens, span.closes)
                ) AS busy
            ) AS free
            WHERE free_from + CAST(:lasts AS interval) <= free_until
        ) AS gap
        WHERE span.closes > span.opens AND gap.at IS NOT NULL
        LIMIT 1
    ) AS slot
    ORDER BY slot.at, teacher.number""")
"""One row for each teacher who has one. Windows come in order because hours of one teacher are read by
weekday and have one time zone (`set_hours`). OFFSET 0 keeps each window calculated once."""


class PostgresHoursRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_hours(self, teachers: Sequence[TelegramId]) -> Mapping[TelegramId, tuple[Hours, ...]]:
        found: dict[TelegramId, list[Hours]] = {each: [] for each in teachers}
        async with self._database.read() as session:
            for row in await session.fetch(_hours(teachers)):
                found[row.teacher_telegram_id].append(Hours(row.weekday, row.opens, row.closes, row.timezone))
        return {teacher: tuple(listed) for teacher, listed in found.items()}

    async def list_unavailable(
        self, teachers: Sequence[TelegramId], reader: Reader
    ) -> Mapping[TelegramId, tuple[Unavailable, ...]]:
        found: dict[TelegramId, list[Unavailable]] = {each: [] for each in teachers}
        async with self._database.read() as session:
            for row in await session.fetch(_unavailable(teachers, reader)):
                found[row.teacher_telegram_id].append(
                    Unavailable(row.id, row.starts_at, row.ends_at, row.reason)
                )
        return {teacher: tuple(listed) for teacher, listed in found.items()}

    async def set_hours(
        self, teacher: TelegramId, hours: Sequence[Hours], reader: Reader, actor: Actor
    ) -> bool:
        async with self._database.write() as session:
            if not await _is_own(session, teacher, reader):
                return False
            await hold(session, teacher)
            await session.execute(delete(teacher_schedules).where(OPEN.teacher_telegram_id == teacher))
            rows = [{name: getattr(each, name) for name in Hours.__dataclass_fields__} for each in hours]
            if rows:
                values = [{"teacher_telegram_id": teacher, **row} for row in rows]
                await session.execute(insert(teacher_schedules), values)
            await audit.record(session, actor, "update", "teacher_schedule", teacher, {"hours": len(rows)})
            return True

    async def add_unavailable(
        self,
        teacher: TelegramId,
        starts_at: datetime,
        ends_at: datetime,
        reason: str,
        reader: Reader,
        actor: Actor,
    ) -> bool | None:
        during = func.tstzrange(lessons.c.starts_at, lessons.c.ends_at).op("&&")(
            func.tstzrange(starts_at, ends_at)
        )
        given = select(lessons.c.id).where(lessons.c.teacher_telegram_id == teacher, SCHEDULED, during)
        said = {"starts_at": starts_at, "ends_at": ends_at}
        async with self._database.write() as session:
            if not await _is_own(session, teacher, reader):
                return None
            await hold(session, teacher)
            if (await session.execute(given.limit(1))).first() is not None:
                return False
            row = {"teacher_telegram_id": teacher, "reason": reason, **said}
            await session.execute(insert(teacher_unavailable).values(row))
            await audit.record(session, actor, "create", "teacher_unavailable", teacher, said)
            return True

    async def remove_unavailable(self, period: UUID, reader: Reader, actor: Actor) -> TelegramId | None:
        theirs = true() if reader.is_admin else OFF.teacher_telegram_id == number_in(known_teachers, reader)
        gone = delete(teacher_unavailable).where(OFF.id == period, theirs).returning(OFF.teacher_telegram_id)
        async with self._database.write() as session:
            teacher: TelegramId | None = (await session.execute(gone)).scalar()
            if teacher is not None:
                await audit.record(session, actor, "delete", "teacher_unavailable", teacher, {"id": period})
            return teacher

    async def find_slots(self, search: SlotSearch) -> Sequence[Slot]:
        async with self._database.read() as session:
            rows = (await session.execute(FIRST_SLOTS, slot_values(search))).all()
        return [Slot(row.teacher_telegram_id, row.starts_at, row.starts_at + search.lasts) for row in rows]


def slot_values(search: SlotSearch) -> dict[str, Any]:
    return {
        "teachers": list(search.teachers),
        "starts_from": search.starts_from,
        "starts_before": search.starts_before,
        "lasts": search.lasts,
        "longest": LONGEST_LESSON,
        "weeks": (search.starts_before - search.starts_from).days // 7 + 1,
    }


@per_shape
def _hours(teachers: Sequence[TelegramId]) -> Select[Any]:
    listed = select(teacher_schedules).where(among(OPEN.teacher_telegram_id, teachers))
    return listed.order_by(OPEN.teacher_telegram_id, OPEN.weekday, OPEN.opens)


@per_shape
def _unavailable(teachers: Sequence[TelegramId], reader: Reader) -> Select[Any]:
    listed = select(teacher_unavailable).where(
        among(OFF.teacher_telegram_id, teachers), OFF.ends_at > func.now(), _seen(reader)
    )
    return listed.order_by(OFF.teacher_telegram_id, OFF.starts_at, OFF.id)


def _seen(reader: Reader) -> ColumnElement[bool]:
    return true() if reader.is_admin else OFF.teacher_telegram_id == number_in(known_teachers, reader)


async def _is_own(session: WriteSession, teacher: TelegramId, reader: Reader) -> bool:
    """There is such a teacher, who is the reader, whom an administrator may be."""
    known = known_teachers.c
    theirs = true() if reader.is_admin else known.user_id == reader.user_id
    one = select(literal(1)).select_from(known_teachers).where(and_(known.telegram_id == teacher, theirs))
    return (await session.execute(one)).first() is not None
