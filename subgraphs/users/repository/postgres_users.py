"""Users in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, func, select, true, update

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database
from db.statements import Ready, per_shape
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.users.models import follow_requests, follows, user_privacy, user_stats, users
from subgraphs.users.repository.seen import (
    USERS,
    WITH_PRIVACY,
    not_there_for,
    person_of,
    seen_columns,
    there_for,
    user_of,
)
from subgraphs.users.values import Follow, ProfileChange, Reader, User, UserFilter, UserId, UserOrder

USERNAME = func.lower(users.c.username, type_=String())
ORDER_COLUMNS: Mapping[UserOrder, ColumnElement[Any]] = {
    UserOrder.NEWEST: users.c.created_at,
    UserOrder.OLDEST: users.c.created_at,
    UserOrder.USERNAME: USERNAME,
}


class PostgresUserRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_ids(self, ids: Sequence[UserId], reader: Reader) -> Mapping[UserId, User]:
        return {user.id: user for user in await self._find(_by(users.c.id, ids, reader), reader)}

    async def find_by_usernames(self, names: Sequence[str], reader: Reader) -> Mapping[str, User]:
        wanted = [name.lower() for name in names]
        found = await self._find(_by(USERNAME, wanted, reader), reader)
        return {user.username.lower(): user for user in found}

    async def find_by_telegram_ids(self, ids: Sequence[int], reader: Reader) -> Mapping[int, User]:
        found = await self._find(_by(users.c.telegram_id, ids, reader), reader)
        return {user.telegram_id: user for user in found if user.telegram_id is not None}

    async def list_users(
        self, order: UserOrder, wanted: UserFilter, reader: Reader, request: PageRequest
    ) -> Page[User]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(order, wanted, reader, request))
        return Page.cut([person_of(row, reader) for row in rows], request)

    async def count_users(self, wanted: UserFilter, reader: Reader) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(wanted, reader)))

    async def update(self, user_id: UserId, change: ProfileChange, actor: Actor) -> User | None:
        async with self._database.write() as session:
            if change.columns:
                mine = update(users).where(users.c.id == user_id).values(change.columns)
                if not (await session.execute(mine)).rowcount:
                    return None
                told = dict.fromkeys(change.columns, "(changed)")
                await audit.record(session, actor, "update", "user", user_id, told)
            row = (await session.execute(USERS.where(users.c.id == user_id))).first()
            return None if row is None else user_of(row)

    async def list_followers(
        self, user_ids: Sequence[UserId], reader: Reader, request: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self._follows(user_ids, reader, request, follows.c.followed_id, follows.c.follower_id)

    async def list_following(
        self, user_ids: Sequence[UserId], reader: Reader, request: PageRequest
    ) -> Mapping[UserId, Page[Follow]]:
        return await self._follows(user_ids, reader, request, follows.c.follower_id, follows.c.followed_id)

    async def count_followers(self, user_ids: Sequence[UserId], reader: Reader) -> Mapping[UserId, int]:
        counted = _counts(
            user_stats.c.follower_count, follows.c.followed_id, follows.c.follower_id, user_ids, reader
        )
        return await self._count(counted, user_ids)

    async def count_following(self, user_ids: Sequence[UserId], reader: Reader) -> Mapping[UserId, int]:
        counted = _counts(
            user_stats.c.following_count, follows.c.follower_id, follows.c.followed_id, user_ids, reader
        )
        return await self._count(counted, user_ids)

    async def find_followed(self, follower: UserId, user_ids: Sequence[UserId]) -> frozenset[UserId]:
        async with self._database.read() as session:
            return frozenset(row.other for row in await session.fetch(_followed(follower, user_ids)))

    async def find_requested(self, requester: UserId, user_ids: Sequence[UserId]) -> frozenset[UserId]:
        async with self._database.read() as session:
            return frozenset(row.other for row in await session.fetch(_requested(requester, user_ids)))

    async def _count(self, counted: Ready, user_ids: Sequence[UserId]) -> Mapping[UserId, int]:
        """Kept by triggers: a page of people costs a row each, however many follow them."""
        async with self._database.read() as session:
            found = {row.user_id: row.others for row in await session.fetch(counted)}
        return {user_id: found.get(user_id, 0) for user_id in user_ids}

    async def _find(self, wanted: Ready, reader: Reader) -> list[User]:
        async with self._database.read() as session:
            return [person_of(row, reader) for row in await session.fetch(wanted)]

    async def _follows(
        self,
        user_ids: Sequence[UserId],
        reader: Reader,
        request: PageRequest,
        parent: ColumnElement[Any],
        other: ColumnElement[Any],
    ) -> Mapping[UserId, Page[Follow]]:
        async with self._database.read() as session:
            rows = await session.fetch(_follow_pages(user_ids, reader, request, parent, other))
            found = ((row._mapping[PARENT], Follow(person_of(row, reader), row.since)) for row in rows)
            return pages_of(user_ids, found, request)


@per_shape
def _by(column: ColumnElement[Any], wanted: Sequence[object], reader: Reader) -> Select[Any]:
    seen = select(*seen_columns(reader)).select_from(WITH_PRIVACY)
    return seen.where(among(column, wanted), *there_for(users.c.id, reader))


@per_shape
def _listed(order: UserOrder, wanted: UserFilter, reader: Reader, request: PageRequest) -> Select[Any]:
    columns = [ORDER_COLUMNS[order], users.c.id]
    seen = select(*seen_columns(reader)).select_from(WITH_PRIVACY)
    listed, falling = seen.where(*_filtered(wanted, reader)), request.ordering.descending
    return page(listed, columns, request, descending=falling)


@per_shape
def _counted(wanted: UserFilter, reader: Reader) -> Select[Any]:
    return select(func.count()).select_from(users).where(*_filtered(wanted, reader))


@per_shape
def _followed(follower: UserId, user_ids: Sequence[UserId]) -> Select[Any]:
    mine = follows.c.follower_id == follower
    return select(follows.c.followed_id.label("other")).where(mine, among(follows.c.followed_id, user_ids))


@per_shape
def _requested(requester: UserId, user_ids: Sequence[UserId]) -> Select[Any]:
    asked = follow_requests.c
    mine = select(asked.requested_id.label("other")).where(asked.requester_id == requester)
    return mine.where(among(asked.requested_id, user_ids))


@per_shape
def _counts(
    column: ColumnElement[Any],
    parent: ColumnElement[Any],
    other: ColumnElement[Any],
    user_ids: Sequence[UserId],
    reader: Reader,
) -> Select[Any]:
    """Less those who are not there for the reader: a count tells of nobody who is in no list."""
    number = column
    if reader.user_id is not None and not reader.sees_all:
        hidden = select(func.count()).select_from(follows).where(parent == user_stats.c.user_id)
        absent = hidden.where(other.in_(not_there_for(reader))).correlate(user_stats).scalar_subquery()
        number = column - absent
    counted = select(user_stats.c.user_id, number.label("others"))
    return counted.where(among(user_stats.c.user_id, user_ids))


@per_shape
def _follow_pages(
    user_ids: Sequence[UserId],
    reader: Reader,
    request: PageRequest,
    parent: ColumnElement[Any],
    other: ColumnElement[Any],
) -> Select[Any]:
    follow = [follows.c.created_at.label("since"), other.label("other_id")]
    seen = select(*seen_columns(reader), *follow).join_from(follows, users, users.c.id == other)
    listed = seen.join(user_privacy, user_privacy.c.user_id == users.c.id).where(*there_for(other, reader))
    order, names = [follows.c.created_at, other], ["since", "other_id"]
    return pages_of_parents(listed, parent, user_ids, order, request, descending=True, order=names)


def _filtered(wanted: UserFilter, reader: Reader) -> Iterator[ColumnElement[bool]]:
    yield true() if reader.sees_all else users.c.is_listed
    yield from there_for(users.c.id, reader)
    if wanted.joined_after is not None:
        yield users.c.created_at > wanted.joined_after
    if wanted.joined_before is not None:
        yield users.c.created_at < wanted.joined_before
