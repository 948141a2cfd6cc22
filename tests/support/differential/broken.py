"""Subgraphs that break at random, and what must hold all the same: nothing is lost without a word.

Every null in the routed answer that the merged schema's answer does not have needs an error whose path leads
to it or lies on the way. What breaks follows from the seeds, so a number is a replay.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.differential.case import Difference, Path, Scenario
from tests.support.differential.operations import Operation
from tests.support.differential.subgraphs import FakeSubgraph


@dataclass
class Breakage:
    """What fails in one run: decided request by request, the same way every time for a seed."""

    seed: str

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def choice(self, items: list[Any]) -> Any:
        return self._random.choice(items)


class BreakingSubgraph:
    """A fake subgraph whose resolvers and answers break; `breakage` is None while all is well."""

    def __init__(self, real: FakeSubgraph) -> None:
        self.real = real
        self.requests = real.requests
        self.breakage: Breakage | None = None

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> Mapping[str, Any]:
        breakage = self.breakage
        if breakage is None:
            return await self.real.execute(query, variables, operation_name, headers)
        if breakage.chance(0.05):
            raise ConnectionError("unplugged")
        self.real.fails = (lambda _: breakage.chance(0.15)) if breakage.chance(0.4) else None
        payload = dict(await self.real.execute(query, variables, operation_name, headers))
        self.real.fails = None
        return _damaged(payload, breakage)


def _damaged(payload: dict[str, Any], breakage: Breakage) -> dict[str, Any]:
    """Sometimes less than was answered, with an error that says where: never without one."""
    data = payload.get("data")
    if not data or not breakage.chance(0.25):
        return payload
    key = breakage.choice(list(data))
    path = breakage.choice([[key], [key], None])
    error: dict[str, Any] = {"message": "lost"} if path is None else {"message": "lost", "path": path}
    lost = breakage.choice(["data", "key", "absent"])
    damaged = {**payload, "errors": [*payload.get("errors", ()), error]}
    if lost == "data" or path is None:
        damaged["data"] = None
    elif lost == "key":
        damaged["data"] = {**data, key: None}
    else:
        del damaged["data"]
    return damaged


async def silent_loss(
    router: Any, scenario: Scenario, broken: Mapping[str, BreakingSubgraph], operation: Operation, seed: str
) -> Difference | None:
    """None when every null that breaking made has an error that explains it."""
    scenario.world.mutations = 0
    expected, _ = scenario.merged.execute(scenario.world, operation.text, operation.variables)
    scenario.world.mutations = 0
    for name, subgraph in broken.items():
        subgraph.requests.clear()
        subgraph.breakage = Breakage(f"{seed}:{name}")
    response = await router.execute({"query": operation.text, "variables": operation.variables})
    told = [error.get("path") for error in response.get("errors", ())]
    lost = [path for path in _lost(expected, response.get("data"), []) if not _explained(path, told)]
    if "data" in response and not lost:
        return None
    requests = [(n, query, variables) for n, s in broken.items() for query, variables in s.requests]
    return Difference(scenario.model.seed, operation, {"data": expected, "silent": lost}, response, requests)


def _lost(expected: Any, got: Any, path: Path) -> Iterator[Path]:
    if got is None:
        if expected is not None:
            yield path
    elif isinstance(expected, dict) and isinstance(got, dict):
        for key, value in expected.items():
            yield from _lost(value, got.get(key), [*path, key])
    elif isinstance(expected, list) and isinstance(got, list):
        for index, (value, own) in enumerate(zip(expected, got, strict=False)):
            yield from _lost(value, own, [*path, index])


def _explained(path: Path, told: list[Path | None]) -> bool:
    return any(
        place is not None and (path == place[: len(path)] or place == path[: len(place)]) for place in told
    )
