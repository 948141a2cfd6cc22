"""What students learn, want and have reached, in PostgreSQL. Each change locks its student, and is in the
audit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.enums import known_or
from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.students.models import goals, group_enrollments, progress, student_languages, students
from subgraphs.students.repository.rows import locked, own, taught_by
from subgraphs.students.values import (
    Enrollment,
    Goal,
    GoalId,
    LearnedLanguage,
    NewProgress,
    Progress,
    Reader,
    Student,
    StudentId,
    TelegramId,
)

LEARNED, GOAL, NOTED, PLACE = student_languages.c, goals.c, progress.c, group_enrollments.c


class PostgresLearningRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_languages(
        self, ids: Sequence[StudentId]
    ) -> Mapping[StudentId, tuple[LearnedLanguage, ...]]:
        found: dict[StudentId, list[LearnedLanguage]] = {each: [] for each in ids}
        async with self._database.read() as session:
            for row in await session.fetch(_languages(ids)):
                found[row.student_id].append(_learned(row))
        return {student: tuple(listed) for student, listed in found.items()}

    async def list_goals(self, ids: Sequence[StudentId]) -> Mapping[StudentId, tuple[Goal, ...]]:
        found: dict[StudentId, list[Goal]] = {each: [] for each in ids}
        async with self._database.read() as session:
            for row in await session.fetch(_goals(ids)):
                found[row.student_id].append(
                    Goal(GoalId(row.id), row.title, row.due_on, row.reached_at, row.created_at)
                )
        return {student: tuple(listed) for student, listed in found.items()}

    async def list_enrollments(
        self, numbers: Sequence[TelegramId]
    ) -> Mapping[TelegramId, tuple[Enrollment, ...]]:
        found: dict[TelegramId, list[Enrollment]] = {each: [] for each in numbers}
        async with self._database.read() as session:
            for row in await session.fetch(_enrollments(numbers)):
                found[row.student_telegram_id].append(Enrollment(row.group_id, row.enrolled_at))
        return {student: tuple(listed) for student, listed in found.items()}

    async def list_progress(
        self, ids: Sequence[StudentId], request: PageRequest
    ) -> Mapping[StudentId, Page[Progress]]:
        async with self._database.read() as session:
            rows = await session.fetch(_progress(ids, request))
            return pages_of(ids, ((row._mapping[PARENT], _noted(row)) for row in rows), request)

    async def count_progress(self, ids: Sequence[StudentId]) -> Mapping[StudentId, int]:
        async with self._database.read() as session:
            return {row.student_id: row.number for row in await session.fetch(_progress_counts(ids))}

    async def set_language(
        self, student: StudentId, learned: LearnedLanguage, reader: Reader, actor: Actor, most: int
    ) -> Student | bool:
        target = None if learned.target_level is None else learned.target_level.value
        said = {"language": learned.language, "level": learned.level.value, "target_level": target}
        row = {"student_id": student, **said}
        async with self._database.write() as session:
            found = await locked(session, own(student, reader))
            if found is None:
                return False
            others = and_(LEARNED.student_id == student, LEARNED.language != learned.language)
            counted = select(func.count()).select_from(student_languages).where(others)
            if int((await session.execute(counted)).scalar_one()) >= most:
                return True
            kept = upsert(student_languages).values(row)
            await session.execute(
                kept.on_conflict_do_update(index_elements=["student_id", "language"], set_=said)
            )
            await audit.record(session, actor, "update", "student", student, {"learned": said})
            return found

    async def remove_language(
        self, student: StudentId, language: str, reader: Reader, actor: Actor
    ) -> Student | None:
        which = and_(LEARNED.student_id == student, LEARNED.language == language)
        async with self._database.write() as session:
            found = await locked(session, own(student, reader))
            if found is not None and (await session.execute(delete(student_languages).where(which))).rowcount:
                await audit.record(session, actor, "update", "student", student, {"not_learned": language})
            return found

    async def add_goal(
        self, student: StudentId, title: str, due_on: date | None, reader: Reader, actor: Actor, most: int
    ) -> Student | bool:
        async with self._database.write() as session:
            found = await locked(session, own(student, reader))
            if found is None:
                return False
            counted = select(func.count()).select_from(goals).where(GOAL.student_id == student)
            if int((await session.execute(counted)).scalar_one()) >= most:
                return True
            await session.execute(insert(goals).values(student_id=student, title=title, due_on=due_on))
            await audit.record(session, actor, "update", "student", student, {"goal": title})
            return found

    async def reach_goal(self, goal: GoalId, reader: Reader, actor: Actor) -> Student | None:
        of = select(GOAL.student_id).where(GOAL.id == goal).scalar_subquery()
        async with self._database.write() as session:
            found = await locked(session, own(of, reader))
            if found is None:
                return None
            open_ = and_(GOAL.id == goal, GOAL.reached_at.is_(None))
            reached = await session.execute(update(goals).where(open_).values(reached_at=func.now()))
            if reached.rowcount:
                await audit.record(session, actor, "update", "student", found.id, {"reached": goal})
            return found

    async def note_progress(
        self, student: StudentId, noted: NewProgress, reader: Reader, actor: Actor
    ) -> Student | None:
        which = students.c.id == student
        theirs = which if reader.is_admin else and_(which, taught_by(reader))
        said = {"language": noted.language, "level": noted.level.value, "note": noted.note}
        async with self._database.write() as session:
            found = await locked(session, theirs)
            if found is not None:
                row = {"student_id": student, "noted_by": reader.user_id, **said}
                await session.execute(insert(progress).values(row))
                await audit.record(session, actor, "update", "student", student, {"progress": said})
            return found


@per_shape
def _languages(ids: Sequence[StudentId]) -> Select[Any]:
    return select(student_languages).where(among(LEARNED.student_id, ids)).order_by(LEARNED.language)


@per_shape
def _goals(ids: Sequence[StudentId]) -> Select[Any]:
    return select(goals).where(among(GOAL.student_id, ids)).order_by(GOAL.created_at, GOAL.id)


@per_shape
def _enrollments(numbers: Sequence[TelegramId]) -> Select[Any]:
    which = among(PLACE.student_telegram_id, numbers)
    return select(group_enrollments).where(which).order_by(PLACE.enrolled_at, PLACE.group_id)


@per_shape
def _progress(ids: Sequence[StudentId], request: PageRequest) -> Select[Any]:
    order = [NOTED.noted_at, NOTED.id]
    return pages_of_parents(select(progress), NOTED.student_id, ids, order, request, descending=True)


@per_shape
def _progress_counts(ids: Sequence[StudentId]) -> Select[Any]:
    counted = select(NOTED.student_id, func.count().label("number")).where(among(NOTED.student_id, ids))
    return counted.group_by(NOTED.student_id)


def _learned(row: Any) -> LearnedLanguage:
    """A level that only a newer version knows is read as the lowest."""
    target = None if row.target_level is None else known_or(row.target_level, LanguageLevel.A1)
    return LearnedLanguage(row.language, known_or(row.level, LanguageLevel.A1), target)


def _noted(row: Any) -> Progress:
    level = known_or(row.level, LanguageLevel.A1)
    return Progress(row.language, level, row.note, id=row.id, noted_at=row.noted_at)
