"""Users in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, ReadSession, violated_constraint
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.users.errors import EmailTaken, UsernameTaken
from subgraphs.users.models import follows, roles, user_roles, users
from subgraphs.users.values import ROLE_USER, Credentials, Follow, NewUser, ProfileChange, User, UserId

ROLE_NAMES = (
    select(func.coalesce(func.array_agg(roles.c.name), literal([], ARRAY(String))))
    .select_from(roles.join(user_roles, roles.c.id == user_roles.c.role_id))
    .where(user_roles.c.user_id == users.c.id)
    .correlate(users)
    .scalar_subquery()
    .label("roles")
)
COLUMNS = [column for column in users.c if column.name != "password_hash"]
USERS = select(*COLUMNS, ROLE_NAMES)


class PostgresUserRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user: NewUser) -> User:
        values = {name: getattr(user, name) for name in NewUser.__dataclass_fields__}
        try:
            async with self._database.write() as session:
                await session.execute(insert(users).values(values))
                role = select(literal(user.id), roles.c.id).where(roles.c.name == ROLE_USER)
                await session.execute(insert(user_roles).from_select(["user_id", "role_id"], role))
                return _user((await session.execute(USERS.where(users.c.id == user.id))).one())
        except IntegrityError as error:
            if violated_constraint(error) == "users_username_key":
                raise UsernameTaken(user.username) from error
            if violated_constraint(error) == "users_email_key":
                raise EmailTaken from error
            raise

    async def find_by_ids(self, ids: Sequence[UserId]) -> Mapping[UserId, User]:
        return {user.id: user for user in await self._find(users.c.id.in_(ids))}

    async def find_by_usernames(self, names: Sequence[str]) -> Mapping[str, User]:
        wanted = [name.lower() for name in names]
        return {
            user.username.lower(): user for user in await self._find(func.lower(users.c.username).in_(wanted))
        }

    async def find_by_telegram_ids(self, ids: Sequence[int]) -> Mapping[int, User]:
        found = await self._find(users.c.telegram_id.in_(ids))
        return {user.telegram_id: user for user in found if user.telegram_id is not None}

    async def find_credentials(self, name_or_email: str) -> Credentials | None:
        wanted = name_or_email.lower()
        named = or_(func.lower(users.c.username) == wanted, func.lower(users.c.email) == wanted)
        async with self._database.read() as session:
            row = (await session.execute(USERS.add_columns(users.c.password_hash).where(named))).first()
        return None if row is None else Credentials(_user(row), row.password_hash)

    async def list_newest(self, page_request: PageRequest) -> Page[User]:
        statement = page(USERS, [users.c.created_at, users.c.id], page_request, descending=True)
        async with self._database.read() as session:
            rows = (await session.execute(statement)).all()
        return Page.cut([_user(row) for row in rows], page_request)

    async def update(self, user_id: UserId, change: ProfileChange) -> User | None:
        async with self._database.write() as session:
            if change.columns:
                await session.execute(update(users).where(users.c.id == user_id).values(change.columns))
            row = (await session.execute(USERS.where(users.c.id == user_id))).first()
        return None if row is None else _user(row)

    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None:
        async with self._database.write() as session:
            await session.execute(
                update(users).where(users.c.id == user_id).values(password_hash=password_hash)
            )

    async def follow(self, follower: UserId, followed: UserId) -> bool:
        pair = {"follower_id": follower, "followed_id": followed}
        try:
            async with self._database.write() as session:
                await session.execute(upsert(follows).values(pair).on_conflict_do_nothing())
        except IntegrityError as error:
            if str(violated_constraint(error)).endswith("_fkey"):
                return False
            raise
        return True

    async def unfollow(self, follower: UserId, followed: UserId) -> None:
        pair = and_(follows.c.follower_id == follower, follows.c.followed_id == followed)
        async with self._database.write() as session:
            await session.execute(delete(follows).where(pair))

    async def list_followers(
        self, user_ids: Sequence[UserId], page_request: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self._follows(user_ids, page_request, follows.c.followed_id, follows.c.follower_id)

    async def list_following(
        self, user_ids: Sequence[UserId], page_request: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self._follows(user_ids, page_request, follows.c.follower_id, follows.c.followed_id)

    async def count_followers(self, user_ids: Sequence[UserId]) -> Mapping[UserId, int]:
        statement = (
            select(follows.c.followed_id, func.count().label("followers"))
            .where(follows.c.followed_id.in_(user_ids))
            .group_by(follows.c.followed_id)
        )
        async with self._database.read() as session:
            found = {row.followed_id: int(row.followers) for row in await session.execute(statement)}
        return {user_id: found.get(user_id, 0) for user_id in user_ids}

    async def find_followed(self, follower: UserId, user_ids: Sequence[UserId]) -> frozenset[UserId]:
        statement = select(follows.c.followed_id).where(
            follows.c.follower_id == follower, follows.c.followed_id.in_(user_ids)
        )
        async with self._database.read() as session:
            return frozenset((await session.execute(statement)).scalars())

    async def _find(self, condition: ColumnElement[bool]) -> list[User]:
        async with self._database.read() as session:
            return await _all(session, USERS.where(condition))

    async def _follows(
        self,
        user_ids: Sequence[UserId],
        page_request: PageRequest,
        parent: ColumnElement[Any],
        other: ColumnElement[Any],
    ) -> Mapping[UserId, Page[Follow]]:
        statement = select(
            *COLUMNS, ROLE_NAMES, follows.c.created_at.label("since"), other.label("other_id")
        ).join_from(follows, users, users.c.id == other)
        pages = pages_of_parents(
            statement,
            parent,
            user_ids,
            [follows.c.created_at, other],
            page_request,
            descending=True,
            order=["since", "other_id"],
        )
        async with self._database.read() as session:
            rows = await session.execute(pages)
            found = ((row._mapping[PARENT], Follow(_user(row), row.since)) for row in rows)
            return pages_of(user_ids, found, page_request)


async def _all(session: ReadSession, statement: Select[Any]) -> list[User]:
    return [_user(row) for row in await session.execute(statement)]


def _user(row: Row[Any]) -> User:
    values = {column.name: row._mapping[column.name] for column in COLUMNS}
    return User(**values, roles=frozenset(row.roles))
