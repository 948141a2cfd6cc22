"""Polls in PostgreSQL. A vote locks the options of its poll, in one order: votes come one at a time, and of
two by one person the second replaces the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.posts.models import poll_options, poll_votes, polls, posts
from subgraphs.posts.repository.statements import POSTS, post_of, visible_to
from subgraphs.posts.values import (
    AuthorId,
    Closed,
    NewPoll,
    OptionId,
    Poll,
    PollOption,
    Post,
    PostId,
    Reader,
    TakesOne,
    UnknownOption,
)


class PostgresPollRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_polls(self, post_ids: Sequence[PostId]) -> Mapping[PostId, Poll]:
        rows_of: dict[PostId, list[Any]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.fetch(_polls(post_ids)):
                rows_of[row.post_id].append(row)
        return {post_id: _poll(rows) for post_id, rows in rows_of.items()}

    async def find_votes(
        self, user: AuthorId, post_ids: Sequence[PostId]
    ) -> Mapping[PostId, frozenset[OptionId]]:
        chosen: dict[PostId, set[OptionId]] = {post_id: set() for post_id in post_ids}
        async with self._database.read() as session:
            for row in await session.fetch(_votes(user, post_ids)):
                chosen[row.post_id].add(row.option_id)
        return {post_id: frozenset(options) for post_id, options in chosen.items()}

    async def vote(
        self, reader: Reader, user: AuthorId, post_id: PostId, options: Sequence[OptionId]
    ) -> Post | Closed | UnknownOption | TakesOne | None:
        seen = POSTS.where(posts.c.id == post_id, *visible_to(reader)).with_for_update(key_share=True)
        async with self._database.write() as session:
            row, poll = (await session.execute(seen)).first(), await _locked(session, post_id)
            if row is None or poll is None:
                return None
            if poll.is_closed and poll.closes_at is not None:
                return Closed(poll.closes_at)
            known = {option.id for option in poll.options}
            if not known.issuperset(options):
                return UnknownOption()
            if len(options) > 1 and not poll.allows_several:
                return TakesOne()
            await _choose(session, user, known, options)
        return post_of(row)


async def add_poll(session: WriteSession, post_id: PostId, poll: NewPoll) -> None:
    """With the post that asks it."""
    said = {"allows_several": poll.allows_several, "closes_at": poll.closes_at}
    await session.execute(insert(polls).values(post_id=post_id, **said))
    rows = [
        {"id": option.id, "post_id": post_id, "position": position, "label": option.text}
        for position, option in enumerate(poll.options)
    ]
    await session.execute(insert(poll_options), rows)


async def _locked(session: WriteSession, post_id: PostId) -> Poll | None:
    locked = select(poll_options.c.id).where(poll_options.c.post_id == post_id).order_by(poll_options.c.id)
    await session.execute(locked.with_for_update(key_share=True))
    rows = (await session.execute(_of_posts().where(polls.c.post_id == post_id))).all()
    return _poll(rows) if rows else None


async def _choose(
    session: WriteSession, user: AuthorId, known: set[OptionId], options: Sequence[OptionId]
) -> None:
    left = known.difference(options)
    theirs = delete(poll_votes).where(poll_votes.c.user_id == user, among(poll_votes.c.option_id, left))
    await session.execute(theirs)
    if options:
        rows = [{"user_id": user, "option_id": option} for option in options]
        await session.execute(upsert(poll_votes).values(rows).on_conflict_do_nothing())


def _of_posts() -> Select[Any]:
    is_closed = func.coalesce(polls.c.closes_at <= func.clock_timestamp(), False).label("is_closed")
    columns = (polls, is_closed, poll_options.c.id, poll_options.c.label, poll_options.c.vote_count)
    joined = select(*columns).join_from(polls, poll_options)
    return joined.order_by(polls.c.post_id, poll_options.c.position)


@per_shape
def _polls(post_ids: Sequence[PostId]) -> Select[Any]:
    return _of_posts().where(among(polls.c.post_id, post_ids))


@per_shape
def _votes(user: AuthorId, post_ids: Sequence[PostId]) -> Select[Any]:
    chosen = select(poll_options.c.post_id, poll_votes.c.option_id).join_from(poll_votes, poll_options)
    return chosen.where(poll_votes.c.user_id == user, among(poll_options.c.post_id, post_ids))


def _poll(rows: Sequence[Any]) -> Poll:
    options = tuple(PollOption(row.id, row.label, row.vote_count) for row in rows)
    first = rows[0]
    return Poll(options, first.allows_several, first.closes_at, first.is_closed)
