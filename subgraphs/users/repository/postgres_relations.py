"""Who follows whom, who asked to, and who blocks whom, in PostgreSQL.

Whatever changes what is between two people takes their pair's lock first, and both of their privacies for
reading: of two who act at once the second sees what the first has left, and an account that turns public or
private at that moment does so before or after. The order of locks is: pair, accounts, privacies, rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Insert, Select, Table, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningDelete

from db.arrays import among
from db.pages import page
from db.postgres import Database, WriteSession
from db.statements import Ready, per_shape
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.users.models import blocks, follow_requests, follows, user_privacy, users
from subgraphs.users.repository.seen import (
    ONE,
    WITH_PRIVACY,
    name_of,
    person_of,
    seen_columns,
    there_for,
)
from subgraphs.users.values import Block, FollowRequest, Reader, User, UserId

TOPIC = "users.relation"
LOCK_SPACE = 0x70616972
TOLD_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people whose relations one of them changes: `mine` acts, `theirs` is the other."""

    mine: UserId
    theirs: UserId
    theirs_is_private: bool

    def message(self, kind: str, **facts: UserId) -> Message:
        """Messages about two people arrive in the order of what they tell."""
        return Message(
            TOPIC, _key(self.mine, self.theirs), kind, {name: str(id) for name, id in facts.items()}
        )


class PostgresRelationRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(self, follower: UserId, followed: UserId, actor: Actor) -> User | None:
        async with self._database.write() as session:
            pair = await _locked(session, follower, followed)
            if pair is None or await _is_blocked(session, pair):
                return None
            if pair.theirs_is_private and not await _exists(session, follows, follower, followed):
                await _ask(session, pair, actor)
            elif not pair.theirs_is_private:
                await _follow(session, pair, actor)
            return await _seen(session, followed, follower)

    async def unfollow(self, follower: UserId, followed: UserId, actor: Actor) -> User | None:
        """A request that waits is taken back, too."""
        async with self._database.write() as session:
            pair = await _locked(session, follower, followed)
            if pair is None:
                return None
            await _withdraw(session, pair, actor)
            await _part(session, pair, follower, followed, "unfollow", actor)
            return await _seen(session, followed, follower)

    async def remove_follower(self, user_id: UserId, follower: UserId, actor: Actor) -> User | None:
        async with self._database.write() as session:
            pair = await _locked(session, user_id, follower)
            if pair is None:
                return None
            await _part(session, pair, follower, user_id, "remove follower", actor)
            return await _seen(session, follower, user_id)

    async def withdraw(self, requester: UserId, requested: UserId, actor: Actor) -> User | None:
        async with self._database.write() as session:
            pair = await _locked(session, requester, requested)
            if pair is None:
                return None
            await _withdraw(session, pair, actor)
            return await _seen(session, requested, requester)

    async def accept(self, requested: UserId, requester: UserId, actor: Actor) -> User | None:
        async with self._database.write() as session:
            pair = await _locked(session, requested, requester)
            if pair is None:
                return None
            if not await _gone(session, follow_requests, requester, requested):
                follows_now = await _exists(session, follows, requester, requested)
                return await _seen(session, requester, requested) if follows_now else None
            await _add(session, follows, requester, requested)
            await audit.record(session, actor, "accept follower", "user", requester)
            await outbox.add(session, _accepted([requester], requested))
            return await _seen(session, requester, requested)

    async def decline(self, requested: UserId, requester: UserId, actor: Actor) -> User | None:
        async with self._database.write() as session:
            pair = await _locked(session, requested, requester)
            if pair is None or not await _gone(session, follow_requests, requester, requested):
                return None
            await audit.record(session, actor, "decline follower", "user", requester)
            return await _seen(session, requester, requested)

    async def block(self, blocker: UserId, blocked: UserId, actor: Actor) -> User | None:
        async with self._database.write() as session:
            pair = await _locked(session, blocker, blocked)
            if pair is None or await _exists(session, blocks, blocked, blocker):
                return None
            if await _add(session, blocks, blocker, blocked):
                for table, ends in (
                    (follow_requests, _both(follow_requests, pair)),
                    (follows, _both(follows, pair)),
                ):
                    await session.execute(delete(table).where(ends))
                await audit.record(session, actor, "block", "user", blocked)
                await outbox.add(session, pair.message("UserBlocked", blocker_id=blocker, blocked_id=blocked))
            return name_of(await _row(session, blocked, Reader(blocker, sees_all=True)))

    async def unblock(self, blocker: UserId, blocked: UserId, actor: Actor) -> User | None:
        async with self._database.write() as session:
            pair = await _locked(session, blocker, blocked)
            if pair is None:
                return None
            if await _gone(session, blocks, blocker, blocked):
                await audit.record(session, actor, "unblock", "user", blocked)
                told = pair.message("UserUnblocked", blocker_id=blocker, blocked_id=blocked)
                await outbox.add(session, told)
            return await _seen(session, blocked, blocker)

    async def list_received(self, reader: Reader, request: PageRequest) -> Page[FollowRequest]:
        """Requests that wait for the reader's answer."""
        return await self._requests(
            _requests(reader, request, follow_requests.c.requester_id), reader, request
        )

    async def list_sent(self, reader: Reader, request: PageRequest) -> Page[FollowRequest]:
        return await self._requests(
            _requests(reader, request, follow_requests.c.requested_id), reader, request
        )

    async def list_blocks(self, reader: Reader, request: PageRequest) -> Page[Block]:
        async with self._database.read() as session:
            rows = await session.fetch(_blocks(reader, request))
        return Page.cut([Block(name_of(row), row.since) for row in rows], request)

    async def count_received(self, user_id: UserId) -> int:
        return await self._count(follow_requests.c.requested_id, user_id)

    async def count_sent(self, user_id: UserId) -> int:
        return await self._count(follow_requests.c.requester_id, user_id)

    async def count_blocks(self, user_id: UserId) -> int:
        return await self._count(blocks.c.blocker_id, user_id)

    async def _requests(self, wanted: Ready, reader: Reader, request: PageRequest) -> Page[FollowRequest]:
        async with self._database.read() as session:
            rows = await session.fetch(wanted)
        return Page.cut([FollowRequest(person_of(row, reader), row.since) for row in rows], request)

    async def _count(self, column: ColumnElement[Any], user_id: UserId) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(column, user_id)))


async def accept_waiting(session: WriteSession, user_id: UserId) -> list[Message]:
    """Everybody who asked to follow an account that is public from now on does; what there is to tell of it.
    The caller holds the account's privacy, so that nobody asks meanwhile. One statement: the counts of all
    of them are locked in one order.
    """
    asked = follow_requests.c
    waiting = delete(follow_requests).where(asked.requested_id == user_id)
    gone = waiting.returning(asked.requester_id, asked.requested_id).cte("gone")
    new = upsert(follows).from_select(["follower_id", "followed_id"], select(*gone.c))
    added = new.on_conflict_do_nothing().returning(follows.c.follower_id)
    let_in = (await session.execute(added)).scalars().all()
    return [_accepted(let_in[at : at + TOLD_AT_ONCE], user_id) for at in range(0, len(let_in), TOLD_AT_ONCE)]


async def _locked(session: WriteSession, mine: UserId, theirs: UserId) -> Pair | None:
    """Nothing else changes between the two until the transaction ends. None when one of them is gone."""
    both = sorted((mine, theirs))
    await session.fetch(_pair_lock(_key(mine, theirs)))
    await session.fetch(_accounts(both))
    private = {row.user_id: row.is_private for row in await session.fetch(_privacies(both))}
    return Pair(mine, theirs, private[theirs]) if len(private) == len(both) else None


async def _follow(session: WriteSession, pair: Pair, actor: Actor) -> None:
    if await _add(session, follows, pair.mine, pair.theirs):
        await audit.record(session, actor, "follow", "user", pair.theirs)
        told = pair.message("UserFollowed", follower_id=pair.mine, followed_id=pair.theirs)
        await outbox.add(session, told)


async def _ask(session: WriteSession, pair: Pair, actor: Actor) -> None:
    if await _add(session, follow_requests, pair.mine, pair.theirs):
        await audit.record(session, actor, "ask to follow", "user", pair.theirs)
        told = pair.message("FollowRequested", requester_id=pair.mine, requested_id=pair.theirs)
        await outbox.add(session, told)


async def _withdraw(session: WriteSession, pair: Pair, actor: Actor) -> None:
    if await _gone(session, follow_requests, pair.mine, pair.theirs):
        await audit.record(session, actor, "withdraw request", "user", pair.theirs)
        told = pair.message("FollowRequestWithdrawn", requester_id=pair.mine, requested_id=pair.theirs)
        await outbox.add(session, told)


async def _part(
    session: WriteSession, pair: Pair, follower: UserId, followed: UserId, action: str, actor: Actor
) -> None:
    if await _gone(session, follows, follower, followed):
        await audit.record(session, actor, action, "user", pair.theirs)
        told = pair.message("UserUnfollowed", follower_id=follower, followed_id=followed)
        await outbox.add(session, told)


async def _seen(session: WriteSession, user_id: UserId, by: UserId) -> User | None:
    """Read where it was written: in the same transaction."""
    reader = Reader(by)
    row = await _row(session, user_id, reader)
    return None if row is None else person_of(row, reader)


async def _row(session: WriteSession, user_id: UserId, reader: Reader) -> Any:
    rows = await session.fetch(_person(user_id, reader))
    return rows[0] if rows else None


async def _add(session: WriteSession, table: Table, one: UserId, other: UserId) -> bool:
    """Whether the pair is new."""
    return bool(await session.fetch(_added(table, one, other)))


async def _gone(session: WriteSession, table: Table, one: UserId, other: UserId) -> bool:
    """Whether the pair was there."""
    return bool(await session.fetch(_removed(table, one, other)))


async def _exists(session: WriteSession, table: Table, one: UserId, other: UserId) -> bool:
    return bool(await session.fetch(_found(table, one, other)))


async def _is_blocked(session: WriteSession, pair: Pair) -> bool:
    """In either direction."""
    return bool(await session.fetch(_blocks_between(pair.mine, pair.theirs)))


def _accepted(requesters: Sequence[UserId], requested: UserId) -> Message:
    """By the account that lets them in: one that turns public tells of thousands, in few messages. What two
    of them do next, they do after this is committed: it is told later.
    """
    facts = {"followed_id": str(requested), "follower_ids": [str(each) for each in requesters]}
    return Message(TOPIC, str(requested), "FollowAccepted", facts)


def _key(one: UserId, other: UserId) -> str:
    return ":".join(map(str, sorted((one, other))))


def _is(table: Table, one: UserId, other: UserId) -> ColumnElement[bool]:
    """In a table whose key is a pair."""
    first, second = table.primary_key.columns
    return and_(first == one, second == other)


def _both(table: Table, pair: Pair) -> ColumnElement[bool]:
    """From each of the two to the other."""
    return or_(_is(table, pair.mine, pair.theirs), _is(table, pair.theirs, pair.mine))


@per_shape
def _pair_lock(key: str) -> Select[Any]:
    return select(func.pg_advisory_xact_lock(LOCK_SPACE, func.hashtext(key)))


@per_shape
def _accounts(both: Sequence[UserId]) -> Select[Any]:
    there = select(users.c.id).where(among(users.c.id, both)).order_by(users.c.id)
    return there.with_for_update(read=True, key_share=True)


@per_shape
def _privacies(both: Sequence[UserId]) -> Select[Any]:
    known = select(user_privacy.c.user_id, user_privacy.c.is_private)
    of_both = known.where(among(user_privacy.c.user_id, both)).order_by(user_privacy.c.user_id)
    return of_both.with_for_update(read=True)


@per_shape
def _found(table: Table, one: UserId, other: UserId) -> Select[Any]:
    return select(ONE).select_from(table).where(_is(table, one, other))


@per_shape
def _blocks_between(one: UserId, other: UserId) -> Select[Any]:
    return select(ONE).where(or_(_is(blocks, one, other), _is(blocks, other, one))).limit(ONE)


@per_shape
def _added(table: Table, one: UserId, other: UserId) -> Insert:
    first, second = table.primary_key.columns
    pair = {first.name: one, second.name: other}
    return upsert(table).values(pair).on_conflict_do_nothing().returning(ONE)


@per_shape
def _removed(table: Table, one: UserId, other: UserId) -> ReturningDelete[Any]:
    return delete(table).where(_is(table, one, other)).returning(ONE)


@per_shape
def _person(user_id: UserId, reader: Reader) -> Select[Any]:
    seen = select(*seen_columns(reader)).select_from(WITH_PRIVACY).where(users.c.id == user_id)
    return seen.where(*there_for(users.c.id, reader))


@per_shape
def _requests(reader: Reader, request: PageRequest, other: ColumnElement[Any]) -> Select[Any]:
    """Of which the reader is the one end and `other` the other."""
    asked = follow_requests.c
    mine = asked.requested_id if other is asked.requester_id else asked.requester_id
    since = asked.created_at.label("since")
    seen = select(*seen_columns(reader), since).join_from(follow_requests, users, users.c.id == other)
    listed = seen.join(user_privacy, user_privacy.c.user_id == users.c.id).where(mine == reader.user_id)
    return page(listed, [asked.created_at, other], request, descending=True)


@per_shape
def _blocks(reader: Reader, request: PageRequest) -> Select[Any]:
    """Who is blocked is there for nobody but this list, and by name alone."""
    seen = seen_columns(Reader(sees_all=True))
    since = blocks.c.created_at.label("since")
    listed = select(*seen, since).join_from(blocks, users, users.c.id == blocks.c.blocked_id)
    mine = listed.join(user_privacy, user_privacy.c.user_id == users.c.id)
    order = [blocks.c.created_at, blocks.c.blocked_id]
    return page(mine.where(blocks.c.blocker_id == reader.user_id), order, request, descending=True)


@per_shape
def _counted(column: ColumnElement[Any], user_id: UserId) -> Select[Any]:
    return select(func.count()).select_from(column.table).where(column == user_id)
