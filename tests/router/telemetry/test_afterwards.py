"""What is told after the answer: soon, all of it, once, whatever becomes of a single request."""

from __future__ import annotations

import asyncio
import logging

import pytest

from router.telemetry import afterwards
from router.telemetry.afterwards import Afterwards
from router.telemetry.observer import Observed

NEVER = 3600.0


class Told:
    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.flushed: list[int] = []

    def ended(self, observed: Observed) -> None:
        if observed.status == 0:
            raise LookupError("told of nothing")
        self.statuses.append(observed.status)

    def flush(self) -> None:
        self.flushed.append(len(self.statuses))


def request(status: int) -> Observed:
    return Observed("POST", {}, status=status)


async def tell_of(after: Afterwards, *statuses: int) -> None:
    for status in statuses:
        after.ended(request(status))


async def test_those_of_a_moment_are_told_together_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "DELAY", 0.0)
    told = Told()
    await tell_of(Afterwards([told], told.flush), 1, 2)
    assert told.statuses == []
    for _ in range(3):  # Turns of the loop.
        await asyncio.sleep(0)
    assert (told.statuses, told.flushed) == ([1, 2], [2])


def test_in_whichever_loop_they_come_all_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "DELAY", NEVER)
    told = Told()
    after = Afterwards([told], told.flush)
    asyncio.run(tell_of(after, 1, 2))
    asyncio.run(tell_of(after, 3))
    assert told.statuses == []
    monkeypatch.setattr(afterwards, "DELAY", 0.0)

    async def later() -> None:
        await tell_of(after, 4)
        await asyncio.sleep(0.001)

    asyncio.run(later())
    after.tell()
    assert told.statuses == [1, 2, 3, 4]


async def test_so_many_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "DELAY", NEVER)
    monkeypatch.setattr(afterwards, "MAX_WAITING", 3)
    told = Told()
    after = Afterwards([told], told.flush)
    await tell_of(after, *range(1, 8))
    assert (told.statuses, told.flushed) == ([1, 2, 3, 4, 5, 6], [3, 6])
    after.tell()
    assert told.statuses == [1, 2, 3, 4, 5, 6, 7]


async def test_one_that_cannot_be_told_is_logged_and_the_others_are(caplog: pytest.LogCaptureFixture) -> None:
    one, other = Told(), Told()
    after = Afterwards([one, other])
    await tell_of(after, 1, 0, 2)
    with caplog.at_level(logging.ERROR, "router"):
        after.tell()
    assert one.statuses == other.statuses == [1, 2]
    assert len(caplog.messages) == 2
