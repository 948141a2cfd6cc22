"""Groups between rows and values, and who may see and change which."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Table, and_, false, literal_column, or_, select, true

from db.postgres import WriteSession
from subgraphs.groups.models import group_members, groups, known_students, known_teachers
from subgraphs.groups.values import Group, GroupId, GroupStatus, Reader
from subgraphs.kit.enums import known_or
from subgraphs.kit.languages import LanguageLevel

COLUMNS = [groups.c[name] for name in Group.__dataclass_fields__]
ONE: ColumnElement[int] = literal_column("1")
ACTIVE: ColumnElement[bool] = groups.c.status == "ACTIVE"


def number_in(people: Table, reader: Reader) -> ScalarSelect[Any]:
    """The reader's number on Telegram, if they are one of these people."""
    return select(people.c.telegram_id).where(people.c.user_id == reader.user_id).scalar_subquery()


def taught_by(reader: Reader) -> ColumnElement[bool]:
    if reader.is_admin:
        return true()
    if reader.user_id is None:
        return false()
    return groups.c.teacher_telegram_id == number_in(known_teachers, reader)


def visible_to(reader: Reader) -> ColumnElement[bool]:
    if reader.is_admin or reader.user_id is None:
        return taught_by(reader)
    member = group_members.alias("mine")
    mine = and_(
        member.c.group_id == groups.c.id,
        member.c.student_telegram_id == number_in(known_students, reader),
    )
    return or_(taught_by(reader), select(ONE).select_from(member).where(mine).correlate(groups).exists())


async def locked(session: WriteSession, group: GroupId | Any, which: ColumnElement[bool]) -> Group | None:
    """Held until the transaction ends: members come and go one at a time."""
    one = select(*COLUMNS).where(groups.c.id == group, which).with_for_update(of=groups)
    row = (await session.execute(one)).first()
    return None if row is None else group_of(row)


def group_of(row: Any) -> Group:
    """A status that only a newer version knows is read as archived: it takes no members and no changes."""
    values = {name: getattr(row, name) for name in Group.__dataclass_fields__}
    values["level"] = known_or(row.level, LanguageLevel.A1)
    values["status"] = known_or(row.status, GroupStatus.ARCHIVED)
    return Group(**values)
