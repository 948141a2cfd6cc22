"""The queue, as workers see it. docs/domains/processing.md draws a job's states; it changes hands within one:
PROCESSING that was silent for LEASE is taken by another worker, with a higher attempt.

`take` skips what is locked, so of workers that look at once each gets another job. Every write of a worker
names its attempt: one that was given up, and wakes, changes nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from db.postgres import Database, WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.outbox import Message
from subgraphs.processing.models import processing_jobs, tracks
from subgraphs.processing.values import JobId, Lease, Source, Status, TrackId

JOBS = processing_jobs.c
TOPIC = "processing.job"
LEASE = timedelta(seconds=60)
ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)
GIVEN_UP = "It could not be processed, and not for what is in the file: try again later."


class PostgresQueueRepository:
    def __init__(self, database: Database, lease: timedelta = LEASE) -> None:
        self._database = database
        self._lease = lease

    async def take(self, worker: str) -> Lease | None:
        waits = and_(JOBS.status == Status.PENDING.value, JOBS.due_at <= func.now())
        lost = JOBS.leased_until > func.now() + 2 * self._lease  # taken before the clock went back
        silent = and_(JOBS.status == Status.PROCESSING.value, or_(JOBS.leased_until < func.now(), lost))
        due = select(JOBS.id).where(or_(waits, silent)).order_by(JOBS.due_at, JOBS.id).limit(1)
        one = due.with_for_update(skip_locked=True).scalar_subquery()
        taken = {
            "status": Status.PROCESSING.value,
            "worker_pod": worker[:100],
            "attempts": JOBS.attempts + 1,
            "leased_until": func.now() + self._lease,
            "progress": 0,
        }
        leased = update(processing_jobs).where(JOBS.id == one, JOBS.track_id == tracks.c.id).values(taken)
        columns = (JOBS.id, JOBS.attempts, JOBS.track_id, JOBS.source_bucket, JOBS.source_key)
        async with self._database.write() as session:
            row = (await session.execute(leased.returning(*columns, tracks.c.file_key))).first()
            if row is None:
                return None
            source = Source(row.source_bucket, row.source_key)
            lease = Lease(JobId(row.id), row.attempts, TrackId(row.track_id), row.file_key, source)
            if row.attempts > ATTEMPTS:
                await self._end(session, lease, GIVEN_UP, f"silent at each of {ATTEMPTS} attempts")
                return None
        return lease

    async def keep(self, lease: Lease, progress: int) -> bool:
        goes_on = {"leased_until": func.now() + self._lease, "progress": max(0, min(progress, 99))}
        async with self._database.write() as session:
            return await _change(session, lease, goes_on)

    async def complete(self, lease: Lease, duration_sec: int) -> bool:
        done = {"status": Status.COMPLETED.value, "progress": 100, "leased_until": None, "error_log": None}
        async with self._database.write() as session:
            if not await _change(session, lease, {**done, "duration_sec": duration_sec}):
                return False
            told = {"track_id": str(lease.track_id), "duration_sec": duration_sec}
            await outbox.add(session, _message(lease, "ProcessingCompleted", told))
        return True

    async def fail(self, lease: Lease, reason: str, log: str) -> None:
        async with self._database.write() as session:
            await self._end(session, lease, reason, log)

    async def give_back(self, lease: Lease, log: str, *, is_ours: bool) -> None:
        if lease.attempt >= ATTEMPTS and not is_ours:
            await self.fail(lease, GIVEN_UP, log)
            return
        pause = min(FIRST_PAUSE * 2 ** (lease.attempt - 1), LONGEST_PAUSE)
        again = {
            "status": Status.PENDING.value,
            "due_at": func.now() + pause,
            "leased_until": None,
            "error_log": log,
            "attempts": JOBS.attempts - (1 if is_ours else 0),
        }
        async with self._database.write() as session:
            await _change(session, lease, again)

    async def _end(self, session: WriteSession, lease: Lease, reason: str, log: str) -> None:
        failed = {"status": Status.FAILED.value, "reason": reason[:300], "error_log": log}
        if await _change(session, lease, {**failed, "leased_until": None}):
            told = {"track_id": str(lease.track_id), "reason": reason}
            await outbox.add(session, _message(lease, "ProcessingFailed", told))


async def _change(session: WriteSession, lease: Lease, values: dict[str, Any]) -> bool:
    changed = update(processing_jobs).where(*_held(lease)).values(values)
    return (await session.execute(changed)).rowcount > 0


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return (
        JOBS.id == lease.job_id,
        JOBS.attempts == lease.attempt,
        JOBS.status == Status.PROCESSING.value,
    )


def _message(lease: Lease, kind: str, told: dict[str, Any]) -> Message:
    return Message(TOPIC, str(lease.track_id), kind, {**told, "job_id": str(lease.job_id)})
