"""Telling of lessons that are about to begin: each once, a rescheduled one again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from db.postgres import WriteSession
from subgraphs.calendar.models import lessons
from subgraphs.calendar.repository.messages import reminder_message
from subgraphs.calendar.repository.postgres_changes import students_of
from subgraphs.calendar.repository.rows import COLUMNS, SCHEDULED, lesson_of
from subgraphs.kit import outbox

AHEAD = timedelta(hours=1)
AT_ONCE = 500


async def remind(session: WriteSession) -> None:
    """For a job: those that begin within the hour. What began meanwhile is not told of."""
    soon = lessons.c.starts_at.between(func.now(), func.now() + AHEAD)
    due = select(lessons.c.id).where(SCHEDULED, lessons.c.reminded_at.is_(None), soon)
    some = due.order_by(lessons.c.starts_at).limit(AT_ONCE).with_for_update(skip_locked=True)
    told = update(lessons).where(lessons.c.id.in_(some)).values(reminded_at=func.now())
    begin = [lesson_of(row) for row in (await session.execute(told.returning(*COLUMNS))).all()]
    students = await students_of(session, begin)
    await outbox.add(session, *(reminder_message(each, students[each.id]) for each in begin))
