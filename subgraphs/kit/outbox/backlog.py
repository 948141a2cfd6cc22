"""What waits in a domain's outbox, and what could not be handled: for operators."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from db.postgres import Database

HAS_MESSAGES = text("SELECT to_regclass('outbox') IS NOT NULL")
STATE = text("""
    SELECT count(*) AS waiting,
      coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0) AS oldest,
      (SELECT count(*) FROM dead_letters) AS dead
    FROM outbox WHERE published_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class Backlog:
    waiting: int
    oldest_seconds: float
    dead: int


async def backlog(database: Database) -> Backlog | None:
    """None for a domain without messages. Raises StoreUnavailable. O(what waits)."""
    async with database.read() as session:
        if not (await session.execute(HAS_MESSAGES)).scalar():
            return None
        found = (await session.execute(STATE)).one()
    return Backlog(int(found.waiting), max(0.0, float(found.oldest)), int(found.dead))
