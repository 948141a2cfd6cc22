"""Accounts in PostgreSQL. Signing up is one transaction: the account, its role, its first login and the mail
to its address.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, and_, case, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from db.postgres import Database, WriteSession, violated_constraint
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.users.errors import username_taken
from subgraphs.users.mail import enqueue_mail
from subgraphs.users.models import roles, user_roles, users
from subgraphs.users.repository.postgres_logins import store_login
from subgraphs.users.repository.seen import USERS, user_of
from subgraphs.users.values import (
    ROLE_USER,
    Credentials,
    LoginId,
    NewRefreshToken,
    NewUser,
    ProofKind,
    User,
    UserId,
)

ATTEMPTS = 2


class PostgresAccountRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, user: NewUser, login: LoginId, token: NewRefreshToken, actor: Actor) -> User:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._database.write() as session:
                    return await _open(session, user, login, token, actor)
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


async def _open(
    session: WriteSession, user: NewUser, login: LoginId, token: NewRefreshToken, actor: Actor
) -> User:
    """The same statements whether or not somebody holds the address."""
    given: dict[str, Any] = {name: getattr(user, name) for name in NewUser.__dataclass_fields__}
    holder = select(literal(1)).where(func.lower(users.c.email) == user.email.lower())
    placeholder = f"{user.id}@unverified.invalid"
    address = case((holder.exists(), placeholder), else_=literal(user.email, String))
    claim = case((holder.exists(), literal(user.email, String)), else_=None)
    await session.execute(insert(users).values(given | {"email": address, "email_claim": claim}))
    role = select(literal(user.id), roles.c.id).where(roles.c.name == ROLE_USER)
    await session.execute(insert(user_roles).from_select(["user_id", "role_id"], role))
    await enqueue_mail(session, ProofKind.VERIFY_EMAIL.value, user.email, user.id)
    await store_login(session, user.id, login, token)
    await audit.record(session, actor, "create", "user", user.id)
    return user_of((await session.execute(USERS.where(users.c.id == user.id))).one())
