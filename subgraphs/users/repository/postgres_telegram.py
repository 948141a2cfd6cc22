"""Accounts by their number on Telegram, in PostgreSQL."""

from __future__ import annotations

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from db.postgres import Database, violated_constraint
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.users.models import roles, user_roles, users
from subgraphs.users.repository.postgres_credentials import CHANGED
from subgraphs.users.repository.seen import USERS, user_of
from subgraphs.users.values import ROLE_USER, NewUser, User, UserId


class PostgresTelegramRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, telegram_id: int) -> User | None:
        async with self._database.write() as session:
            row = (await session.execute(USERS.where(users.c.telegram_id == telegram_id))).first()
        return None if row is None else user_of(row)

    async def add(self, telegram_id: int, new: NewUser, actor: Actor) -> User | None:
        """None when the number or the name was taken meanwhile."""
        given = {name: getattr(new, name) for name in NewUser.__dataclass_fields__}
        role = select(literal(new.id), roles.c.id).where(roles.c.name == ROLE_USER)
        try:
            async with self._database.write() as session:
                await session.execute(insert(users).values(given | {"telegram_id": telegram_id}))
                await session.execute(insert(user_roles).from_select(["user_id", "role_id"], role))
                await audit.record(session, actor, "create", "user", new.id)
                return user_of((await session.execute(USERS.where(users.c.id == new.id))).one())
        except IntegrityError as error:
            if violated_constraint(error) in {"users_telegram_id_key", "users_username_key"}:
                return None
            raise

    async def is_free(self, username: str) -> bool:
        taken = select(users.c.id).where(func.lower(users.c.username) == username.lower())
        async with self._database.write() as session:
            return (await session.execute(taken)).first() is None

    async def link(self, user_id: UserId, telegram_id: int | None, actor: Actor) -> User | bool:
        """The user with the link, or without one; False when it is another account's, True when the user is
        gone.
        """
        linked = update(users).where(users.c.id == user_id).values(telegram_id=telegram_id)
        try:
            async with self._database.write() as session:
                if not (await session.execute(linked)).rowcount:
                    return True
                await audit.record(session, actor, "update", "user", user_id, {"telegram": CHANGED})
                return user_of((await session.execute(USERS.where(users.c.id == user_id))).one())
        except IntegrityError as error:
            if violated_constraint(error) == "users_telegram_id_key":
                return False
            raise
