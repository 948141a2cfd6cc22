"""Loaders: one call for many keys, one per key for ever, and nobody harmed by another who gives up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from subgraphs.kit.loading import BATCH, Loader, loader, made_once


class Service:
    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def double(self, keys: Sequence[int]) -> Mapping[int, int]:
        self.calls.append(list(keys))
        await self.gate.wait()
        return {key: key * 2 for key in keys if key >= 0}


async def test_keys_of_one_turn_are_one_call_and_asked_for_once() -> None:
    service = Service()
    doubles = loader(service.double)
    assert await asyncio.gather(*(doubles.load(key) for key in (1, 2, 1, -1))) == [2, 4, 2, None]
    assert await doubles.load(1) == 2
    assert service.calls == [[1, 2, -1]]


async def test_more_keys_than_a_batch_are_several_calls() -> None:
    service = Service()
    doubles = loader(service.double)
    await asyncio.gather(*(doubles.load(key) for key in range(BATCH + 1)))
    assert [len(call) for call in service.calls] == [BATCH, 1]


async def test_one_who_gives_up_takes_nothing_from_others() -> None:
    service = Service()
    service.gate.clear()
    doubles = loader(service.double)
    leaving, staying = doubles.load(1), doubles.load(1)
    await asyncio.sleep(0)
    leaving.cancel()
    service.gate.set()
    assert await staying == 2


async def test_a_key_that_everybody_gave_up_can_be_asked_for_again() -> None:
    service = Service()
    service.gate.clear()
    doubles = loader(service.double)
    early, late = doubles.load(1), doubles.load(2)
    early.cancel()
    await asyncio.sleep(0.01)
    late.cancel()
    service.gate.set()
    await asyncio.sleep(0.01)
    assert [await doubles.load(1), await doubles.load(2)] == [2, 4]


async def test_the_services_error_is_everybodys_who_asked_for_the_key() -> None:
    async def fail(_keys: Sequence[int]) -> Sequence[int]:
        raise ValueError("no")

    failing = Loader(fail)
    answers = await asyncio.gather(failing.load(1), failing.load(2), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ValueError, ValueError]
    with pytest.raises(ValueError, match="no"):
        await failing.load(1)


async def test_what_a_resolver_asks_for_is_made_of_a_batchs_values_without_a_future_for_each() -> None:
    service = Service()
    service.gate.clear()
    doubles = loader(service.double)
    asked: list[Any] = [doubles.answer(key, lambda value: f"<{value}>") for key in (1, 2, 1)]
    assert asked[0].entry.batch is asked[1].entry.batch, "one wait is all of them"
    service.gate.set()
    await asked[0].entry.batch.answered()
    assert [each.value() for each in asked] == ["<2>", "<4>", "<2>"]
    assert await asked[2] == "<2>", "anybody may await one, also later"
    assert service.calls == [[1, 2]]


async def test_nothing_is_made_of_nothing_and_what_making_raises_is_its_own() -> None:
    doubles = loader(Service().double)
    nothing: Any = doubles.found(-1, str)
    wrong: Any = doubles.answer(1, lambda _value: [][0])
    right: Any = doubles.answer(1)
    assert await nothing is None
    with pytest.raises(IndexError):
        await wrong
    assert await right == 2


async def test_a_key_asked_for_while_its_batch_runs_waits_for_that_batch() -> None:
    service = Service()
    service.gate.clear()
    doubles = loader(service.double)
    first: Any = doubles.answer(1)
    await asyncio.sleep(0.01)
    again: Any = doubles.answer(1)
    other: Any = doubles.answer(2)
    assert again.entry.batch is first.entry.batch
    assert other.entry.batch is not first.entry.batch
    service.gate.set()
    assert [await first, await again, await other] == [2, 2, 4]


async def test_keys_that_are_asked_for_together_join_those_that_were_asked_for_before() -> None:
    service = Service()
    doubles = loader(service.double)
    before: Any = doubles.answer(2)
    found: list[Any] = doubles.found_all([1, 2, -1, 1], str)
    assert [await each for each in found] == ["2", "4", None, "2"]
    assert await before == 4
    assert service.calls == [[2, 1, -1]]


async def test_more_keys_together_than_a_batch_are_several_calls() -> None:
    service = Service()
    found: list[Any] = loader(service.double).found_all(range(BATCH + 1), str)
    assert [await each for each in found] == [str(key * 2) for key in range(BATCH + 1)]
    assert [len(call) for call in service.calls] == [BATCH, 1]


def test_what_is_made_once_is_made_when_it_is_first_asked_for() -> None:
    made: list[str] = []

    class Several:
        @made_once
        def one(self) -> list[int]:
            made.append("one")
            return []

        @made_once
        def other(self) -> list[int]:
            made.append("other")
            return []

    several = Several()
    assert several.one is several.one
    assert several.one is not Several().one
    assert made == ["one", "one"]
