"""What a domain does when nobody asks: relay, consumers, jobs. One process at a time does it for a domain.

    async with working("users", database, [relay, consumer, jobs]): …

`plait worker` runs it on its own, `plait up` beside the subgraphs. Who works holds an advisory lock of
PostgreSQL; a worker that dies, or whose connection does, loses it and the next one goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from sqlalchemy import func, select

from db.errors import StoreError
from db.postgres import Database, unavailable
from subgraphs.kit.wakeup import STORES, STREAMS
from subgraphs.kit.work_watching import WATCH, WorkWatch

log = logging.getLogger("plait.worker")
LOCK_SPACE = 0x776F72
IDLE_SECONDS = 0.2
LEADER_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 10.0
LONGEST_REST_SECONDS = 2.0
AGAIN_SECONDS = 1.0
END_SECONDS = 10.0
"""A task that is at it this long after it was cancelled is left to the end of the process."""


class Task(Protocol):
    @property
    def name(self) -> str: ...

    async def step(self) -> bool:
        """Do a bounded piece of work; whether there was any: then it is asked again at once. What it raises
        is logged and it is asked again after a pause that grows.
        """


@asynccontextmanager
async def working(
    domain: str, database: Database, tasks: Sequence[Task], watch: WorkWatch | None = None
) -> AsyncIterator[None]:
    """The tasks run for as long as the block. Nothing they run into ends it. `watch` is told of what they
    do.
    """
    watched = WATCH.set(watch)  # What is started from here on has it too.
    running = asyncio.create_task(work(domain, database, tasks), name=f"{domain}: worker")
    WATCH.reset(watched)
    try:
        yield
    finally:
        await _ended(running)
        if running.done() and not running.cancelled():
            running.result()


async def work(domain: str, database: Database, tasks: Sequence[Task]) -> None:
    """Until cancelled. A task that says `everywhere` shares its work out itself: it runs in every process,
    the others in the one that leads.
    """
    everywhere = [task for task in tasks if getattr(task, "everywhere", False)]
    running = _start(domain, everywhere)
    try:
        await _stand_by(domain, database, [task for task in tasks if task not in everywhere])
        await asyncio.gather(*running)
    finally:
        await _ended(*running)


async def _stand_by(domain: str, database: Database, tasks: Sequence[Task]) -> None:
    while tasks:
        try:
            await _lead(domain, database, tasks)
        except StoreError as error:
            log.warning("%s: the worker waits: %s", domain, error)
        await asyncio.sleep(LEADER_SECONDS)


async def _lead(domain: str, database: Database, tasks: Sequence[Task]) -> None:
    """Returns when another process leads; raises StoreUnavailable when our lead is lost."""
    reader = database.primary.execution_options(isolation_level="AUTOCOMMIT")
    with unavailable(database.target):
        async with reader.connect() as connection:
            locked = select(func.pg_try_advisory_lock(LOCK_SPACE, func.hashtext(domain)))
            if not (await connection.execute(locked)).scalar():
                return
            running = _start(domain, tasks)
            _tell(lambda watch: watch.leads(True))
            try:
                while True:
                    await asyncio.sleep(LEADER_SECONDS)
                    await connection.execute(select(1))
            finally:
                _tell(lambda watch: watch.leads(False))
                await _ended(*running)
                await connection.invalidate()  # the lock goes with the connection, whatever state it is in


def _start(domain: str, tasks: Sequence[Task]) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(_repeat(domain, task), name=f"{domain}: {task.name}") for task in tasks]


async def _ended(*tasks: asyncio.Task[None]) -> None:
    """Cancel them until they are: a library that is cancelled in the middle of an answer may turn that into
    an error of its own, or into none. Who is cancelled again while it waits here waits on: its own tasks
    would go on without it.
    """
    interrupted = False
    deadline = asyncio.get_running_loop().time() + END_SECONDS
    while going_on := [task for task in tasks if not task.done()]:
        if asyncio.get_running_loop().time() > deadline:
            log.error("%s does not end", ", ".join(task.get_name() for task in going_on))
            break
        for task in going_on:
            task.cancel()
        try:
            await asyncio.wait(going_on, timeout=AGAIN_SECONDS)
        except asyncio.CancelledError:
            interrupted = True
    if interrupted:
        raise asyncio.CancelledError


def _tell(what: Callable[[WorkWatch], None]) -> None:
    watch = WATCH.get()
    if watch is not None:
        what(watch)


async def _repeat(domain: str, task: Task) -> None:
    """A task that has nothing to do rests for `idle_seconds`, if it says so, and longer each time up to
    LONGEST_REST_SECONDS or until there may be something: in its domain's store, or, when it says
    `reads_streams`, in the streams. One that says `writes_streams` has sent what it found.
    """
    heard = STREAMS if getattr(task, "reads_streams", False) else STORES[domain]
    told = STREAMS if getattr(task, "writes_streams", False) else STORES[domain]
    shortest: float = getattr(task, "idle_seconds", IDLE_SECONDS)
    rest, pause = shortest, IDLE_SECONDS
    while True:
        seen = heard.count
        try:
            has_worked = await task.step()
        except StoreError as error:
            _tell(lambda watch: watch.stepped(task.name, "failed"))
            log.warning("%s: %s waits: %s", domain, task.name, error)
        except Exception as error:  # noqa: BLE001 -- whatever a handler raises, the others go on
            _tell(lambda watch: watch.stepped(task.name, "failed"))
            log.error("%s: %s failed: %s: %s", domain, task.name, type(error).__name__, error)
        else:
            pause = IDLE_SECONDS
            if has_worked:
                _tell(lambda watch: watch.stepped(task.name, "worked"))
                told.signal()
                await asyncio.sleep(0)
                rest = shortest
            else:
                await asyncio.sleep(shortest)
                is_early = await heard.wait(rest - shortest, since=seen)
                rest = shortest if is_early else max(shortest, min(rest * 1.5, LONGEST_REST_SECONDS))
            continue
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
