"""The worker: one at a time does it, and the next one goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import pytest

from subgraphs.kit import worker
from subgraphs.kit.wakeup import STORES, Wakeup
from subgraphs.kit.worker import working
from tests.support.kit import World


@dataclass
class Task:
    name: str
    done: Counter[str] = field(default_factory=Counter)
    fails: bool = False
    stepped: asyncio.Event = field(default_factory=asyncio.Event)

    async def step(self) -> bool:
        self.done[self.name] += 1
        self.stepped.set()
        if self.fails:
            raise ValueError("no")
        return False


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(worker, "LEADER_SECONDS", 0.05)


async def soon(task: Task) -> None:
    await asyncio.wait_for(task.stepped.wait(), 10)


async def test_of_two_processes_one_works_and_the_other_takes_over(world: World) -> None:
    first, second = Task("first"), Task("second")
    async with working("users", world.database, [first]):
        await soon(first)
        async with working("users", world.database, [second]):
            await asyncio.sleep(0.3)
            assert not second.done
    second.stepped.clear()
    async with working("users", world.database, [second]):
        await soon(second)


async def test_a_task_that_fails_is_asked_again_and_does_not_stop_the_others(world: World) -> None:
    bad, good = Task("bad", fails=True), Task("good")
    async with working("users", world.database, [bad, good]):
        await soon(good)
        good.stepped.clear()
        await soon(good)
        while bad.done["bad"] < 2:
            bad.stepped.clear()
            await soon(bad)


async def test_a_worker_whose_connection_is_cut_works_again(world: World) -> None:
    task = Task("task")
    async with working("users", world.database, [task]):
        await soon(task)
        await world.query(
            "SELECT pg_terminate_backend(pid) FROM pg_locks "
            "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
        await asyncio.sleep(0.2)
        task.stepped.clear()
        await soon(task)


async def test_two_domains_work_beside_each_other(world: World) -> None:
    users, posts = Task("users"), Task("posts")
    async with working("users", world.database, [users]), working("posts", world.database, [posts]):
        await soon(users)
        await soon(posts)


@dataclass
class Rare(Task):
    idle_seconds: float = 60.0


async def test_a_task_that_rests_for_longer_is_not_asked_sooner(world: World) -> None:
    rare, often = Rare("rare"), Task("often")
    async with working("users", world.database, [rare, often]):
        while often.done["often"] < 10:
            often.stepped.clear()
            await soon(often)
    assert rare.done["rare"] == 1


class Deaf(Task):
    """A library that makes an error of its own of the first cancellation."""

    async def step(self) -> bool:
        self.stepped.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            if not self.done["cancelled"]:
                self.done["cancelled"] += 1
                raise ValueError("the connection was closed") from None
            raise
        return False


async def test_a_task_that_loses_a_cancellation_is_cancelled_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AGAIN_SECONDS", 0.05)
    task = Deaf("deaf")
    async with asyncio.timeout(10):
        async with working("users", world.database, [task]):
            await soon(task)
    assert task.done["cancelled"] == 1


class Slow(Task):
    """It takes its time to give up, and longer than its worker is given before it is cancelled again."""

    async def step(self) -> bool:
        self.stepped.set()
        try:
            await asyncio.sleep(60)
        finally:
            while self.done["waited"] < 3:
                self.done["waited"] += 1
                try:
                    await asyncio.sleep(0.05)
                except asyncio.CancelledError:
                    self.done["cancelled again"] += 1
        return False


async def test_a_worker_that_is_cancelled_again_leaves_no_task_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AGAIN_SECONDS", 0.01)
    before = asyncio.all_tasks()
    async with asyncio.timeout(10):
        async with working("users", world.database, [Slow("one"), slow := Slow("two")]):
            await soon(slow)
    assert slow.done["cancelled again"] > 0
    assert asyncio.all_tasks() - before == set()


async def test_a_task_that_never_ends_is_named_and_left(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(worker, "END_SECONDS", 0.2)
    held = asyncio.Event()

    class Never(Task):
        async def step(self) -> bool:
            self.stepped.set()
            while not held.is_set():
                try:
                    await held.wait()
                except asyncio.CancelledError:
                    self.done["cancelled"] += 1
            raise asyncio.CancelledError

    async with asyncio.timeout(10):
        async with working("users", world.database, [never := Never("relay")]):
            await soon(never)
        held.set()
        await asyncio.sleep(0)
    assert "users: relay does not end" in caplog.text


async def test_a_task_that_finds_nothing_looks_less_often_and_at_once_when_somebody_wrote(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LONGEST_REST_SECONDS", 600.0)
    task = Task("task")
    async with working("users", world.database, [task]):
        await soon(task)
        await asyncio.sleep(0.5)
        rested = task.done["task"]
        assert rested < 15, "50 rests of the shortest kind"
        task.stepped.clear()
        STORES["users"].signal()
        await soon(task)


class Noted(Wakeup):
    def __init__(self) -> None:
        super().__init__()
        self.waited = asyncio.Event()

    async def wait(self, seconds: float, *, since: int) -> bool:
        self.waited.set()
        return await super().wait(seconds, since=since)


class Reading(Task):
    reads_streams = True


class Once(Task):
    """Has something to do, once."""

    async def step(self) -> bool:
        await super().step()
        return self.done[self.name] == 1


class SentOnce(Once):
    writes_streams = True


async def test_what_is_done_wakes_its_own_domain_and_what_is_sent_wakes_who_reads_the_streams(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of a hundred tasks a busy one would else keep all of them busy."""
    streams, users, posts = Noted(), Noted(), Noted()
    monkeypatch.setattr(worker, "STREAMS", streams)
    monkeypatch.setattr(worker, "STORES", {"users": users, "posts": posts})
    async with asyncio.timeout(20):
        async with working("posts", world.database, [Reading("reading")]):
            await streams.waited.wait()
        async with working("users", world.database, [Once("queue")]):
            await users.waited.wait()
        assert (streams.count, users.count, posts.count) == (0, 1, 0)
        users.waited.clear()
        async with working("users", world.database, [SentOnce("relay")]):
            await users.waited.wait()
        assert (streams.count, users.count, posts.count) == (1, 1, 0)
    assert not posts.waited.is_set()
