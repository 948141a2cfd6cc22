"""Accounts and organizations that are gone, and what a domain does about what is left of them.

    Departures("posts", {"UserDeleted": forget_author}, stores.postgres, stores.redis).tasks()

A domain hears of it by message, forgets, and remembers for a day who it was: a write that was under way, or
comes by a token that is good for some seconds more, may add something after that. The sweep forgets it then.
What forgets is given an id and bears being done again. The table is `db.migrations.messaging.DEPARTED`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Column, DateTime, MetaData, String, Table, Uuid, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db.postgres import Database, WriteSession
from db.redis import RedisStore
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import Consumer, Message, listening
from subgraphs.kit.worker import Task

TOPICS = {"UserDeleted": "users.account", "OrganizationDeleted": "users.organization"}
REMEMBERED = timedelta(days=1)
SWEPT = timedelta(minutes=10)

departed = Table(
    "departed",
    MetaData(),
    Column("type", String, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("departed_at", DateTime(timezone=True)),
)
Forget = Callable[[WriteSession, UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Departures:
    """`forget` maps a message's type to what is done about who it tells of."""

    domain: str
    forget: Mapping[str, Forget]
    database: Database
    redis: RedisStore

    def consumer(self) -> Consumer:
        topics = [TOPICS[kind] for kind in self.forget]
        return Consumer(f"{self.domain}.departures", topics, self.hear, self.database, self.redis)

    def tasks(self) -> list[Task]:
        sweep = Periodic("departed", SWEPT, self.sweep, self.database)
        return [*listening(self.database, self.consumer()), sweep]

    async def hear(self, session: WriteSession, message: Message) -> None:
        forget = self.forget.get(message.type)
        if forget is None:
            return
        gone = UUID(message.key)
        noted = insert(departed).values(type=message.type, id=gone).on_conflict_do_nothing()
        await session.execute(noted)
        await forget(session, gone)

    async def sweep(self, session: WriteSession) -> None:
        """What came after they were gone."""
        old = departed.c.departed_at < func.now() - REMEMBERED
        for row in (await session.execute(select(departed).order_by(departed.c.id))).all():
            if row.type in self.forget:
                await self.forget[row.type](session, row.id)
        await session.execute(delete(departed).where(old))
