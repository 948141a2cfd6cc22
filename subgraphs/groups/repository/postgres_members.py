"""Who is in which group, in PostgreSQL. A group's row is locked while somebody comes or goes, so that it
never overfills; students hears of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, or_, select, true, update

from db.arrays import among
from db.pages import PARENT, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.groups.models import group_invitations, group_members, groups, known_students
from subgraphs.groups.repository.messages import joined_message, left_message
from subgraphs.groups.repository.postgres_invitations import INVITED, invitation_of
from subgraphs.groups.repository.rows import COLUMNS, group_of, locked, number_in, taught_by, visible_to
from subgraphs.groups.values import (
    Group,
    GroupId,
    GroupStatus,
    InvitationState,
    Member,
    Membership,
    NoStudent,
    NotIn,
    Reader,
    TelegramId,
)
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest, pages_of

MEMBER = group_members.c
BY_JOINING = [MEMBER.joined_at, MEMBER.id]


class PostgresMemberRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_members(
        self, ids: Sequence[GroupId], reader: Reader, request: PageRequest
    ) -> Mapping[GroupId, Page[Member]]:
        async with self._database.read() as session:
            rows = await session.fetch(_members(ids, reader, request))
            found = (
                (row._mapping[PARENT], Member(row.id, row.student_telegram_id, row.joined_at)) for row in rows
            )
            return pages_of(ids, found, request)

    async def count_members(self, ids: Sequence[GroupId]) -> Mapping[GroupId, int]:
        async with self._database.read() as session:
            return {row.group_id: row.number for row in await session.fetch(_member_counts(ids))}

    async def list_memberships(
        self, students: Sequence[TelegramId], reader: Reader, request: PageRequest
    ) -> Mapping[TelegramId, Page[Membership]]:
        async with self._database.read() as session:
            rows = await session.fetch(_memberships(students, reader, request))
            found = (
                (row._mapping[PARENT], Membership(row.member_id, group_of(row), row.joined_at))
                for row in rows
            )
            return pages_of(students, found, request)

    async def count_memberships(
        self, students: Sequence[TelegramId], reader: Reader
    ) -> Mapping[TelegramId, int]:
        async with self._database.read() as session:
            rows = await session.fetch(_membership_counts(students, reader))
            return {row.student_telegram_id: row.number for row in rows}

    async def add(
        self, group: GroupId, student: TelegramId, actor: Actor
    ) -> Group | NotIn | NoStudent | None:
        known = select(known_students.c.telegram_id).where(known_students.c.telegram_id == student)
        async with self._database.write() as session:
            found = await locked(session, group, true())
            if found is None:
                return None
            if (await session.execute(known)).scalar() is None:
                return NoStudent.NO_STUDENT
            return await _take_in(session, found, student, actor)

    async def join(
        self, code_hash: str, reader: Reader, actor: Actor, now: datetime
    ) -> Group | NotIn | NoStudent | None:
        """Who is in already stays so, and takes no use."""
        invited = select(group_invitations).where(INVITED.code_hash == code_hash)
        async with self._database.write() as session:
            group = (await session.execute(invited.with_only_columns(INVITED.group_id))).scalar()
            found = None if group is None else await locked(session, group, true())
            if found is None:
                return None
            student = (await session.execute(select(number_in(known_students, reader)))).scalar()
            if student is None:
                return NoStudent.NO_STUDENT
            if await _is_in(session, found, student):
                return found
            invitation = invitation_of((await session.execute(invited.with_for_update())).one())
            if (state := invitation.state(now)) is not InvitationState.OPEN:
                return NotIn(found, state)
            joined = await _take_in(session, found, student, actor)
            if isinstance(joined, Group):
                used = update(group_invitations).where(INVITED.id == invitation.id)
                await session.execute(used.values(uses=INVITED.uses + 1))
            return joined

    async def remove(self, group: GroupId, student: TelegramId, reader: Reader, actor: Actor) -> Group | None:
        async with self._database.write() as session:
            found = await locked(session, group, taught_by(reader))
            if found is not None:
                await _let_go(session, found, student, actor)
            return found

    async def leave(self, group: GroupId, reader: Reader, actor: Actor) -> Group | None:
        async with self._database.write() as session:
            found = await locked(session, group, true())
            student = (await session.execute(select(number_in(known_students, reader)))).scalar()
            if found is None or student is None:
                return None
            return found if await _let_go(session, found, student, actor) else None


async def forget_student(session: WriteSession, student: TelegramId) -> None:
    """Everywhere; students has forgotten them already."""
    await session.execute(delete(group_members).where(MEMBER.student_telegram_id == student))


async def _take_in(session: WriteSession, group: Group, student: TelegramId, actor: Actor) -> Group | NotIn:
    """Under the group's lock."""
    if await _is_in(session, group, student):
        return group
    counted = select(func.count()).select_from(group_members).where(MEMBER.group_id == group.id)
    if group.status is not GroupStatus.ACTIVE:
        return NotIn(group)
    if int((await session.execute(counted)).scalar_one()) >= group.max_members:
        return NotIn(group, is_full=True)
    made = insert(group_members).values(group_id=group.id, student_telegram_id=student)
    joined_at = (await session.execute(made.returning(MEMBER.joined_at))).scalar_one()
    await audit.record(session, actor, "join", "group", group.id, {"student": student})
    await outbox.add(session, joined_message(group, student, joined_at))
    return group


async def _let_go(session: WriteSession, group: Group, student: TelegramId, actor: Actor) -> bool:
    """Under the group's lock; whether they were in it."""
    place = and_(MEMBER.group_id == group.id, MEMBER.student_telegram_id == student)
    if not (await session.execute(delete(group_members).where(place))).rowcount:
        return False
    await audit.record(session, actor, "leave", "group", group.id, {"student": student})
    await outbox.add(session, left_message(group, student))
    return True


async def _is_in(session: WriteSession, group: Group, student: TelegramId) -> bool:
    place = and_(MEMBER.group_id == group.id, MEMBER.student_telegram_id == student)
    return (await session.execute(select(MEMBER.id).where(place))).first() is not None


@per_shape
def _members(ids: Sequence[GroupId], reader: Reader, request: PageRequest) -> Select[Any]:
    seen = taught_by(reader)
    if reader.user_id is not None and not reader.is_admin:
        seen = or_(seen, MEMBER.student_telegram_id == number_in(known_students, reader))
    listed = select(group_members).join(groups).where(seen)
    return pages_of_parents(listed, MEMBER.group_id, ids, BY_JOINING, request, descending=False)


@per_shape
def _member_counts(ids: Sequence[GroupId]) -> Select[Any]:
    counted = select(MEMBER.group_id, func.count().label("number")).where(among(MEMBER.group_id, ids))
    return counted.group_by(MEMBER.group_id)


@per_shape
def _memberships(students: Sequence[TelegramId], reader: Reader, request: PageRequest) -> Select[Any]:
    listed = select(*COLUMNS, MEMBER.id.label("member_id"), MEMBER.joined_at)
    seen = listed.join_from(group_members, groups).where(visible_to(reader))
    parent, names = MEMBER.student_telegram_id, ["joined_at", "member_id"]
    return pages_of_parents(seen, parent, students, BY_JOINING, request, descending=False, order=names)


@per_shape
def _membership_counts(students: Sequence[TelegramId], reader: Reader) -> Select[Any]:
    counted = select(MEMBER.student_telegram_id, func.count().label("number"))
    seen = counted.join_from(group_members, groups).where(visible_to(reader))
    return seen.where(among(MEMBER.student_telegram_id, students)).group_by(MEMBER.student_telegram_id)
