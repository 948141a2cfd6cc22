"""What happens to lessons once they are made, in PostgreSQL. What a change depends on is in its statement;
each is in the audit, and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from db.postgres import Database, WriteSession
from subgraphs.calendar.models import (
    known_students,
    lesson_attendance,
    lessons,
    teacher_unavailable,
)
from subgraphs.calendar.repository.messages import cancelled_message, rescheduled_message
from subgraphs.calendar.repository.postgres_planning import TakenThen, hold
from subgraphs.calendar.repository.rows import (
    COLUMNS,
    PART,
    SCHEDULED,
    given_by,
    lesson_of,
    number_in,
    taken_by,
)
from subgraphs.calendar.values import AttendanceStatus, Busy, Lesson, LessonId, Reader, TelegramId
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor

OFF = teacher_unavailable.c


class PostgresChangeRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def reschedule(
        self,
        lesson: LessonId,
        starts_at: datetime,
        lasts: timedelta | None,
        reader: Reader,
        actor: Actor,
        now: datetime,
    ) -> Lesson | Busy | None:
        try:
            async with self._database.write() as session:
                which = and_(given_by(reader), SCHEDULED, lessons.c.starts_at > now)
                found = await _locked(session, lesson, which)
                if found is None:
                    return None
                ends_at = starts_at + (found.ends_at - found.starts_at if lasts is None else lasts)
                return await _move(session, found, starts_at, ends_at, actor)
        except TakenThen:
            return Busy.UNAVAILABLE
        except IntegrityError as error:
            if (busy := taken_by(error)) is not None:
                return busy
            raise

    async def cancel(
        self, lesson: LessonId, reason: str, following: bool, reader: Reader, actor: Actor, now: datetime
    ) -> Lesson | None:
        async with self._database.write() as session:
            which = and_(given_by(reader), SCHEDULED, lessons.c.ends_at > now)
            found = await _locked(session, lesson, which)
            if found is None:
                return None
            later = and_(lessons.c.series_id == found.series_id, lessons.c.starts_at > found.starts_at)
            all_of = or_(lessons.c.id == lesson, later) if following else lessons.c.id == lesson
            gone = await cancel_where(session, all_of, reason, actor)
            return next(each for each in gone if each.id == lesson)

    async def cancel_as_student(
        self, lesson: LessonId, reason: str, reader: Reader, actor: Actor, before: datetime
    ) -> Lesson | None:
        mine = PART.student_telegram_id == number_in(known_students, reader)
        alone = (
            select(func.bool_and(mine))
            .where(PART.lesson_id == lessons.c.id)
            .correlate(lessons)
            .scalar_subquery()
        )
        which = and_(alone, lessons.c.group_id.is_(None), SCHEDULED, lessons.c.starts_at > before)
        async with self._database.write() as session:
            if await _locked(session, lesson, which) is None:
                return None
            return (await cancel_where(session, lessons.c.id == lesson, reason, actor))[0]

    async def note_attendance(
        self,
        lesson: LessonId,
        student: TelegramId,
        status: AttendanceStatus,
        note: str,
        reader: Reader,
        actor: Actor,
        now: datetime,
    ) -> Lesson | bool:
        place = and_(PART.lesson_id == lesson, PART.student_telegram_id == student)
        said = {"status": status.value, "note": note}
        async with self._database.write() as session:
            which = and_(given_by(reader), SCHEDULED, lessons.c.starts_at <= now)
            found = await _locked(session, lesson, which)
            if found is None:
                return False
            if (await session.execute(select(PART.lesson_id).where(place))).first() is None:
                return True
            noted = upsert(lesson_attendance).values(lesson_id=lesson, student_telegram_id=student, **said)
            await session.execute(
                noted.on_conflict_do_update(
                    index_elements=["lesson_id", "student_telegram_id"], set_={**said, "noted_at": func.now()}
                )
            )
            told = {"student": student, **said}
            await audit.record(session, actor, "attendance", "lesson", lesson, told)
            return found


async def cancel_where(
    session: WriteSession, which: ColumnElement[bool], reason: str, actor: Actor
) -> Sequence[Lesson]:
    """Those that are still to take place; whom they concern hears of each."""
    values = {"status": "CANCELLED", "cancel_reason": reason or None}
    statement = update(lessons).where(which, SCHEDULED).values(values).returning(*COLUMNS)
    gone = [lesson_of(row) for row in (await session.execute(statement)).all()]
    students = await students_of(session, gone)
    if gone:
        told = {"reason": reason, "lessons": [each.id for each in gone]}
        await audit.record(session, actor, "cancel", "lesson", gone[0].id, told)
    await outbox.add(session, *(cancelled_message(each, students[each.id], actor) for each in gone))
    return gone


async def students_of(
    session: WriteSession, among_these: Sequence[Lesson]
) -> dict[LessonId, list[TelegramId]]:
    found: dict[LessonId, list[TelegramId]] = {each.id: [] for each in among_these}
    listed = select(PART.lesson_id, PART.student_telegram_id).where(PART.lesson_id.in_(list(found)))
    for row in (await session.execute(listed.order_by(PART.student_telegram_id))).all():
        found[row.lesson_id].append(row.student_telegram_id)
    return found


async def _move(
    session: WriteSession, found: Lesson, starts_at: datetime, ends_at: datetime, actor: Actor
) -> Lesson:
    await hold(session, found.teacher_telegram_id)
    during = func.tstzrange(OFF.starts_at, OFF.ends_at).op("&&")(func.tstzrange(starts_at, ends_at))
    off = select(OFF.id).where(OFF.teacher_telegram_id == found.teacher_telegram_id, during)
    if (await session.execute(off)).first() is not None:
        raise TakenThen
    values: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at, "reminded_at": None}
    moved = update(lessons).where(lessons.c.id == found.id).values(values).returning(*COLUMNS)
    lesson = lesson_of((await session.execute(moved)).one())
    told = {"starts_at": [found.starts_at, starts_at], "ends_at": [found.ends_at, ends_at]}
    await audit.record(session, actor, "reschedule", "lesson", found.id, told)
    students = await students_of(session, [lesson])
    await outbox.add(session, rescheduled_message(lesson, students[lesson.id], actor, found.starts_at))
    return lesson


async def _locked(session: WriteSession, lesson: LessonId, which: ColumnElement[bool]) -> Lesson | None:
    one = select(*COLUMNS).where(lessons.c.id == lesson, which).with_for_update(of=lessons)
    row = (await session.execute(one)).first()
    return None if row is None else lesson_of(row)
