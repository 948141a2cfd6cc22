"""Running a plan against answers given in the test: the executor without planner, network or HTTP."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from graphql import build_schema, get_operation_ast, parse

from router.executor.compile_plan import compile_plan
from router.executor.errors import ErrorPolicy, format_completion, unexplained
from router.executor.execution import Execution, Service, Variables
from router.executor.possible_types import possible_types
from router.executor.projection import Projection
from router.plan import PlanNode, QueryPlan
from router.transport.base import SubgraphRequest, SubgraphResponse
from schema.api_schema import read_supergraph_schema

SHOW_ALL = ErrorPolicy(None, frozenset())


class FakeSubgraph:
    """Answers in order: a mapping is a payload, bytes a body, a response itself, an exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.requests: list[SubgraphRequest] = []
        self.gate: asyncio.Event | None = None
        self.asked = asyncio.Event()

    @property
    def variables(self) -> list[Mapping[str, Any]]:
        return [request.variables for request in self.requests]

    async def start(self) -> None:
        pass

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        self.requests.append(request)
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        answer = self._answers.pop(0)
        match answer:
            case BaseException():
                raise answer
            case SubgraphResponse():
                return answer
            case bytes():
                return SubgraphResponse(body=answer)
            case _:
                return SubgraphResponse(payload=copy.deepcopy(answer))

    async def aclose(self) -> None:
        pass


@dataclass
class Run:
    """A plan with its operation; `subgraphs` answer for it."""

    schema: str
    operation: str
    plan: PlanNode | None
    subgraphs: Mapping[str, FakeSubgraph]
    variables: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = 5
    max_bytes: int = 10**9
    max_fetches: int = 100
    policy: ErrorPolicy = SHOW_ALL

    async def __call__(self) -> dict[str, Any]:
        """The response, `errors` left out when there are none."""
        document = parse(self.operation)
        operation = get_operation_ast(document)
        assert operation is not None
        steps = compile_plan(
            QueryPlan(self.plan),
            possible_types(read_supergraph_schema(self.schema)),
            serial=operation.operation.value == "mutation",
        )
        execution = Execution(
            steps,
            {name: Service(name, subgraph, self.timeout) for name, subgraph in self.subgraphs.items()},
            Variables(self.variables, self.variables),
            lambda _: (),
            deadline=asyncio.get_running_loop().time() + 60,
            max_bytes=self.max_bytes,
            max_fetches=self.max_fetches,
        )
        await execution.run()
        schema = build_schema(self.schema, assume_valid=True)
        projected, completion = Projection(schema, operation, {}).project(execution.data, self.variables)
        data = msgspec.to_builtins(projected)
        told, gaps = execution.all_errors(steps, projected)
        errors = [self.policy.format(error) for error in told]
        errors += [format_completion(error) for error in unexplained(completion, told, gaps)]
        return {"data": data, "errors": errors} if errors else {"data": data}
