"""Teachers in PostgreSQL. What a change depends on is in its statement; each is in the audit, and told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.pages import page
from db.postgres import Database, WriteSession, violated_constraint
from db.statements import per_shape
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.enums import known_or
from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.teachers.models import teacher_languages, teachers
from subgraphs.teachers.repository.messages import known_of
from subgraphs.teachers.values import (
    NewTeacher,
    Reader,
    TaughtLanguage,
    Teacher,
    TeacherChange,
    TeacherFilter,
    TeacherId,
    TelegramId,
)

COLUMNS = [teachers.c[name] for name in Teacher.__dataclass_fields__]
NEWEST = [teachers.c.created_at, teachers.c.id]
ACTIVE: ColumnElement[bool] = literal_column("teachers.is_active")
TAKEN = {"teachers_user_id_key", "teachers_telegram_id_key"}


class PostgresTeacherRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, teacher: NewTeacher, actor: Actor) -> Teacher | None:
        values = {name: getattr(teacher, name) for name in NewTeacher.__dataclass_fields__}
        try:
            async with self._database.write() as session:
                row = (await session.execute(insert(teachers).values(values).returning(*COLUMNS))).one()
                made = _teacher(row)
                await audit.record(session, actor, "create", "teacher", made.id)
                await outbox.add(session, known_of(made.telegram_id, made.user_id))
                return made
        except IntegrityError as error:
            if violated_constraint(error) in TAKEN:
                return None
            raise

    async def find_by_ids(self, ids: Sequence[TeacherId], reader: Reader) -> Mapping[TeacherId, Teacher]:
        return {each.id: each for each in await self._found(teachers.c.id, ids, reader)}

    async def find_by_telegram_ids(
        self, ids: Sequence[TelegramId], reader: Reader
    ) -> Mapping[TelegramId, Teacher]:
        return {each.telegram_id: each for each in await self._found(teachers.c.telegram_id, ids, reader)}

    async def list_teachers(self, wanted: TeacherFilter, request: PageRequest) -> Page[Teacher]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(wanted, request))
        return Page.cut([_teacher(row) for row in rows], request)

    async def count_teachers(self, wanted: TeacherFilter) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(wanted)))

    async def list_languages(
        self, ids: Sequence[TeacherId]
    ) -> Mapping[TeacherId, tuple[TaughtLanguage, ...]]:
        found: dict[TeacherId, list[TaughtLanguage]] = {each: [] for each in ids}
        async with self._database.read() as session:
            for row in await session.fetch(_languages(ids)):
                found[row.teacher_id].append(_taught(row))
        return {teacher: tuple(listed) for teacher, listed in found.items()}

    async def update(
        self, teacher: TeacherId, change: TeacherChange, reader: Reader, actor: Actor
    ) -> Teacher | None:
        values = change.columns or {"bio": teachers.c.bio}
        statement = update(teachers).where(_own(teacher, reader)).values(values).returning(*COLUMNS)
        async with self._database.write() as session:
            row = (await session.execute(statement)).first()
            if row is None:
                return None
            await audit.record(session, actor, "update", "teacher", teacher, _told(change))
            return _teacher(row)

    async def set_language(
        self, teacher: TeacherId, taught: TaughtLanguage, reader: Reader, actor: Actor, most: int
    ) -> Teacher | bool:
        async with self._database.write() as session:
            found = await _locked(session, teacher, reader)
            if found is None:
                return False
            others = and_(
                teacher_languages.c.teacher_id == teacher, teacher_languages.c.language != taught.language
            )
            counted = select(func.count()).select_from(teacher_languages).where(others)
            if int((await session.execute(counted)).scalar_one()) >= most:
                return True
            row = {
                "teacher_id": teacher,
                "language": taught.language,
                "level": taught.level.value,
                "hourly_rate_cents": taught.hourly_rate_minor,
                "currency": taught.currency,
            }
            added = upsert(teacher_languages).values(row)
            await session.execute(
                added.on_conflict_do_update(index_elements=["teacher_id", "language"], set_=row)
            )
            told = {name: value for name, value in row.items() if name != "teacher_id"}
            await audit.record(session, actor, "update", "teacher", teacher, {"taught": told})
            return found

    async def remove_language(
        self, teacher: TeacherId, language: str, reader: Reader, actor: Actor
    ) -> Teacher | None:
        taught = and_(teacher_languages.c.teacher_id == teacher, teacher_languages.c.language == language)
        async with self._database.write() as session:
            found = await _locked(session, teacher, reader)
            if (
                found is not None
                and (await session.execute(delete(teacher_languages).where(taught))).rowcount
            ):
                await audit.record(session, actor, "update", "teacher", teacher, {"not_taught": language})
            return found

    async def _found(self, column: ColumnElement[Any], ids: Sequence[Any], reader: Reader) -> list[Teacher]:
        async with self._database.read() as session:
            return [_teacher(row) for row in await session.fetch(_by(column, ids, reader))]


@per_shape
def _by(column: ColumnElement[Any], ids: Sequence[Any], reader: Reader) -> Select[Any]:
    return select(*COLUMNS).where(among(column, ids), _visible_to(reader))


@per_shape
def _listed(wanted: TeacherFilter, request: PageRequest) -> Select[Any]:
    return page(select(*COLUMNS).where(*_filtered(wanted)), NEWEST, request, descending=True)


@per_shape
def _counted(wanted: TeacherFilter) -> Select[Any]:
    return select(func.count()).select_from(teachers).where(*_filtered(wanted))


@per_shape
def _languages(ids: Sequence[TeacherId]) -> Select[Any]:
    taught = teacher_languages.c
    return select(teacher_languages).where(among(taught.teacher_id, ids)).order_by(taught.language)


def _filtered(wanted: TeacherFilter) -> Iterator[ColumnElement[bool]]:
    yield ACTIVE
    if wanted.language is not None:
        taught = teacher_languages.c
        pair = and_(taught.teacher_id == teachers.c.id, taught.language == wanted.language)
        one: ColumnElement[int] = literal_column("1")
        yield select(one).select_from(teacher_languages).where(pair).correlate(teachers).exists()


def _visible_to(reader: Reader) -> ColumnElement[bool]:
    if reader.is_admin:
        return true()
    return ACTIVE if reader.user_id is None else or_(ACTIVE, teachers.c.user_id == reader.user_id)


def _own(teacher: TeacherId, reader: Reader) -> ColumnElement[bool]:
    this = teachers.c.id == teacher
    return this if reader.is_admin else and_(this, teachers.c.user_id == reader.user_id)


async def _locked(session: WriteSession, teacher: TeacherId, reader: Reader) -> Teacher | None:
    one = select(*COLUMNS).where(_own(teacher, reader)).with_for_update()
    row = (await session.execute(one)).first()
    return None if row is None else _teacher(row)


def _told(change: TeacherChange) -> dict[str, object]:
    return {name: "(changed)" if name == "phone" else value for name, value in change.columns.items()}


def _teacher(row: Any) -> Teacher:
    return Teacher(**{name: getattr(row, name) for name in Teacher.__dataclass_fields__})


def _taught(row: Any) -> TaughtLanguage:
    """A level that only a newer version knows is read as the lowest."""
    level = known_or(row.level, LanguageLevel.A1)
    return TaughtLanguage(row.language, level, row.hourly_rate_cents, row.currency)
