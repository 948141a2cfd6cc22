"""Work for later, and work for every so often; run by the domain's worker (`subgraphs.kit.worker`).

    await jobs.enqueue(session, "mail", {"user": …}, unique_key=…)     in the write transaction that wants it
    Queue("mail", send_mail, database)                                 a task for the worker
    Periodic("tokens", timedelta(hours=1), delete_expired, database)   another

A job is leased, run in a transaction of its own, and deleted in that transaction: a worker killed in the
middle has done nothing in our store, and another one does it when the lease is over. What a handler does
elsewhere (mail, S3) may happen twice and must be the same done twice. A job that fails waits twice as long
each time; after `ATTEMPTS` it stays as `dead` for a person to look at. The tables are
`db.migrations.messaging.JOBS`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from db.errors import StoreError
from db.postgres import Database, WriteSession
from subgraphs.kit.work_watching import piece

log = logging.getLogger("plait.jobs")
LEASE = timedelta(minutes=5)
ATTEMPTS = 10
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(hours=1)
LOOKED = timedelta(minutes=1)
AHEAD = timedelta(minutes=1)
"""A run noted further in the future than this is from before the clock went back."""
metadata = MetaData()

jobs = Table(
    "jobs",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("queue", String),
    Column("payload", JSONB),
    Column("unique_key", String),
    Column("due_at", DateTime(timezone=True)),
    Column("leased_until", DateTime(timezone=True)),
    Column("failures", Integer),
    Column("last_error", String),
    Column("dead", Boolean),
)
periodic_jobs = Table(
    "periodic_jobs",
    metadata,
    Column("name", String, primary_key=True),
    Column("last_run", DateTime(timezone=True)),
)

JobHandler = Callable[[WriteSession, Mapping[str, Any]], Awaitable[None]]
PeriodicHandler = Callable[[WriteSession], Awaitable[None]]


async def enqueue(
    session: WriteSession,
    queue: str,
    payload: Mapping[str, Any],
    *,
    due_at: datetime | None = None,
    unique_key: str | None = None,
) -> None:
    """With `unique_key`, one that waits already stays the only one. Committed or rolled back with the
    session.
    """
    row: dict[str, Any] = {"queue": queue, "payload": dict(payload), "unique_key": unique_key}
    if due_at is not None:
        row["due_at"] = due_at
    await session.execute(insert(jobs).values(row).on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class Queue:
    """One job at a time, the longest due first. Several workers may run one queue, and do when it is
    `everywhere`: then every process that works for the domain takes jobs of it (kit/worker.py).
    """

    name: str
    handle: JobHandler
    database: Database
    lease: timedelta = LEASE
    everywhere: bool = False

    async def step(self) -> bool:
        """Run one job; whether there was one. A failure is noted and not raised; StoreUnavailable is."""
        taken = await self._take()
        if taken is None:
            return False
        identifier, payload = taken
        try:
            with piece("job", self.name):
                await self._run(identifier, payload)
        except StoreError as error:
            await self._give_back(identifier, error)
            raise
        except Exception as error:  # noqa: BLE001 -- whatever a handler raises is the job's failure
            await self._note_failure(identifier, error)
        return True

    async def _run(self, identifier: int, payload: Mapping[str, Any]) -> None:
        async with self.database.write() as session:
            gone = await session.execute(delete(jobs).where(jobs.c.id == identifier))
            if gone.rowcount:  # else another worker has done it after our lease was over
                await self.handle(session, payload)

    async def _take(self) -> tuple[int, Mapping[str, Any]] | None:
        lost = jobs.c.leased_until > func.now() + 2 * self.lease  # taken before the clock went back
        free = or_(jobs.c.leased_until.is_(None), jobs.c.leased_until < func.now(), lost)
        waiting = select(jobs.c.id).where(jobs.c.queue == self.name, ~jobs.c.dead, free)
        due = waiting.where(jobs.c.due_at <= func.now()).order_by(jobs.c.due_at, jobs.c.id).limit(1)
        one = due.with_for_update(skip_locked=True).scalar_subquery()
        leased = update(jobs).where(jobs.c.id == one).values(leased_until=func.now() + self.lease)
        async with self.database.write() as session:
            row = (await session.execute(leased.returning(jobs.c.id, jobs.c.payload))).first()
        return None if row is None else (row.id, row.payload)

    async def _give_back(self, identifier: int, error: Exception) -> None:
        """A store that is away is not the job's fault: soon again, and not counted."""
        try:
            async with self.database.write() as session:
                soon = func.now() + FIRST_PAUSE
                again = {"leased_until": None, "due_at": soon, "last_error": _reason(error)}
                await session.execute(update(jobs).where(jobs.c.id == identifier).values(again))
        except StoreError:
            return  # it is ours that is away: the lease ends by itself

    async def _note_failure(self, identifier: int, error: Exception) -> None:
        log.error("%s: a job failed: %s", self.name, type(error).__name__)
        pause = func.least(FIRST_PAUSE * func.power(2, jobs.c.failures), LONGEST_PAUSE)
        noted = {
            "failures": jobs.c.failures + 1,
            "dead": jobs.c.failures + 1 >= ATTEMPTS,
            "last_error": _reason(error),
            "leased_until": None,
            "due_at": func.now() + pause,
        }
        async with self.database.write() as session:
            await session.execute(update(jobs).where(jobs.c.id == identifier).values(noted))


@dataclass(frozen=True, slots=True)
class Periodic:
    """At most once in `every`, over all processes and restarts; by the database's clock. When that goes back,
    once more: else it would wait for as long as the clock went.
    """

    name: str
    every: timedelta
    handle: PeriodicHandler
    database: Database

    @property
    def idle_seconds(self) -> float:
        """It is looked whether it is due twenty times as often as it is, and once a minute at least."""
        return min(LOOKED, self.every / 20).total_seconds()

    async def step(self) -> bool:
        """Run it when it is due, in one transaction with the note that it ran. Raises what it raises: then
        it has not run.
        """
        ran = periodic_jobs.c.last_run
        first = insert(periodic_jobs).values(name=self.name, last_run=func.now())
        due = first.on_conflict_do_update(
            index_elements=["name"],
            set_={"last_run": func.now()},
            where=or_(ran <= func.now() - self.every, ran > func.now() + AHEAD),
        )
        with ExitStack() as around:
            async with self.database.write() as session:
                if (await session.execute(due.returning(periodic_jobs.c.name))).first() is not None:
                    around.enter_context(piece("periodic", self.name))
                    await self.handle(session)
        return False


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]
