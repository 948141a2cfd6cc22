"""Roles, given and taken. Whoever gets one or loses one needs a new access token: their sessions end, their
logins do not.
"""

from __future__ import annotations

from sqlalchemy import and_, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from db.postgres import Database, WriteSession
from subgraphs.kit import audit, jobs
from subgraphs.kit.audit import Actor
from subgraphs.users.models import api_tokens, logins, roles, user_roles, users
from subgraphs.users.repository.postgres_logins import END_SESSIONS
from subgraphs.users.repository.seen import USERS, user_of
from subgraphs.users.values import LastOfRole, LoginId, Role, RoleChange, UserId

LOCK_SPACE = 0x726F6C65


class PostgresRoleRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def grant(self, user_id: UserId, role: Role, actor: Actor) -> RoleChange | None:
        pair = select(literal(user_id), roles.c.id).where(roles.c.name == role.value)
        given = insert(user_roles).from_select(["user_id", "role_id"], pair).on_conflict_do_nothing()
        async with self._database.write() as session:
            if not await _is_there(session, user_id):
                return None
            changed = (await session.execute(given)).rowcount > 0
            return await _changed(session, user_id, "grant", role, actor, changed=changed)

    async def take(self, user_id: UserId, role: Role, actor: Actor) -> RoleChange | LastOfRole | None:
        """One at a time, so that of two administrators who take it from each other one stays."""
        this = select(roles.c.id).where(roles.c.name == role.value).scalar_subquery()
        taken = delete(user_roles).where(user_roles.c.user_id == user_id, user_roles.c.role_id == this)
        others = and_(user_roles.c.role_id == this, user_roles.c.user_id != user_id)
        async with self._database.write() as session:
            await session.execute(select(func.pg_advisory_xact_lock(LOCK_SPACE)))
            if not await _is_there(session, user_id):
                return None
            is_left = select(literal(1)).select_from(user_roles).where(others).limit(1)
            if role is Role.ADMIN and (await session.execute(is_left)).first() is None:
                return LastOfRole()
            changed = (await session.execute(taken)).rowcount > 0
            return await _changed(session, user_id, "take", role, actor, changed=changed)


async def _is_there(session: WriteSession, user_id: UserId) -> bool:
    found = select(users.c.id).where(users.c.id == user_id).with_for_update()
    return (await session.execute(found)).first() is not None


async def _changed(
    session: WriteSession, user_id: UserId, action: str, role: Role, actor: Actor, *, changed: bool
) -> RoleChange:
    ended: frozenset[LoginId] = frozenset()
    if changed:
        going_on = select(logins.c.id).where(logins.c.user_id == user_id, logins.c.ended_at.is_(None))
        programs = select(api_tokens.c.id).where(api_tokens.c.user_id == user_id)
        ended = frozenset((await session.execute(going_on.union(programs))).scalars())
        await jobs.enqueue(session, END_SESSIONS, {"ids": sorted(map(str, ended))})
        await audit.record(session, actor, action, "user", user_id, {"role": role.name})
    return RoleChange(user_of((await session.execute(USERS.where(users.c.id == user_id))).one()), ended)
