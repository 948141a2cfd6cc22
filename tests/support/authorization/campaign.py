"""Many cases: graphs by rising seed, protections and callers for each, operations by number."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from router import Router
from router.authorization.policies import PolicyRequest
from tests.support.authorization.judge import Judge
from tests.support.authorization.leaks import leaks
from tests.support.authorization.protect import NAMES, Caller, Protections, any_caller, protect
from tests.support.authorization.reference import Reference
from tests.support.differential.case import Scenario
from tests.support.differential.operations import Operation

MANY_ERRORS = 100


@dataclass(slots=True)
class Report:
    cases: int = 0
    graphs: int = 0
    denied: int = 0
    """Cases in which something was not granted."""
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.cases} operations over {self.graphs} graphs, {self.denied} of them not granted in full: "
            f"{len(self.failures)} failed"
        )


class Claims:
    async def authenticate(self, headers: Mapping[str, str]) -> Mapping[str, Any] | None:
        text = headers.get("x-claims")
        return json.loads(text) if text else None


def _policy(name: str) -> Any:
    async def policy(request: PolicyRequest) -> bool:
        return name in request.headers.get("x-policies", "").split()

    return policy


@dataclass(slots=True)
class ProtectedGraph:
    scenario: Scenario
    protections: Protections
    judge: Judge
    router: Router

    @classmethod
    def of(cls, seed: int) -> ProtectedGraph | None:
        scenario = Scenario.sound(seed)
        if scenario is None:
            return None
        sdl, protections = protect(scenario.composed.supergraph_sdl, random.Random(seed))
        labels = scenario.world.labels
        router = Router(
            sdl,
            scenario.subgraphs,
            label_hook=lambda _: labels,
            authenticator=Claims(),
            policies={name: _policy(name) for name in NAMES},
        )
        judge = Judge(scenario.model, scenario.merged.schema, protections)
        return cls(scenario, protections, judge, router)

    async def fault(self, operation: Operation, caller: Caller) -> tuple[str | None, bool]:
        """What is wrong, if anything, and whether something was not granted."""
        scenario = self.scenario
        scenario.world.mutations = 0
        reference = Reference(self.judge, caller, scenario.world)
        expected = reference.answer(operation.text, operation.variables)
        scenario.world.mutations = 0
        for subgraph in scenario.subgraphs.values():
            subgraph.requests.clear()
        headers = {"x-policies": " ".join(caller.policies)}
        if caller.claims is not None:
            headers["x-claims"] = json.dumps(caller.claims)
        response = await self.router.execute(
            {"query": operation.text, "variables": operation.variables}, headers
        )
        found = list(self._wrong(expected, reference, response, caller))
        if not found:
            return None, bool(reference.denied)
        shown = [*found, operation.text, str(operation.variables), str(caller)]
        shown += [f"expected {orjson.dumps(expected).decode()}", f"got {orjson.dumps(response).decode()}"]
        shown += [f"{n}: {q}" for n, s in scenario.subgraphs.items() for q, _ in s.requests]
        return "\n".join(shown), True

    def _wrong(
        self, expected: Any, reference: Reference, response: Mapping[str, Any], caller: Caller
    ) -> list[str]:
        wrong = list(leaks(self.judge, caller, self.scenario.subgraphs))
        if orjson.dumps(response.get("data")) != orjson.dumps(expected):
            wrong.append("the answer is another")
        errors = response.get("errors", [])
        wrong += [f"another error: {e}" for e in errors if e["extensions"]["code"] != CODE]
        told = {tuple(error.get("path", ())) for error in errors}
        untold = reference.denied - told
        if untold and len(errors) <= MANY_ERRORS:
            wrong.append(f"not told: {untold}")
        return wrong


CODE = "UNAUTHORIZED_FIELD_OR_TYPE"


async def run_campaign(
    first_seed: int, cases: int, per_graph: int, tell: Callable[[object], None] = lambda _: None
) -> Report:
    report, seed = Report(), first_seed
    while report.cases < cases:
        graph = ProtectedGraph.of(seed)
        seed += 1
        if graph is None:
            continue
        report.graphs += 1
        chooser = random.Random(seed)
        async with graph.router:
            for number in range(min(per_graph, cases - report.cases)):
                report.cases += 1
                # Every operation by two callers: one after the other meets what the other left in caches.
                operation = graph.scenario.operation(number // 2)
                found, denied = await graph.fault(operation, any_caller(chooser))
                report.denied += denied
                if found is not None:
                    report.failures.append(f"--- replay {seed - 1}:{number}\n{found}")
                    tell(report.failures[-1])
    return report
