"""Jobs: done once, by one, whatever dies in between; and what is done every so often."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.errors import StoreUnavailable
from db.postgres import WriteSession
from subgraphs.kit import jobs
from subgraphs.kit.jobs import Periodic, Queue, enqueue
from tests.support.kit import World


class Killed(BaseException):
    """As SIGKILL: handled by nobody."""


async def effect(session: WriteSession, payload: Mapping[str, Any]) -> None:
    await session.execute(text("INSERT INTO effects (what) VALUES (:what)"), {"what": payload["what"]})


async def want(world: World, *what: str, **more: Any) -> None:
    async with world.database.write() as session:
        for one in what:
            await enqueue(session, "mail", {"what": one}, **more)


async def test_a_job_is_done_once_and_is_gone(world: World) -> None:
    await want(world, "a", "b")
    queue = Queue("mail", effect, world.database)
    assert [await queue.step() for _ in range(3)] == [True, True, False]
    assert await world.effects() == ["a", "b"]
    assert await world.query("SELECT FROM jobs") == []


@pytest.mark.parametrize("error", [ConnectionRefusedError("no such host"), TimeoutError("a deadline")])
async def test_what_a_job_runs_into_elsewhere_is_not_a_postgresql_that_is_away(
    world: World, error: OSError
) -> None:
    """Counted as an attempt of the job; a store that is away would be waited for, for ever."""

    async def elsewhere(session: WriteSession, _payload: Mapping[str, Any]) -> None:
        await session.execute(text("SELECT 1"))
        raise error

    await want(world, "a")
    await Queue("mail", elsewhere, world.database).step()
    noted = f"{type(error).__name__}: {error}"
    assert await world.query("SELECT failures, last_error FROM jobs") == [(1, noted)]


async def test_many_workers_do_each_job_once(world: World) -> None:
    await want(world, *map(str, range(40)))
    queues = [Queue("mail", effect, world.database) for _ in range(4)]

    async def drain(queue: Queue) -> None:
        while await queue.step():
            pass

    await asyncio.gather(*map(drain, queues))
    assert sorted(map(int, await world.effects())) == list(range(40))


async def test_a_worker_killed_in_the_middle_has_done_nothing_and_another_does_it(world: World) -> None:
    await want(world, "a")

    async def dying(session: WriteSession, payload: Mapping[str, Any]) -> None:
        await effect(session, payload)
        raise Killed

    with pytest.raises(Killed):
        await Queue("mail", dying, world.database, timedelta(seconds=0.2)).step()
    other = Queue("mail", effect, world.database)
    assert not await other.step(), "it is leased"
    await asyncio.sleep(0.25)
    assert await other.step()
    assert await world.effects() == ["a"]


async def test_a_slow_worker_whose_lease_is_over_does_not_do_it_a_second_time(world: World) -> None:
    await want(world, "a")
    going, done = asyncio.Event(), asyncio.Event()

    async def slow(session: WriteSession, payload: Mapping[str, Any]) -> None:
        going.set()
        await done.wait()
        await effect(session, payload)

    first = asyncio.create_task(Queue("mail", slow, world.database, timedelta(0)).step())
    await going.wait()
    assert not await Queue("mail", effect, world.database).step()
    done.set()
    await first
    assert await world.effects() == ["a"]


async def test_a_job_that_fails_is_tried_again_later_and_at_last_left_for_a_person(world: World) -> None:
    await want(world, "a")

    async def failing(session: WriteSession, payload: Mapping[str, Any]) -> None:
        await effect(session, payload)
        raise ValueError("no")

    queue = Queue("mail", failing, world.database)
    for _ in range(jobs.ATTEMPTS):
        assert await queue.step()
        assert not await queue.step(), "it waits"
        await world.query("UPDATE jobs SET due_at = now()")
    assert not await queue.step()
    (row,) = await world.query("SELECT failures, dead, last_error FROM jobs")
    assert tuple(row) == (jobs.ATTEMPTS, True, "ValueError: no")
    assert await world.effects() == []


async def test_a_store_that_is_away_is_not_the_jobs_fault(world: World) -> None:
    await want(world, "a")

    async def away(_session: WriteSession, _payload: Mapping[str, Any]) -> None:
        raise StoreUnavailable("smtp", "refused", "SMTP")

    with pytest.raises(StoreUnavailable):
        await Queue("mail", away, world.database).step()
    (row,) = await world.query("SELECT failures, leased_until FROM jobs")
    assert tuple(row) == (0, None)


async def test_a_job_for_later_waits_and_a_unique_one_waits_alone(world: World) -> None:
    await want(world, "later", due_at=datetime.now(UTC) + timedelta(hours=1))
    await want(world, "one", "two", unique_key="k")
    queue = Queue("mail", effect, world.database)
    while await queue.step():
        pass
    assert await world.effects() == ["one"]


async def test_what_is_rolled_back_is_not_wanted(world: World) -> None:
    async def fail() -> None:
        async with world.database.write() as session:
            await enqueue(session, "mail", {"what": "a"})
            raise Killed

    with pytest.raises(Killed):
        await fail()
    assert not await Queue("mail", effect, world.database).step()


async def test_a_periodic_job_runs_once_in_its_time_over_all_processes(world: World) -> None:
    async def clean(session: WriteSession) -> None:
        await effect(session, {"what": "cleaned"})

    every = [Periodic("clean", timedelta(seconds=0.3), clean, world.database) for _ in range(5)]
    await asyncio.gather(*(one.step() for one in every))
    await asyncio.gather(*(one.step() for one in every))
    assert await world.effects() == ["cleaned"]
    await asyncio.sleep(0.35)
    await asyncio.gather(*(one.step() for one in every))
    assert await world.effects() == ["cleaned", "cleaned"]


@pytest.mark.parametrize("hours", [1, 24 * 365])
async def test_a_clock_that_went_back_holds_up_no_job_that_a_dead_worker_had(
    world: World, hours: int
) -> None:
    await want(world, "a")
    await world.query(
        "UPDATE jobs SET leased_until = now() + interval '5 minutes' + interval '1 hour' * :hours",
        hours=hours,
    )
    assert await Queue("mail", effect, world.database).step()
    assert await world.effects() == ["a"]


async def test_a_lease_that_is_kept_is_not_taken_for_one_of_another_time(world: World) -> None:
    await want(world, "a")
    await world.query("UPDATE jobs SET leased_until = now() + interval '5 minutes'")
    assert not await Queue("mail", effect, world.database).step()


@pytest.mark.parametrize("hours", [1, 24 * 365])
async def test_a_clock_that_went_back_holds_up_no_periodic_job_and_runs_it_once(
    world: World, hours: int
) -> None:
    async def clean(session: WriteSession) -> None:
        await effect(session, {"what": "cleaned"})

    every = [Periodic("clean", timedelta(hours=2), clean, world.database) for _ in range(3)]
    await every[0].step()
    await world.query("UPDATE periodic_jobs SET last_run = now() + interval '1 hour' * :hours", hours=hours)
    await asyncio.gather(*(one.step() for one in every))
    assert await world.effects() == ["cleaned", "cleaned"]


async def test_a_periodic_job_that_fails_has_not_run(world: World) -> None:
    async def failing(_session: WriteSession) -> None:
        raise ValueError("no")

    job = Periodic("clean", timedelta(hours=1), failing, world.database)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            await job.step()
