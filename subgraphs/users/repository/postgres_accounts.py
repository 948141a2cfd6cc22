"""Refresh tokens in PostgreSQL. A row lock on the token makes two uses of it happen one after the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from db.postgres import Database, WriteSession
from subgraphs.users.models import refresh_tokens
from subgraphs.users.values import FamilyId, NewRefreshToken, Reused, Rotated, Rotation, Unusable, UserId


class PostgresLoginRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, user_id: UserId, family: FamilyId, token: NewRefreshToken) -> None:
        async with self._database.write() as session:
            await _store(session, user_id, family, token)

    async def rotate(self, token_hash: str, successor: NewRefreshToken, now: datetime) -> Rotation:
        found = select(refresh_tokens).where(refresh_tokens.c.token_hash == token_hash).with_for_update()
        async with self._database.write() as session:
            token = (await session.execute(found)).first()
            if token is None:
                return Unusable()
            if token.revoked:
                await _revoke(session, refresh_tokens.c.family_id == token.family_id)
                return Reused(token.user_id, token.family_id)
            if token.expires_at <= now:
                return Unusable()
            await _revoke(session, refresh_tokens.c.id == token.id)
            await _store(session, token.user_id, token.family_id, successor)
            return Rotated(token.user_id)

    async def revoke_family(self, token_hash: str) -> None:
        family = select(refresh_tokens.c.family_id).where(refresh_tokens.c.token_hash == token_hash)
        async with self._database.write() as session:
            await _revoke(session, refresh_tokens.c.family_id.in_(family))

    async def revoke_all(self, user_id: UserId) -> int:
        async with self._database.write() as session:
            return await _revoke(session, refresh_tokens.c.user_id == user_id)


async def _store(session: WriteSession, user_id: UserId, family: FamilyId, token: NewRefreshToken) -> None:
    values: dict[str, Any] = {name: getattr(token, name) for name in NewRefreshToken.__dataclass_fields__}
    await session.execute(insert(refresh_tokens).values(values | {"user_id": user_id, "family_id": family}))


async def _revoke(session: WriteSession, which: ColumnElement[bool]) -> int:
    statement = update(refresh_tokens).where(which, refresh_tokens.c.revoked.is_(False)).values(revoked=True)
    return (await session.execute(statement)).rowcount
