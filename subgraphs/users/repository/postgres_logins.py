"""Logins and their refresh tokens in PostgreSQL.

A row lock on a login makes two uses of a refresh token, or a use and the end of the login, happen one after
the other. Whatever ends a login also
enqueues the end of its session, in the same transaction: when Redis is away at that moment, the job ends it
later (`worker.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.postgres import Database, WriteSession
from subgraphs.kit import audit, jobs
from subgraphs.kit.audit import Actor
from subgraphs.users.models import logins, refresh_tokens, users
from subgraphs.users.repository.seen import USERS, user_of
from subgraphs.users.values import (
    LoginId,
    NewRefreshToken,
    Reused,
    Rotated,
    Rotation,
    Session,
    Unusable,
    UserId,
)

GRACE = timedelta(seconds=10)
"""Two tabs that refresh at the same moment both go on; later, a spent token is a stolen one."""
END_SESSIONS = "end sessions"
"""The queue of sessions to be ended in Redis."""
MOST_LISTED = 100
NOW = func.clock_timestamp()
TOKEN = select(
    refresh_tokens,
    (refresh_tokens.c.expires_at <= NOW).label("expired"),
    func.coalesce(refresh_tokens.c.spent_at.between(NOW - GRACE, NOW + GRACE), False).label("just_spent"),
)
"""`just_spent`: spent, not revoked by a logout or a theft, and only now. What was spent in the future is from
before the clock went back, and no grace that lasts until then.
"""


class PostgresLoginRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, user_id: UserId, login: LoginId, token: NewRefreshToken, actor: Actor) -> None:
        async with self._database.write() as session:
            await store_login(session, user_id, login, token)
            await audit.record(session, actor, "start", "login", login)

    async def rotate(self, token_hash: str, successor: NewRefreshToken) -> Rotation:
        this = refresh_tokens.c.token_hash == token_hash
        of_token = logins.join(refresh_tokens, logins.c.id == refresh_tokens.c.family_id)
        login = select(logins).select_from(of_token).where(this).with_for_update(of=logins)
        async with self._database.write() as session:
            known = (await session.execute(login)).first()
            token = (await session.execute(TOKEN.where(this).with_for_update())).first()
            if token is None:
                return Unusable()
            if token.revoked and not token.just_spent:
                actor = Actor(str(token.user_id))
                await end_logins(session, refresh_tokens.c.family_id == token.family_id, "reuse", actor)
                return Reused(token.user_id, token.family_id)
            if token.expired:
                return Unusable()
            if not token.revoked:
                await _spend(session, token.id)
            await store_login(session, token.user_id, token.family_id, successor)
            row = (await session.execute(USERS.where(users.c.id == token.user_id))).one()
            return Rotated(user_of(row), token.family_id, None if known is None else known.acting_for)

    async def end_by_token(self, token_hash: str, actor: Actor) -> frozenset[LoginId]:
        family = select(refresh_tokens.c.family_id).where(refresh_tokens.c.token_hash == token_hash)
        async with self._database.write() as session:
            which = refresh_tokens.c.family_id == family.scalar_subquery()
            return await end_logins(session, which, "end", actor)

    async def end(self, user_id: UserId, login: LoginId, actor: Actor) -> Session | None:
        mine = and_(logins.c.id == login, logins.c.user_id == user_id)
        async with self._database.write() as session:
            row = (await session.execute(select(logins).where(mine))).first()
            if row is None:
                return None
            await end_logins(session, refresh_tokens.c.family_id == login, "end", actor)
            return _session(row)

    async def end_all(
        self, user_id: UserId, actor: Actor, except_token: str | None = None
    ) -> frozenset[LoginId]:
        which = refresh_tokens.c.user_id == user_id
        if except_token is not None:
            kept = select(refresh_tokens.c.family_id).where(refresh_tokens.c.token_hash == except_token)
            which = and_(which, refresh_tokens.c.family_id.is_distinct_from(kept.scalar_subquery()))
        async with self._database.write() as session:
            return await end_logins(session, which, "end", actor)

    async def list_live(self, user_ids: Sequence[UserId]) -> Mapping[UserId, list[Session]]:
        going_on = and_(logins.c.ended_at.is_(None), logins.c.expires_at > func.now())
        newest = (
            select(logins)
            .where(among(logins.c.user_id, user_ids), going_on)
            .order_by(logins.c.last_seen_at.desc(), logins.c.id)
            .limit(MOST_LISTED)
        )
        async with self._database.read() as session:
            rows = (await session.execute(newest)).all()
        return {user: [_session(row) for row in rows if row.user_id == user] for user in user_ids}


async def store_login(session: WriteSession, user_id: UserId, login: LoginId, token: NewRefreshToken) -> None:
    """A new refresh token, and its login as it is now seen."""
    values: dict[str, Any] = {name: getattr(token, name) for name in NewRefreshToken.__dataclass_fields__}
    await session.execute(insert(refresh_tokens).values(values | {"user_id": user_id, "family_id": login}))
    seen = {name: values[name] for name in ("ip_address", "device_info", "expires_at")}
    first = insert(logins).values(seen | {"id": login, "user_id": user_id})
    again = first.on_conflict_do_update(
        index_elements=["id"], set_=seen | {"last_seen_at": func.clock_timestamp()}
    )
    await session.execute(again)


async def end_logins(
    session: WriteSession, which: ColumnElement[bool], action: str, actor: Actor
) -> frozenset[LoginId]:
    """End the logins of these refresh tokens, those spent just now included; which ones went on until now."""
    families = select(refresh_tokens.c.family_id).where(which, ~refresh_tokens.c.revoked).distinct()
    ended = frozenset((await session.execute(families)).scalars())
    if not ended:
        return ended
    over = and_(among(logins.c.id, ended), logins.c.ended_at.is_(None))
    await session.execute(update(logins).where(over).values(ended_at=func.clock_timestamp()))
    of_them = among(refresh_tokens.c.family_id, ended)
    await session.execute(update(refresh_tokens).where(of_them).values(revoked=True, spent_at=None))
    await jobs.enqueue(session, END_SESSIONS, {"ids": sorted(map(str, ended))})
    for login in sorted(ended):
        await audit.record(session, actor, action, "login", login)
    return ended


async def _spend(session: WriteSession, token_id: int) -> None:
    spent = update(refresh_tokens).where(refresh_tokens.c.id == token_id)
    await session.execute(spent.values(revoked=True, spent_at=func.clock_timestamp()))


def _session(row: Row[Any]) -> Session:
    return Session(
        row.id,
        row.user_id,
        str(row.ip_address),
        row.device_info,
        row.created_at,
        row.last_seen_at,
        row.expires_at,
        row.acting_for,
    )
