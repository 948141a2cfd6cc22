"""`user_stats`: what this domain counts by triggers, and what others tell of people by messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Select, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from db.arrays import among
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.kit.outbox import Message
from subgraphs.users.models import user_stats
from subgraphs.users.values import Stats, UserId

TOPICS = ("posts.tallies", "events.tallies")
TOLD: Mapping[str, Mapping[str, Column[Any]]] = {
    "PostsCounted": {"posts": user_stats.c.post_count},
    "EventsCounted": {
        "hosted": user_stats.c.hosted_event_count,
        "attended": user_stats.c.attended_event_count,
        "invited": user_stats.c.invitations_sent,
        "accepted": user_stats.c.invitations_accepted,
    },
}
"""Type of message → what it calls a number → where that is kept."""


class PostgresStatsRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, ids: Sequence[UserId]) -> Mapping[UserId, Stats]:
        async with self._database.read() as session:
            return {row.user_id: _stats_of(row) for row in await session.fetch(_stats(ids))}


async def hear_counts(session: WriteSession, message: Message) -> None:
    """Sets numbers, so that hearing the same again changes nothing. Of somebody who is gone there are none.
    Rows are locked in the order in which every trigger locks them.
    """
    columns = TOLD.get(message.type)
    if columns is None:
        return
    counts = {UUID(person): numbers for person, numbers in message.payload["counts"].items()}
    people = sorted(counts)
    ours = among(user_stats.c.user_id, people)
    locked = select(user_stats.c.user_id).where(ours).order_by(user_stats.c.user_id).with_for_update()
    await session.execute(locked)
    told = set().union(*counts.values())
    named = {name: column for name, column in columns.items() if name in told}
    lists = {name: [int(counts[who][name]) for who in people] for name in named}
    given = (
        func.unnest(
            _array(user_stats.c.user_id, people), *(_array(named[name], lists[name]) for name in named)
        )
        .table_valued("person", *named)
        .render_derived()
    )
    values = {column.name: given.c[name] for name, column in named.items()}
    if values:
        await session.execute(update(user_stats).where(user_stats.c.user_id == given.c.person).values(values))


async def recount(session: WriteSession) -> None:
    """For a job: follows are counted once more, and what is wrong is set right."""
    await session.execute(text("SELECT recount_user_stats()"))


@per_shape
def _stats(ids: Sequence[UserId]) -> Select[Any]:
    return select(user_stats).where(among(user_stats.c.user_id, ids))


def _stats_of(row: Any) -> Stats:
    return Stats(
        posts=row.post_count,
        hosted_events=row.hosted_event_count,
        attended_events=row.attended_event_count,
        invitations_sent=row.invitations_sent,
        invitations_accepted=row.invitations_accepted,
    )


def _array(column: Column[Any], values: Sequence[Any]) -> Any:
    """As many as there are, the same ones too."""
    return bindparam(None, list(values), ARRAY(column.type), unique=True)
