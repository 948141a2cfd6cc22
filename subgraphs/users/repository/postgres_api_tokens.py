"""Tokens for programs, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, insert, select, update

from db.arrays import among
from db.postgres import Database
from subgraphs.kit import audit, jobs
from subgraphs.kit.audit import Actor
from subgraphs.kit.enums import known
from subgraphs.users.models import api_tokens, users
from subgraphs.users.repository.postgres_logins import END_SESSIONS
from subgraphs.users.repository.seen import USERS, user_of
from subgraphs.users.values import ApiScope, ApiToken, LoginId, User, UserId

MOST_LISTED = 100
GOOD = and_(api_tokens.c.revoked_at.is_(None), api_tokens.c.expires_at > func.now())


class PostgresApiTokenRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, token: ApiToken, token_hash: str, actor: Actor) -> bool:
        """False when the user has as many as one may."""
        mine = and_(api_tokens.c.user_id == token.user_id, GOOD)
        row = {
            "id": token.id,
            "user_id": token.user_id,
            "name": token.name,
            "token_hash": token_hash,
            "scopes": sorted(scope.value for scope in token.scopes),
            "created_at": token.created_at,
            "expires_at": token.expires_at,
        }
        async with self._database.write() as session:
            await session.execute(select(users.c.id).where(users.c.id == token.user_id).with_for_update())
            there = select(func.count()).select_from(api_tokens).where(mine)
            if (await session.execute(there)).scalar_one() >= MOST_LISTED:
                return False
            await session.execute(insert(api_tokens).values(row))
            told = {"scopes": [None, row["scopes"]]}
            await audit.record(session, actor, "create", "api_token", token.id, told)
        return True

    async def use(self, token_hash: str) -> tuple[User, ApiToken] | None:
        """Whose it is, and what for; None when it is no good."""
        this = and_(api_tokens.c.token_hash == token_hash, GOOD)
        async with self._database.write() as session:
            used = update(api_tokens).where(this).values(last_used_at=func.now()).returning(*api_tokens.c)
            row = (await session.execute(used)).first()
            if row is None:
                return None
            owner = (await session.execute(USERS.where(users.c.id == row.user_id))).one()
            return user_of(owner), _api_token(row)

    async def revoke(self, user_id: UserId, token: LoginId, actor: Actor) -> ApiToken | None:
        """Idempotent. None when the user has no such token."""
        mine = and_(api_tokens.c.id == token, api_tokens.c.user_id == user_id)
        now = func.coalesce(api_tokens.c.revoked_at, func.now())
        async with self._database.write() as session:
            revoked = update(api_tokens).where(mine).values(revoked_at=now).returning(*api_tokens.c)
            row = (await session.execute(revoked)).first()
            if row is None:
                return None
            await jobs.enqueue(session, END_SESSIONS, {"ids": [str(token)]})
            await audit.record(session, actor, "revoke", "api_token", token)
            return _api_token(row)

    async def list_good(self, user_ids: Sequence[UserId]) -> Mapping[UserId, list[ApiToken]]:
        newest = (
            select(api_tokens)
            .where(among(api_tokens.c.user_id, user_ids), GOOD)
            .order_by(api_tokens.c.created_at.desc(), api_tokens.c.id)
        )
        async with self._database.read() as session:
            rows = (await session.execute(newest)).all()
        return {user: [_api_token(row) for row in rows if row.user_id == user] for user in user_ids}


def _api_token(row: Row[Any]) -> ApiToken:
    last_used: datetime | None = row.last_used_at
    return ApiToken(
        row.id, row.user_id, row.name, known(ApiScope, row.scopes), row.created_at, row.expires_at, last_used
    )
