"""What a domain counts of people, told to the domain that shows it. The tables are `db.migrations.tallies`.

    a write ── trigger ──► author_tallies (post_count, is_told = false)
                               │ Tallies, a batch at a time, with the number as it is then
                               ▼
                           outbox ──► PostsCounted {counts: {person: {posts: 12}}}

A message says how many there are and not how many more, so one that comes twice changes nothing, and many
changes of one person within a moment are one message. A killed teller has told nothing and marked nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Table, select, text, update

from db.postgres import Database, WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import Message
from subgraphs.kit.worker import Task

BATCH = 500
RECOUNTED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tallies:
    """A task: tells who has changed. `columns` maps a column to what it is called in messages."""

    topic: str
    type: str
    table: Table
    columns: Mapping[str, str]
    database: Database
    idle_seconds: float = 1.0

    @property
    def name(self) -> str:
        return self.table.name

    async def step(self) -> bool:
        """Tell of one batch; whether there was any. Raises StoreUnavailable."""
        table = self.table
        waiting = select(table.c.person_id).where(~table.c.is_told).order_by(table.c.person_id)
        some = waiting.limit(BATCH).with_for_update(skip_locked=True)
        told = update(table).where(table.c.person_id.in_(some)).values(is_told=True).returning(table)
        async with self.database.write() as session:
            rows = (await session.execute(told)).all()
            counts = {
                str(row.person_id): {name: row._mapping[column] for column, name in self.columns.items()}
                for row in rows
            }
            if counts:
                await outbox.add(session, Message(self.topic, self.name, self.type, {"counts": counts}))
        return bool(rows)

    def tasks(self) -> list[Task]:
        """The telling, and once a day a count of everything, after which everybody is told of again."""
        return [self, Periodic(f"recount {self.name}", RECOUNTED, self.recount, self.database)]

    async def recount(self, session: WriteSession) -> None:
        await session.execute(text(f"SELECT recount_{self.name}()"))
