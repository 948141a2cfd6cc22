"""What the worker does to what was ingested: rolls it up, counts it again, and drops what is old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text, update

from db.postgres import Database, WriteSession
from subgraphs.analytics.models import known_events
from subgraphs.kit.acting import OFFICE, act_as, writing

ROLLED_AT_ONCE = 5_000
MONTHS_KEPT = 25
"""Of raw events, whole ones: a year beside the year before. Rollups stay."""
RECOUNTED = timedelta(days=35)
RECEIPTS_KEPT = timedelta(days=15)
"""Twice as long as a message is told, and longer than a client may tell of a view."""
VISITORS_KEPT_DAYS = 2
EVERYTHING = UUID(int=0)
"""The subject of what all there is comes to."""

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('rollups'))")
ROLL_UP = text(
    f"""
    WITH taken AS (
        DELETE FROM pending_rollups WHERE id IN (SELECT id FROM pending_rollups ORDER BY id LIMIT :most)
        RETURNING *
    ), added AS (
        INSERT INTO rollups AS r (subject_id, quarter, kind, currency, number, amount_minor)
        SELECT s.subject_id, p.quarter, p.kind, p.currency, sum(p.number), sum(p.amount_minor)
        FROM taken p, LATERAL (SELECT '{EVERYTHING}'::uuid AS subject_id
            UNION ALL SELECT p.event_id WHERE p.event_id IS NOT NULL) s
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (subject_id, quarter, kind, currency) DO UPDATE
            SET number = r.number + excluded.number, amount_minor = r.amount_minor + excluded.amount_minor
    )
    SELECT count(*) FROM taken"""  # noqa: S608
)
MAKE_AHEAD = text(
    """SELECT make_analytics_months(ARRAY(
        SELECT now() + n * interval '1 month' FROM generate_series(-1, 3) n))"""
)
OLD_RECEIPTS = text("DELETE FROM receipts WHERE received_at < now() - CAST(:kept AS interval)")
OLD_VISITORS = [
    text(f"DELETE FROM {table} WHERE day < (now() AT TIME ZONE 'UTC')::date - {VISITORS_KEPT_DAYS}")  # noqa: S608
    for table in ("visitor_days", "visitor_keys")
]


@dataclass(frozen=True, slots=True)
class RollUp:
    """A task: adds what is pending to the rollups, and takes it away, in one transaction. Late facts are
    pending like any others, under the quarter they happened in.
    """

    database: Database
    name: str = "rollups"

    async def step(self) -> bool:
        async with writing(self.database, OFFICE) as session:
            await session.execute(ONE_AT_A_TIME)
            return bool((await session.execute(ROLL_UP, {"most": ROLLED_AT_ONCE})).scalar())


async def recount(session: WriteSession) -> int:
    """How many rollups of the last weeks were not what the raw events come to, and are now. O(raw events of
    that time).
    """
    quarter = func.date_trunc("hour", func.now() - RECOUNTED)
    return int((await session.execute(select(func.recount_rollups(quarter)))).scalar_one())


async def recount_job(session: WriteSession) -> None:
    await recount(session)


async def make_months(session: WriteSession) -> None:
    await session.execute(MAKE_AHEAD)


async def drop_old(session: WriteSession) -> None:
    """Months of raw events, receipts that nothing can come again for, and the keys that told who is who."""
    await session.execute(select(func.drop_analytics_months(MONTHS_KEPT)))
    await session.execute(OLD_RECEIPTS, {"kept": RECEIPTS_KEPT})
    for statement in OLD_VISITORS:
        await session.execute(statement)


async def forget_host(session: WriteSession, user: UUID) -> None:
    """The numbers of what they held stay; whose it was does not."""
    await act_as(session, OFFICE)
    await session.execute(update(known_events).where(known_events.c.host_id == user).values(host_id=None))
