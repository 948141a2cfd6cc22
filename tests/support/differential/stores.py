"""One operation on structures and on dicts, over subgraphs that break and answer what does not fit.

Both must give the same data, keys in the same order, and the same errors. What breaks follows from what a
request asks for, not from when it comes, so it is the same both times; answers come in an order of their own.
"""

from __future__ import annotations

import asyncio
import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, build_schema, parse

from router.errors import TransportError
from router.executor.execute import Limits, execute
from router.executor.execution import Service, Variables
from router.executor.operation import ExecutableOperation
from router.executor.outcome import Outcome
from router.executor.possible_types import PossibleTypes, possible_types
from router.plan import QueryPlan
from router.transport.base import SubgraphRequest, SubgraphResponse
from schema.api_schema import read_supergraph_schema
from tests.support.differential.case import Difference, Scenario
from tests.support.differential.operations import Operation
from tests.support.differential.subgraphs import FakeSubgraph

WRONG: tuple[Any, ...] = (None, 5, 1e3, 2**70, "text", True, [], {}, [None], {"__typename": "Post"})
PLAIN = "_entities"


@dataclass
class DamagingTransport:
    """Answers from a fake subgraph. `seed` None leaves it as it is."""

    real: FakeSubgraph
    seed: str | None

    async def start(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        asked, orders = _in_order(request.variables)
        chances = random.Random(f"{self.seed}:{self.real.name}:{request.document.text}:{_canonical(asked)}")
        for _ in range(chances.randrange(6)):
            await asyncio.sleep(0)
        if self.seed is not None:
            if chances.random() < 0.03:
                raise TransportError("unplugged")
            failing = chances.random() < 0.3
            self.real.fails = _failing(chances.random()) if failing else None
        payload = dict(await self.real.execute(request.document.text, asked, None, {}))
        self.real.fails = None
        if self.seed is not None and chances.random() < 0.3:
            _damage(payload, chances)
        answered = _reordered(payload, orders)
        if chances.random() < 0.5:
            return SubgraphResponse(payload=answered)
        return SubgraphResponse(body=msgspec.json.encode(answered))


def _failing(salt: float) -> Callable[[str], bool]:
    """The same fields of the same objects every time."""
    return lambda where: random.Random(f"{salt}:{where}").random() < 0.15


def _in_order(variables: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The variables with representations sorted, and by `_entities` field where each of those stood."""
    asked, orders = dict(variables), {}
    for name, value in variables.items():
        if isinstance(value, list) and value and isinstance(value[0], dict) and "__typename" in value[0]:
            order = sorted(range(len(value)), key=lambda index: _canonical(value[index]))
            asked[name] = [value[index] for index in order]
            orders[PLAIN if name == "representations" else name] = order
    return asked, orders


def _reordered(payload: dict[str, Any], orders: dict[str, list[int]]) -> dict[str, Any]:
    """The answer as the representations were asked for."""
    answered = copy.deepcopy(payload)
    data = answered.get("data")
    for alias, order in orders.items():
        entities = data.get(alias) if isinstance(data, dict) else None
        if isinstance(entities, list) and len(entities) == len(order):
            assert isinstance(data, dict)
            data[alias] = [entities[order.index(index)] for index in range(len(order))]
        for error in answered.get("errors") or ():
            path = error.get("path") or ()
            if len(path) > 1 and path[0] == alias and isinstance(path[1], int) and path[1] < len(order):
                path[1] = order[path[1]]
    return answered


def _damage(payload: dict[str, Any], chances: random.Random) -> None:
    """Sometimes a value that does not fit or is not there, sometimes with an error that says where."""
    places = list(_places(payload.get("data"), []))
    if not places:
        return
    container, key, path = chances.choice(places)
    told = chances.random() < 0.4
    if chances.random() < 0.3 and isinstance(container, dict):
        del container[key]
    else:
        container[key] = None if told else copy.deepcopy(chances.choice(WRONG))
    if told:
        error = {"message": "lost"} if chances.random() < 0.2 else {"message": "lost", "path": path}
        payload["errors"] = [*(payload.get("errors") or ()), error]
    if told and chances.random() < 0.2:
        payload["data"] = None


def _places(value: Any, path: list[Any]) -> Iterator[tuple[Any, Any, list[Any]]]:
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key, [*path, key]
            yield from _places(value[key], [*path, key])


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@dataclass(frozen=True, slots=True)
class BothWays:
    """A scenario's schema, read once."""

    scenario: Scenario
    schema: GraphQLSchema
    possible: PossibleTypes

    @classmethod
    def of(cls, scenario: Scenario) -> BothWays:
        composed = scenario.composed
        possible = possible_types(read_supergraph_schema(composed.supergraph_sdl))
        return cls(scenario, build_schema(composed.api_schema_sdl), possible)

    def plan(self, operation: Operation) -> QueryPlan:
        return self.scenario.judge().planner.plan(operation.text, override_labels=self.scenario.world.labels)

    async def difference(
        self, operation: Operation, plan: QueryPlan, seed: str | None
    ) -> tuple[Difference | None, bool]:
        """What differs, and whether the structures held to the end."""
        on_structures = await self._run(operation, plan, seed, quick=True)
        on_dicts = await self._run(operation, plan, seed, quick=False)
        held = on_structures.encoded is not None
        if _shown(on_structures) == _shown(on_dicts):
            return None, held
        requests = [
            (n, query, given) for n, s in self.scenario.subgraphs.items() for query, given in s.requests
        ]
        return (
            Difference(
                self.scenario.model.seed, operation, _shown(on_dicts), _shown(on_structures), requests
            ),
            held,
        )

    async def _run(self, operation: Operation, plan: QueryPlan, seed: str | None, *, quick: bool) -> Outcome:
        document = parse(operation.text)
        (node,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        executable = ExecutableOperation(self.schema, self.possible, plan, node, fragments, quick=quick)
        self.scenario.world.mutations = 0
        services = {}
        for name, subgraph in self.scenario.subgraphs.items():
            subgraph.requests.clear()
            services[name] = Service(name, DamagingTransport(subgraph, seed), 60)
        limits = Limits(asyncio.get_running_loop().time() + 60, 1000, 10**9, 10**9)
        defaults = {
            d.variable.name.value: getattr(d.default_value, "value", None)
            for d in node.variable_definitions or ()
            if d.default_value is not None
        }
        variables = Variables(operation.variables, defaults | operation.variables)
        return await execute(executable, services, variables, lambda _: (), limits)


def _shown(outcome: Outcome) -> dict[str, Any]:
    if outcome.encoded is not None:
        data = json.loads(outcome.encoded)["data"]
    else:
        data = json.loads(msgspec.json.encode(outcome.data))
    errors = sorted(map(repr, (*outcome.errors, *outcome.completion)))
    return {"data": json.dumps(data), "errors": errors}
