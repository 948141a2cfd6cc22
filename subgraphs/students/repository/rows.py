"""Students between rows and values, and who may see and change which."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal_column, or_, select, true

from db.postgres import WriteSession
from subgraphs.students.models import group_enrollments, known_teachers, students
from subgraphs.students.values import Reader, Student, StudentId

COLUMNS = [students.c[name] for name in Student.__dataclass_fields__]
ONE: ColumnElement[int] = literal_column("1")


def visible_to(reader: Reader) -> ColumnElement[bool]:
    if reader.is_admin:
        return true()
    if reader.user_id is None:
        return false()
    return or_(students.c.user_id == reader.user_id, taught_by(reader))


def taught_by(reader: Reader) -> ColumnElement[bool]:
    """In a group of the reader's."""
    group, teacher = group_enrollments.c, known_teachers.c
    theirs = and_(
        group.student_telegram_id == students.c.telegram_id,
        group.teacher_telegram_id == teacher.telegram_id,
        teacher.user_id == reader.user_id,
    )
    places = select(ONE).select_from(group_enrollments).join(known_teachers, true())
    return places.where(theirs).correlate(students).exists()


def own(student: StudentId | Any, reader: Reader) -> ColumnElement[bool]:
    this: ColumnElement[bool] = students.c.id == student
    return this if reader.is_admin else and_(this, students.c.user_id == reader.user_id)


async def locked(session: WriteSession, which: ColumnElement[bool]) -> Student | None:
    """Held until the transaction ends: what hangs on a student changes one at a time."""
    row = (await session.execute(select(*COLUMNS).where(which).with_for_update(of=students))).first()
    return None if row is None else student_of(row)


def student_of(row: Any) -> Student:
    return Student(**{name: getattr(row, name) for name in Student.__dataclass_fields__})
