"""Students in PostgreSQL. What a change depends on is in its statement; each is in the audit, and told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.pages import page
from db.postgres import Database, violated_constraint
from db.statements import per_shape
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.students.models import students
from subgraphs.students.repository.messages import known_of
from subgraphs.students.repository.rows import COLUMNS, own, student_of, visible_to
from subgraphs.students.values import (
    NewStudent,
    Reader,
    Student,
    StudentChange,
    StudentFilter,
    StudentId,
    TelegramId,
)

NEWEST = [students.c.created_at, students.c.id]
TAKEN = {"students_user_id_key", "students_telegram_id_key"}


class PostgresStudentRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, student: NewStudent, actor: Actor) -> Student | None:
        values = {name: getattr(student, name) for name in NewStudent.__dataclass_fields__}
        try:
            async with self._database.write() as session:
                row = (await session.execute(insert(students).values(values).returning(*COLUMNS))).one()
                made = student_of(row)
                await audit.record(session, actor, "create", "student", made.id)
                await outbox.add(session, known_of(made.telegram_id, made.user_id))
                return made
        except IntegrityError as error:
            if violated_constraint(error) in TAKEN:
                return None
            raise

    async def find_by_ids(self, ids: Sequence[StudentId], reader: Reader) -> Mapping[StudentId, Student]:
        return {each.id: each for each in await self._found(students.c.id, ids, reader)}

    async def find_by_telegram_ids(
        self, ids: Sequence[TelegramId], reader: Reader
    ) -> Mapping[TelegramId, Student]:
        return {each.telegram_id: each for each in await self._found(students.c.telegram_id, ids, reader)}

    async def list_students(
        self, wanted: StudentFilter, reader: Reader, request: PageRequest
    ) -> Page[Student]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(wanted.telegram_ids, reader, request))
        return Page.cut([student_of(row) for row in rows], request)

    async def count_students(self, wanted: StudentFilter, reader: Reader) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(wanted.telegram_ids, reader)))

    async def update(
        self, student: StudentId, change: StudentChange, reader: Reader, actor: Actor
    ) -> Student | None:
        values = change.columns or {"timezone": students.c.timezone}
        statement = update(students).where(own(student, reader)).values(values).returning(*COLUMNS)
        async with self._database.write() as session:
            row = (await session.execute(statement)).first()
            if row is None:
                return None
            await audit.record(session, actor, "update", "student", student, _told(change))
            return student_of(row)

    async def _found(self, column: ColumnElement[Any], ids: Sequence[Any], reader: Reader) -> list[Student]:
        async with self._database.read() as session:
            return [student_of(row) for row in await session.fetch(_by(column, ids, reader))]


Numbers = Sequence[TelegramId] | None


@per_shape
def _by(column: ColumnElement[Any], ids: Sequence[Any], reader: Reader) -> Select[Any]:
    return select(*COLUMNS).where(among(column, ids), visible_to(reader))


@per_shape
def _listed(numbers: Numbers, reader: Reader, request: PageRequest) -> Select[Any]:
    return page(select(*COLUMNS).where(*_wanted(numbers, reader)), NEWEST, request, descending=True)


@per_shape
def _counted(numbers: Numbers, reader: Reader) -> Select[Any]:
    return select(func.count()).select_from(students).where(*_wanted(numbers, reader))


def _wanted(numbers: Numbers, reader: Reader) -> Iterator[ColumnElement[bool]]:
    yield visible_to(reader)
    if numbers is not None:
        yield among(students.c.telegram_id, numbers)


def _told(change: StudentChange) -> dict[str, object]:
    return {name: "(changed)" if name == "phone" else value for name, value in change.columns.items()}
