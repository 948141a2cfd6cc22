"""Lessons between rows and values, and who may see and change which."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Table, and_, false, literal_column, or_, select, true
from sqlalchemy.exc import IntegrityError

from db.postgres import violated_constraint
from subgraphs.calendar.models import known_students, known_teachers, lesson_participants, lessons
from subgraphs.calendar.values import Busy, Lesson, LessonFilter, LessonStatus, Reader
from subgraphs.kit.enums import known_or

COLUMNS = [lessons.c[name] for name in Lesson.__dataclass_fields__]
ONE: ColumnElement[int] = literal_column("1")
SCHEDULED: ColumnElement[bool] = lessons.c.status == "SCHEDULED"
PART = lesson_participants.c
TAKEN = {"lessons_teacher_busy": Busy.TEACHER, "lesson_participants_student_busy": Busy.STUDENT}
"""The exclusion constraints, and who is in two places when one is violated."""


def number_in(people: Table, reader: Reader) -> ScalarSelect[Any]:
    """The reader's number on Telegram, if they are one of these people."""
    return select(people.c.telegram_id).where(people.c.user_id == reader.user_id).scalar_subquery()


def given_by(reader: Reader) -> ColumnElement[bool]:
    if reader.is_admin:
        return true()
    if reader.user_id is None:
        return false()
    return lessons.c.teacher_telegram_id == number_in(known_teachers, reader)


def visible_to(reader: Reader) -> ColumnElement[bool]:
    if reader.is_admin or reader.user_id is None:
        return given_by(reader)
    mine = lesson_participants.alias("mine")
    taken = and_(
        mine.c.lesson_id == lessons.c.id, mine.c.student_telegram_id == number_in(known_students, reader)
    )
    return or_(given_by(reader), select(ONE).select_from(mine).where(taken).correlate(lessons).exists())


def filtered(wanted: LessonFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.starts_from is not None:
        yield lessons.c.starts_at >= wanted.starts_from
    if wanted.starts_before is not None:
        yield lessons.c.starts_at < wanted.starts_before


def taken_by(error: IntegrityError) -> Busy | None:
    return TAKEN.get(violated_constraint(error) or "")


def lesson_of(row: Any) -> Lesson:
    """A status that only a newer version knows is read as cancelled: nothing changes about it."""
    values = {name: getattr(row, name) for name in Lesson.__dataclass_fields__}
    status = known_or(row.status, LessonStatus.CANCELLED)
    if status is LessonStatus.SCHEDULED and row.ends_at <= datetime.now(UTC):
        status = LessonStatus.COMPLETED
    values["status"] = status
    return Lesson(**values)
