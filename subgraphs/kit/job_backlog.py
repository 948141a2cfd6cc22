"""What waits in a domain's queues, and what failed for good: for operators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, extract, func, select

from db.postgres import Database
from subgraphs.kit.jobs import jobs


@dataclass(frozen=True, slots=True)
class JobBacklog:
    """Of one queue. Jobs for later wait from when they are due on."""

    waiting: int
    oldest_seconds: float
    dead: int


async def job_backlog(database: Database, queues: Sequence[str]) -> Mapping[str, JobBacklog]:
    """Of each of these queues, empty ones too. Raises StoreUnavailable. O(what is in the table)."""
    waits = and_(~jobs.c.dead, jobs.c.due_at <= func.now())
    age = extract("epoch", func.clock_timestamp() - func.min(jobs.c.due_at).filter(waits))
    counts = select(
        jobs.c.queue,
        func.count().filter(waits).label("waiting"),
        func.coalesce(age, 0).label("oldest"),
        func.count().filter(jobs.c.dead).label("dead"),
    )
    async with database.read() as session:
        rows = (await session.execute(counts.where(jobs.c.queue.in_(queues)).group_by(jobs.c.queue))).all()
    found = {row.queue: JobBacklog(row.waiting, max(0.0, float(row.oldest)), row.dead) for row in rows}
    return {queue: found.get(queue, JobBacklog(0, 0.0, 0)) for queue in queues}
