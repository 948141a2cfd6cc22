"""Users in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, WriteSession, violated_constraint
from db.statements import Ready, per_shape
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.users.models import follows, roles, user_roles, user_stats, users
from subgraphs.users.values import Follow, ProfileChange, User, UserFilter, UserId, UserOrder

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
USERNAME = func.lower(users.c.username, type_=String())
ORDER_COLUMNS: Mapping[UserOrder, ColumnElement[Any]] = {
    UserOrder.NEWEST: users.c.created_at,
    UserOrder.OLDEST: users.c.created_at,
    UserOrder.USERNAME: USERNAME,
}


class PostgresUserRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_ids(self, ids: Sequence[UserId]) -> Mapping[UserId, User]:
        return {user.id: user for user in await self._find(_by(users.c.id, ids))}

    async def find_by_usernames(self, names: Sequence[str]) -> Mapping[str, User]:
        wanted = [name.lower() for name in names]
        found = await self._find(_by(USERNAME, wanted))
        return {user.username.lower(): user for user in found}

    async def find_by_telegram_ids(self, ids: Sequence[int]) -> Mapping[int, User]:
        found = await self._find(_by(users.c.telegram_id, ids))
        return {user.telegram_id: user for user in found if user.telegram_id is not None}

    async def list_users(self, order: UserOrder, wanted: UserFilter, request: PageRequest) -> Page[User]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(order, wanted, request))
        return Page.cut([user_of(row) for row in rows], request)

    async def count_users(self, wanted: UserFilter) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(wanted)))

    async def update(self, user_id: UserId, change: ProfileChange, actor: Actor) -> User | None:
        async with self._database.write() as session:
            if change.columns:
                mine = update(users).where(users.c.id == user_id).values(change.columns)
                if not (await session.execute(mine)).rowcount:
                    return None
                told = dict.fromkeys(change.columns, "(changed)")
                await audit.record(session, actor, "update", "user", user_id, told)
            return await _one(session, user_id)

    async def follow(self, follower: UserId, followed: UserId, actor: Actor) -> User | None:
        pair = {"follower_id": follower, "followed_id": followed}
        try:
            async with self._database.write() as session:
                new = await session.execute(upsert(follows).values(pair).on_conflict_do_nothing())
                if new.rowcount:
                    await audit.record(session, actor, "follow", "user", followed)
                return await _one(session, followed)
        except IntegrityError as error:
            if str(violated_constraint(error)).endswith("_fkey"):
                return None
            raise

    async def unfollow(self, follower: UserId, followed: UserId, actor: Actor) -> User | None:
        pair = and_(follows.c.follower_id == follower, follows.c.followed_id == followed)
        async with self._database.write() as session:
            gone = await session.execute(delete(follows).where(pair))
            if gone.rowcount:
                await audit.record(session, actor, "unfollow", "user", followed)
            return await _one(session, followed)

    async def list_followers(
        self, user_ids: Sequence[UserId], page_request: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self._follows(user_ids, page_request, follows.c.followed_id, follows.c.follower_id)

    async def list_following(
        self, user_ids: Sequence[UserId], page_request: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self._follows(user_ids, page_request, follows.c.follower_id, follows.c.followed_id)

    async def count_followers(self, user_ids: Sequence[UserId]) -> Mapping[UserId, int]:
        return await self._count(user_stats.c.follower_count, user_ids)

    async def count_following(self, user_ids: Sequence[UserId]) -> Mapping[UserId, int]:
        return await self._count(user_stats.c.following_count, user_ids)

    async def find_followed(self, follower: UserId, user_ids: Sequence[UserId]) -> frozenset[UserId]:
        async with self._database.read() as session:
            return frozenset(row.followed_id for row in await session.fetch(_followed(follower, user_ids)))

    async def _count(self, column: ColumnElement[Any], user_ids: Sequence[UserId]) -> Mapping[UserId, int]:
        """Kept by triggers: a page of people costs a row each, however many follow them."""
        async with self._database.read() as session:
            found = {row.user_id: row.others for row in await session.fetch(_counts(column, user_ids))}
        return {user_id: found.get(user_id, 0) for user_id in user_ids}

    async def _find(self, wanted: Ready) -> list[User]:
        async with self._database.read() as session:
            return [user_of(row) for row in await session.fetch(wanted)]

    async def _follows(
        self,
        user_ids: Sequence[UserId],
        page_request: PageRequest,
        parent: ColumnElement[Any],
        other: ColumnElement[Any],
    ) -> Mapping[UserId, Page[Follow]]:
        async with self._database.read() as session:
            rows = await session.fetch(_follow_pages(user_ids, page_request, parent, other))
            found = ((row._mapping[PARENT], Follow(user_of(row), row.since)) for row in rows)
            return pages_of(user_ids, found, page_request)


@per_shape
def _by(column: ColumnElement[Any], wanted: Sequence[object]) -> Select[Any]:
    return USERS.where(among(column, wanted))


@per_shape
def _listed(order: UserOrder, wanted: UserFilter, request: PageRequest) -> Select[Any]:
    columns = [ORDER_COLUMNS[order], users.c.id]
    listed, falling = USERS.where(*_filtered(wanted)), request.ordering.descending
    return page(listed, columns, request, descending=falling)


@per_shape
def _counted(wanted: UserFilter) -> Select[Any]:
    return select(func.count()).select_from(users).where(*_filtered(wanted))


@per_shape
def _followed(follower: UserId, user_ids: Sequence[UserId]) -> Select[Any]:
    mine = follows.c.follower_id == follower
    return select(follows.c.followed_id).where(mine, among(follows.c.followed_id, user_ids))


@per_shape
def _counts(column: ColumnElement[Any], user_ids: Sequence[UserId]) -> Select[Any]:
    counted = select(user_stats.c.user_id, column.label("others"))
    return counted.where(among(user_stats.c.user_id, user_ids))


@per_shape
def _follow_pages(
    user_ids: Sequence[UserId], request: PageRequest, parent: ColumnElement[Any], other: ColumnElement[Any]
) -> Select[Any]:
    follow = [follows.c.created_at.label("since"), other.label("other_id")]
    listed = select(*COLUMNS, ROLE_NAMES, *follow).join_from(follows, users, users.c.id == other)
    order, names = [follows.c.created_at, other], ["since", "other_id"]
    return pages_of_parents(listed, parent, user_ids, order, request, descending=True, order=names)


async def _one(session: WriteSession, user_id: UserId) -> User | None:
    """Read where it was written: in the same transaction."""
    row = (await session.execute(USERS.where(users.c.id == user_id))).first()
    return None if row is None else user_of(row)


def _filtered(wanted: UserFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.joined_after is not None:
        yield users.c.created_at > wanted.joined_after
    if wanted.joined_before is not None:
        yield users.c.created_at < wanted.joined_before


def user_of(row: Row[Any]) -> User:
    """Somebody whose address is only claimed sees the claim, not the placeholder."""
    values = {column.name: row._mapping[column.name] for column in COLUMNS if column.name != "email_claim"}
    values["email"] = row.email_claim or row.email
    return User(**values, roles=frozenset(row.roles))
