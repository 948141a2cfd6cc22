"""Accounts and their logins in PostgreSQL.

Signing up is one transaction: the account, its role, its first login and the mail to its address. A row lock
on a refresh token makes two uses of it happen one after the other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from db.postgres import Database, WriteSession, violated_constraint
from subgraphs.users.errors import username_taken
from subgraphs.users.models import mail_requests, refresh_tokens, roles, user_roles, users
from subgraphs.users.repository.postgres_users import USERS, user_of
from subgraphs.users.values import (
    ROLE_USER,
    Credentials,
    FamilyId,
    NewRefreshToken,
    NewUser,
    Reused,
    Rotated,
    Rotation,
    Unusable,
    User,
    UserId,
)

GRACE = timedelta(seconds=10)
"""Two tabs that refresh at the same moment both go on; later, a spent token is a stolen one."""
ATTEMPTS = 2


class PostgresAccountRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, user: NewUser, family: FamilyId, token: NewRefreshToken) -> User:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._database.write() as session:
                    return await _open(session, user, family, token)
            except IntegrityError as error:
                violated = violated_constraint(error)
                if violated == "users_username_key":
                    raise username_taken(user.username) from error
                if violated != "users_email_key" or attempt == ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def find_credentials(self, name_or_email: str) -> Credentials | None:
        wanted = name_or_email.lower()
        by_mail = and_(func.lower(users.c.email) == wanted, users.c.is_verified)
        named = or_(func.lower(users.c.username) == wanted, by_mail)
        async with self._database.write() as session:
            row = (await session.execute(USERS.add_columns(users.c.password_hash).where(named))).first()
        return None if row is None else Credentials(user_of(row), row.password_hash)

    async def renew_password_hash(self, user_id: UserId, old: str, new: str) -> None:
        same = and_(users.c.id == user_id, users.c.password_hash == old)
        async with self._database.write() as session:
            await session.execute(update(users).where(same).values(password_hash=new))

    async def start(self, user_id: UserId, family: FamilyId, token: NewRefreshToken) -> None:
        async with self._database.write() as session:
            await _store(session, user_id, family, token)

    async def rotate(self, token_hash: str, successor: NewRefreshToken, now: datetime) -> Rotation:
        found = select(refresh_tokens).where(refresh_tokens.c.token_hash == token_hash).with_for_update()
        async with self._database.write() as session:
            token = (await session.execute(found)).first()
            if token is None:
                return Unusable()
            if token.revoked and not _is_just_spent(token, now):
                await _revoke(session, refresh_tokens.c.family_id == token.family_id)
                return Reused(token.user_id, token.family_id)
            if token.expires_at <= now:
                return Unusable()
            if not token.revoked:
                await _spend(session, token.id, now)
            await _store(session, token.user_id, token.family_id, successor)
            row = (await session.execute(USERS.where(users.c.id == token.user_id))).one()
            return Rotated(user_of(row))

    async def revoke_family(self, token_hash: str) -> int:
        family = select(refresh_tokens.c.family_id).where(refresh_tokens.c.token_hash == token_hash)
        async with self._database.write() as session:
            return await _revoke(session, refresh_tokens.c.family_id == family.scalar_subquery())

    async def revoke_all(self, user_id: UserId, except_token: str | None = None) -> int:
        which = refresh_tokens.c.user_id == user_id
        if except_token is not None:
            kept = select(refresh_tokens.c.family_id).where(refresh_tokens.c.token_hash == except_token)
            which = and_(which, refresh_tokens.c.family_id.is_distinct_from(kept.scalar_subquery()))
        async with self._database.write() as session:
            return await _revoke(session, which)


async def _open(session: WriteSession, user: NewUser, family: FamilyId, token: NewRefreshToken) -> User:
    """The same statements whether or not somebody holds the address."""
    given: dict[str, Any] = {name: getattr(user, name) for name in NewUser.__dataclass_fields__}
    holder = select(literal(1)).where(func.lower(users.c.email) == user.email.lower())
    placeholder = f"{user.id}@unverified.invalid"
    address = case((holder.exists(), placeholder), else_=literal(user.email, String))
    claim = case((holder.exists(), literal(user.email, String)), else_=None)
    await session.execute(insert(users).values(given | {"email": address, "email_claim": claim}))
    role = select(literal(user.id), roles.c.id).where(roles.c.name == ROLE_USER)
    await session.execute(insert(user_roles).from_select(["user_id", "role_id"], role))
    proven = holder.where(users.c.is_verified).exists()
    kind = case((proven, "ADDRESS_IN_USE"), else_="VERIFY_ADDRESS")
    await session.execute(insert(mail_requests).values(user_id=user.id, kind=kind, address=user.email))
    await _store(session, user.id, family, token)
    return user_of((await session.execute(USERS.where(users.c.id == user.id))).one())


async def _store(session: WriteSession, user_id: UserId, family: FamilyId, token: NewRefreshToken) -> None:
    values: dict[str, Any] = {name: getattr(token, name) for name in NewRefreshToken.__dataclass_fields__}
    await session.execute(insert(refresh_tokens).values(values | {"user_id": user_id, "family_id": family}))


def _is_just_spent(token: Any, now: datetime) -> bool:
    """Spent, not revoked by a logout or a theft, and only now."""
    return token.spent_at is not None and now - token.spent_at < GRACE


async def _spend(session: WriteSession, token_id: int, now: datetime) -> None:
    spent = update(refresh_tokens).where(refresh_tokens.c.id == token_id)
    await session.execute(spent.values(revoked=True, spent_at=now))


async def _revoke(session: WriteSession, which: ColumnElement[bool]) -> int:
    """Ends logins, those spent just now included; how many families had a token that was good."""
    live = select(refresh_tokens.c.family_id).where(which, refresh_tokens.c.revoked.is_(False))
    ended = (await session.execute(select(func.count(live.subquery().c.family_id.distinct())))).scalar_one()
    await session.execute(update(refresh_tokens).where(which).values(revoked=True, spent_at=None))
    return int(ended)
