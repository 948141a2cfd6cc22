"""Groups and their progress in PostgreSQL. What a change depends on is in its statement; each is in the
audit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, select, true, update

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.groups.models import group_members, group_progress, groups, known_teachers
from subgraphs.groups.repository.rows import (
    ACTIVE,
    COLUMNS,
    group_of,
    locked,
    number_in,
    taught_by,
    visible_to,
)
from subgraphs.groups.values import (
    Group,
    GroupChange,
    GroupDetails,
    GroupFilter,
    GroupId,
    Progress,
    Reader,
    TelegramId,
)
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest, pages_of

BY_AGE = [groups.c.created_at, groups.c.id]
NOTED = group_progress.c


class PostgresGroupRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, details: GroupDetails, teacher: TelegramId | None, reader: Reader, actor: Actor
    ) -> Group | None:
        known = known_teachers.c.telegram_id
        number = select(known).where(known == teacher).scalar_subquery()
        wanted = select(number_in(known_teachers, reader) if teacher is None else number)
        async with self._database.write() as session:
            found = (await session.execute(wanted)).scalar()
            if found is None:
                return None
            values = _plain({name: getattr(details, name) for name in GroupDetails.__dataclass_fields__})
            given = {"teacher_telegram_id": found, **values}
            row = (await session.execute(insert(groups).values(given).returning(*COLUMNS))).one()
            await audit.record(session, actor, "create", "group", row.id)
            return group_of(row)

    async def find_by_ids(self, ids: Sequence[GroupId], reader: Reader) -> Mapping[GroupId, Group]:
        async with self._database.read() as session:
            return {row.id: group_of(row) for row in await session.fetch(_found(ids, reader))}

    async def list_groups(self, wanted: GroupFilter, reader: Reader, request: PageRequest) -> Page[Group]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(wanted, reader, request))
        return Page.cut([group_of(row) for row in rows], request)

    async def count_groups(self, wanted: GroupFilter, reader: Reader) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(wanted, reader)))

    async def list_taught(
        self, teachers: Sequence[TelegramId], reader: Reader, request: PageRequest
    ) -> Mapping[TelegramId, Page[Group]]:
        async with self._database.read() as session:
            rows = await session.fetch(_taught(teachers, reader, request))
            return pages_of(teachers, ((row._mapping[PARENT], group_of(row)) for row in rows), request)

    async def count_taught(self, teachers: Sequence[TelegramId], reader: Reader) -> Mapping[TelegramId, int]:
        async with self._database.read() as session:
            rows = await session.fetch(_taught_counts(teachers, reader))
            return {row.teacher_telegram_id: row.number for row in rows}

    async def update(self, group: GroupId, change: GroupChange, reader: Reader, actor: Actor) -> Group | None:
        values = _plain(change.columns) or {"name": groups.c.name}
        held = and_(taught_by(reader), ACTIVE, _holds(change))
        statement = update(groups).where(groups.c.id == group, held).values(values).returning(*COLUMNS)
        async with self._database.write() as session:
            await locked(session, group, true())
            row = (await session.execute(statement)).first()
            if row is None:
                return None
            await audit.record(session, actor, "update", "group", group, change.columns)
            return group_of(row)

    async def archive(self, group: GroupId, reader: Reader, actor: Actor) -> Group | None:
        async with self._database.write() as session:
            found = await locked(session, group, taught_by(reader))
            if found is None:
                return None
            which = and_(groups.c.id == group, ACTIVE)
            row = (
                await session.execute(
                    update(groups).where(which).values(status="ARCHIVED").returning(*COLUMNS)
                )
            ).first()
            if row is None:
                return found
            await audit.record(session, actor, "archive", "group", group)
            return group_of(row)

    async def find_taught(self, ids: Sequence[GroupId], reader: Reader) -> frozenset[GroupId]:
        async with self._database.read() as session:
            return frozenset(row.id for row in await session.fetch(_taught_of(ids, reader)))

    async def note_progress(
        self, group: GroupId, topic: str, percent: int, note: str, reader: Reader, actor: Actor
    ) -> Group | None:
        said = {"topic": topic, "percent": percent, "note": note}
        async with self._database.write() as session:
            found = await locked(session, group, and_(taught_by(reader), ACTIVE))
            if found is not None:
                await session.execute(insert(group_progress).values(group_id=group, **said))
                await audit.record(session, actor, "update", "group", group, {"progress": said})
            return found

    async def list_progress(
        self, ids: Sequence[GroupId], request: PageRequest
    ) -> Mapping[GroupId, Page[Progress]]:
        async with self._database.read() as session:
            rows = await session.fetch(_progress(ids, request))
            found = ((row._mapping[PARENT], _progress_of(row)) for row in rows)
            return pages_of(ids, found, request)

    async def count_progress(self, ids: Sequence[GroupId]) -> Mapping[GroupId, int]:
        async with self._database.read() as session:
            return {row.group_id: row.number for row in await session.fetch(_progress_counts(ids))}


async def archive_all_of(session: WriteSession, teacher: TelegramId) -> None:
    """Nobody teaches them any longer."""
    theirs = and_(groups.c.teacher_telegram_id == teacher, ACTIVE)
    await session.execute(update(groups).where(theirs).values(status="ARCHIVED"))


@per_shape
def _found(ids: Sequence[GroupId], reader: Reader) -> Select[Any]:
    return select(*COLUMNS).where(among(groups.c.id, ids), visible_to(reader))


@per_shape
def _taught_of(ids: Sequence[GroupId], reader: Reader) -> Select[Any]:
    return select(groups.c.id).where(among(groups.c.id, ids), taught_by(reader))


@per_shape
def _listed(wanted: GroupFilter, reader: Reader, request: PageRequest) -> Select[Any]:
    return page(select(*COLUMNS).where(*_filtered(wanted, reader)), BY_AGE, request, descending=False)


@per_shape
def _counted(wanted: GroupFilter, reader: Reader) -> Select[Any]:
    return select(func.count()).select_from(groups).where(*_filtered(wanted, reader))


@per_shape
def _taught(teachers: Sequence[TelegramId], reader: Reader, request: PageRequest) -> Select[Any]:
    theirs, parent = select(*COLUMNS).where(visible_to(reader)), groups.c.teacher_telegram_id
    return pages_of_parents(theirs, parent, teachers, BY_AGE, request, descending=False)


@per_shape
def _taught_counts(teachers: Sequence[TelegramId], reader: Reader) -> Select[Any]:
    teacher = groups.c.teacher_telegram_id
    counted = select(teacher, func.count().label("number")).where(among(teacher, teachers))
    return counted.where(visible_to(reader)).group_by(teacher)


@per_shape
def _progress(ids: Sequence[GroupId], request: PageRequest) -> Select[Any]:
    order = [NOTED.noted_at, NOTED.id]
    return pages_of_parents(select(group_progress), NOTED.group_id, ids, order, request, descending=True)


@per_shape
def _progress_counts(ids: Sequence[GroupId]) -> Select[Any]:
    counted = select(NOTED.group_id, func.count().label("number")).where(among(NOTED.group_id, ids))
    return counted.group_by(NOTED.group_id)


def _filtered(wanted: GroupFilter, reader: Reader) -> Iterator[ColumnElement[bool]]:
    yield visible_to(reader)
    if wanted.status is not None:
        yield groups.c.status == wanted.status.value
    if wanted.teacher_telegram_id is not None:
        yield groups.c.teacher_telegram_id == wanted.teacher_telegram_id


def _holds(change: GroupChange) -> ColumnElement[bool]:
    """As many may be in it as are."""
    most = change.columns.get("max_members")
    if most is None:
        return true()
    counted = select(func.count()).select_from(group_members).where(group_members.c.group_id == groups.c.id)
    return counted.correlate(groups).scalar_subquery() <= most


def _plain(columns: Mapping[str, object]) -> dict[str, Any]:
    return {name: value.value if isinstance(value, Enum) else value for name, value in columns.items()}


def _progress_of(row: Any) -> Progress:
    return Progress(row.id, row.topic, row.percent, row.note, row.noted_at)
