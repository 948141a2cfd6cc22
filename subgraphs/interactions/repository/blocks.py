"""Who is not there for whom: a copy of the blocks that users tells of."""

from __future__ import annotations

from db.postgres import Database
from subgraphs.interactions.repository.protocol import Hidden
from subgraphs.interactions.repository.reads import blocked_with
from subgraphs.interactions.values import PersonId


class PostgresBlockRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_hidden(self, user: PersonId) -> Hidden:
        async with self._database.read() as session:
            rows = await session.fetch(blocked_with(user))
        return tuple(PersonId(row.person) for row in rows) or None
