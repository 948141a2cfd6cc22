"""Views, on their way in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.postgres import Database
from db.statements import per_shape
from subgraphs.analytics.models import known_events, visitor_keys
from subgraphs.analytics.repository.ingest import ingest
from subgraphs.analytics.values import EventId, Fact
from subgraphs.kit.acting import OFFICE, reading

KEY_BYTES = 32


class PostgresViewRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def visitor_key(self, day: date) -> bytes:
        """The first who asks makes it."""
        made = insert(visitor_keys).values(day=day, key=secrets.token_bytes(KEY_BYTES))
        async with self._database.write() as session:
            await session.execute(made.on_conflict_do_nothing())
            found = await session.execute(select(visitor_keys.c.key).where(visitor_keys.c.day == day))
            return bytes(found.scalar_one())

    async def find_public(self, events: Sequence[EventId]) -> frozenset[EventId]:
        async with reading(self._database, OFFICE) as session:
            return frozenset(EventId(row.id) for row in await session.fetch(_public(events)))

    async def record(self, facts: Sequence[Fact]) -> int:
        async with self._database.write() as session:
            return await ingest(session, facts)


@per_shape
def _public(events: Sequence[EventId]) -> Select[Any]:
    return select(known_events.c.id).where(among(known_events.c.id, events), known_events.c.is_public)
