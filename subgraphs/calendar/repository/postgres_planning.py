"""Making lessons, in PostgreSQL: a year of them is one statement, and their participants another.

The days are counted on the clock of the lesson's time zone, so that five o'clock stays five o'clock when the
clocks change. A time that the clock jumps over is as much later as the jump is long; of a time that comes
twice it is the second, in standard time. (The first lesson is at the moment it was asked for.)
"""

from __future__ import annotations

from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from db.postgres import Database, ReadSession, WriteSession, violated_constraint
from subgraphs.calendar.models import known_teachers, lesson_series, lessons
from subgraphs.calendar.repository.messages import scheduled_message
from subgraphs.calendar.repository.rows import COLUMNS, lesson_of, taken_by
from subgraphs.calendar.values import Busy, Lesson, NewLessons, Series, SeriesId, TelegramId, UserId
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor

LOCK_SPACE = 0x63616C
MADE = text("""
    INSERT INTO lessons (series_id, teacher_telegram_id, group_id, title, starts_at, ends_at, timezone)
    SELECT CAST(:series AS uuid), :teacher, CAST(:group_id AS uuid), :title, at, at + :lasts, :timezone
    FROM generate_series(0, CAST(:count AS integer) - 1) AS week (number)
    CROSS JOIN LATERAL (SELECT CASE number WHEN 0 THEN CAST(:starts_at AS timestamptz) ELSE
        (CAST(:starts_at AS timestamptz) AT TIME ZONE :timezone
            + number * CAST(:every_weeks AS integer) * interval '7 days') AT TIME ZONE :timezone END AS at
    )""")
TAKING_PART = text("""
    INSERT INTO lesson_participants (lesson_id, student_telegram_id, starts_at, ends_at, is_live)
    SELECT id, student, starts_at, ends_at, true
    FROM lessons CROSS JOIN unnest(CAST(:students AS bigint[])) AS student
    WHERE series_id = CAST(:series AS uuid)""")
UNAVAILABLE = text("""
    SELECT EXISTS (SELECT FROM lessons l JOIN teacher_unavailable u
        ON u.teacher_telegram_id = l.teacher_telegram_id
        AND tstzrange(u.starts_at, u.ends_at) && tstzrange(l.starts_at, l.ends_at)
    WHERE l.series_id = CAST(:series AS uuid))""")


class TakenThen(Exception):
    """Ends the transaction: the teacher has no time."""


class PostgresPlanningRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def number_of(self, teacher: UserId) -> TelegramId | None:
        known = select(known_teachers.c.telegram_id).where(known_teachers.c.user_id == teacher)
        async with self._database.read() as session:
            return (await session.execute(known)).scalar()

    async def find_series(self, created_by: UserId, client_key: str) -> Series | None:
        made = lesson_series.c
        one = select(made.id, made.fingerprint).where(
            made.created_by == created_by, made.client_key == client_key
        )
        async with self._database.read() as session:
            row = (await session.execute(one)).first()
        return None if row is None else Series(SeriesId(row.id), row.fingerprint)

    async def first_of(self, series: Series) -> Lesson:
        async with self._database.read() as session:
            return await _first(session, series.id)

    async def add(self, new: NewLessons, actor: Actor) -> Lesson | Busy | Series:
        try:
            async with self._database.write() as session:
                return await _add(session, new, actor)
        except TakenThen:
            return Busy.UNAVAILABLE
        except IntegrityError as error:
            if (busy := taken_by(error)) is not None:
                return busy
            if violated_constraint(error) == "lesson_series_created_by_client_key_key":
                series = await self.find_series(new.created_by, new.client_key)
                if series is not None:
                    return series
            raise


async def hold(session: WriteSession, teacher: TelegramId) -> None:
    """A teacher's lessons and hours change one at a time, until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(LOCK_SPACE, func.hashint8(teacher))))


async def is_unavailable(session: WriteSession, series: SeriesId) -> bool:
    return bool((await session.execute(UNAVAILABLE, {"series": series})).scalar())


async def _add(session: WriteSession, new: NewLessons, actor: Actor) -> Lesson:
    await hold(session, new.teacher)
    key = {"created_by": new.created_by, "client_key": new.client_key, "fingerprint": new.fingerprint}
    made = insert(lesson_series).values(key).returning(lesson_series.c.id)
    series = SeriesId((await session.execute(made)).scalar_one())
    values = {
        "series": series,
        "teacher": new.teacher,
        "group_id": new.group_id,
        "title": new.title,
        "starts_at": new.starts_at,
        "lasts": new.lasts,
        "timezone": new.timezone,
        "count": new.count,
        "every_weeks": new.every_weeks,
    }
    await session.execute(MADE, values)
    await session.execute(TAKING_PART, {"series": series, "students": list(new.students)})
    if await is_unavailable(session, series):
        raise TakenThen
    first = await _first(session, series)
    said = {"lessons": new.count, "starts_at": new.starts_at, "students": list(new.students)}
    await audit.record(session, actor, "create", "lesson_series", series, said)
    await outbox.add(session, scheduled_message(first, new, actor))
    return first


async def _first(session: ReadSession, series: SeriesId) -> Lesson:
    listed = select(*COLUMNS).where(lessons.c.series_id == series)
    row = (await session.execute(listed.order_by(lessons.c.starts_at, lessons.c.id).limit(1))).one()
    return lesson_of(row)
