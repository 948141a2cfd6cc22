"""Lessons as they are read, in PostgreSQL: a page of each of many teachers', students' or groups' lessons is
one statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database
from db.statements import Ready, per_shape
from subgraphs.calendar.models import known_students, lesson_attendance, lesson_participants, lessons
from subgraphs.calendar.repository.rows import (
    COLUMNS,
    PART,
    filtered,
    given_by,
    lesson_of,
    number_in,
    visible_to,
)
from subgraphs.calendar.values import (
    AttendanceStatus,
    GroupId,
    Lesson,
    LessonFilter,
    LessonId,
    Participant,
    Reader,
    TelegramId,
)
from subgraphs.kit.enums import known_or
from subgraphs.kit.pages import Page, PageRequest, pages_of

BY_START = [lessons.c.starts_at, lessons.c.id]
PART_BY_START = [PART.starts_at, PART.lesson_id]
CAME = lesson_attendance.c
Parent = TypeVar("Parent")


class PostgresLessonRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_ids(self, ids: Sequence[LessonId], reader: Reader) -> Mapping[LessonId, Lesson]:
        async with self._database.read() as session:
            return {row.id: lesson_of(row) for row in await session.fetch(_found(ids, reader))}

    async def find_given(self, ids: Sequence[LessonId], reader: Reader) -> frozenset[LessonId]:
        async with self._database.read() as session:
            return frozenset(row.id for row in await session.fetch(_given_of(ids, reader)))

    async def list_lessons(self, wanted: LessonFilter, reader: Reader, request: PageRequest) -> Page[Lesson]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(wanted, reader, request))
        return Page.cut([lesson_of(row) for row in rows], request)

    async def count_lessons(self, wanted: LessonFilter, reader: Reader) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(wanted, reader)))

    async def list_given(
        self, teachers: Sequence[TelegramId], wanted: LessonFilter, reader: Reader, request: PageRequest
    ) -> Mapping[TelegramId, Page[Lesson]]:
        return await self._pages(teachers, request, _given(teachers, wanted, reader, request))

    async def count_given(
        self, teachers: Sequence[TelegramId], wanted: LessonFilter, reader: Reader
    ) -> Mapping[TelegramId, int]:
        return await self._counts(_given_counts(teachers, wanted, reader))

    async def list_taken(
        self, students: Sequence[TelegramId], wanted: LessonFilter, reader: Reader, request: PageRequest
    ) -> Mapping[TelegramId, Page[Lesson]]:
        return await self._pages(students, request, _taken(students, wanted, reader, request))

    async def count_taken(
        self, students: Sequence[TelegramId], wanted: LessonFilter, reader: Reader
    ) -> Mapping[TelegramId, int]:
        return await self._counts(_taken_counts(students, wanted, reader))

    async def list_of_groups(
        self, groups: Sequence[GroupId], wanted: LessonFilter, reader: Reader, request: PageRequest
    ) -> Mapping[GroupId, Page[Lesson]]:
        return await self._pages(groups, request, _of_groups(groups, wanted, reader, request))

    async def count_of_groups(
        self, groups: Sequence[GroupId], wanted: LessonFilter, reader: Reader
    ) -> Mapping[GroupId, int]:
        return await self._counts(_group_counts(groups, wanted, reader))

    async def list_participants(
        self, ids: Sequence[LessonId], reader: Reader
    ) -> Mapping[LessonId, tuple[Participant, ...]]:
        found: dict[LessonId, list[Participant]] = {each: [] for each in ids}
        async with self._database.read() as session:
            for row in await session.fetch(_participants(ids, reader)):
                found[row.lesson_id].append(_participant(row))
        return {lesson: tuple(listed) for lesson, listed in found.items()}

    async def _pages(
        self, parents: Sequence[Parent], request: PageRequest, pages: Ready
    ) -> Mapping[Parent, Page[Lesson]]:
        async with self._database.read() as session:
            rows = await session.fetch(pages)
            return pages_of(parents, ((row._mapping[PARENT], lesson_of(row)) for row in rows), request)

    async def _counts(self, counts: Ready) -> Mapping[Any, int]:
        async with self._database.read() as session:
            return {row.parent: row.number for row in await session.fetch(counts)}


@per_shape
def _found(ids: Sequence[LessonId], reader: Reader) -> Select[Any]:
    return select(*COLUMNS).where(among(lessons.c.id, ids), visible_to(reader))


@per_shape
def _given_of(ids: Sequence[LessonId], reader: Reader) -> Select[Any]:
    return select(lessons.c.id).where(among(lessons.c.id, ids), given_by(reader))


@per_shape
def _listed(wanted: LessonFilter, reader: Reader, request: PageRequest) -> Select[Any]:
    return page(_seen(wanted, reader), BY_START, request, descending=False)


@per_shape
def _counted(wanted: LessonFilter, reader: Reader) -> Select[Any]:
    return select(func.count()).select_from(lessons).where(*filtered(wanted), visible_to(reader))


@per_shape
def _given(
    teachers: Sequence[TelegramId], wanted: LessonFilter, reader: Reader, request: PageRequest
) -> Select[Any]:
    teacher = lessons.c.teacher_telegram_id
    return pages_of_parents(_seen(wanted, reader), teacher, teachers, BY_START, request, descending=False)


@per_shape
def _given_counts(teachers: Sequence[TelegramId], wanted: LessonFilter, reader: Reader) -> Select[Any]:
    return _counts_by(lessons.c.teacher_telegram_id, teachers, wanted, reader)


@per_shape
def _of_groups(
    groups: Sequence[GroupId], wanted: LessonFilter, reader: Reader, request: PageRequest
) -> Select[Any]:
    group = lessons.c.group_id
    return pages_of_parents(_seen(wanted, reader), group, groups, BY_START, request, descending=False)


@per_shape
def _group_counts(groups: Sequence[GroupId], wanted: LessonFilter, reader: Reader) -> Select[Any]:
    return _counts_by(lessons.c.group_id, groups, wanted, reader)


@per_shape
def _taken(
    students: Sequence[TelegramId], wanted: LessonFilter, reader: Reader, request: PageRequest
) -> Select[Any]:
    """Read in the order of the participants' index, which knows when each lesson starts."""
    taken = _seen(wanted, reader).join_from(lesson_participants, lessons)
    student, names = PART.student_telegram_id, ["starts_at", "id"]
    return pages_of_parents(taken, student, students, PART_BY_START, request, descending=False, order=names)


@per_shape
def _taken_counts(students: Sequence[TelegramId], wanted: LessonFilter, reader: Reader) -> Select[Any]:
    student = PART.student_telegram_id
    counted = select(student.label("parent"), func.count().label("number"))
    taken = counted.join_from(lesson_participants, lessons).where(among(student, students))
    return taken.where(*filtered(wanted), visible_to(reader)).group_by(student)


@per_shape
def _participants(ids: Sequence[LessonId], reader: Reader) -> Select[Any]:
    seen = given_by(reader)
    if reader.user_id is not None and not reader.is_admin:
        seen = or_(seen, PART.student_telegram_id == number_in(known_students, reader))
    place = and_(CAME.lesson_id == PART.lesson_id, CAME.student_telegram_id == PART.student_telegram_id)
    listed = select(PART.lesson_id, PART.student_telegram_id, CAME.status, CAME.note)
    joined = listed.join_from(lesson_participants, lessons).outerjoin(lesson_attendance, place)
    return joined.where(among(PART.lesson_id, ids), seen).order_by(PART.lesson_id, PART.student_telegram_id)


def _seen(wanted: LessonFilter, reader: Reader) -> Select[Any]:
    return select(*COLUMNS).where(*filtered(wanted), visible_to(reader))


def _counts_by(
    column: ColumnElement[Any], parents: Sequence[Any], wanted: LessonFilter, reader: Reader
) -> Select[Any]:
    counted = select(column.label("parent"), func.count().label("number")).where(among(column, parents))
    return counted.where(*filtered(wanted), visible_to(reader)).group_by(column)


def _participant(row: Any) -> Participant:
    came = None if row.status is None else known_or(row.status, AttendanceStatus.EXCUSED)
    return Participant(row.student_telegram_id, came, row.note or "")
