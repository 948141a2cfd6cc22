"""Running a plan against answers given in the test: the executor without planner, network or HTTP."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from graphql import build_schema, get_operation_ast, parse

from router.executor.errors import ErrorPolicy, format_completion
from router.executor.execute import Limits, execute
from router.executor.execution import Service, Variables
from router.executor.operation import ExecutableOperation
from router.executor.possible_types import possible_types
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
    quick: bool = True

    async def __call__(self) -> dict[str, Any]:
        """The response, `errors` left out when there are none."""
        document = parse(self.operation)
        operation = get_operation_ast(document)
        assert operation is not None
        executable = ExecutableOperation(
            build_schema(self.schema, assume_valid=True),
            possible_types(read_supergraph_schema(self.schema)),
            QueryPlan(self.plan),
            operation,
            {},
            quick=self.quick,
        )
        services = {name: Service(name, subgraph, self.timeout) for name, subgraph in self.subgraphs.items()}
        deadline = asyncio.get_running_loop().time() + 60
        limits = Limits(deadline, self.max_fetches, self.max_bytes, 10**9)
        variables = Variables(self.variables, self.variables)
        outcome = await execute(executable, services, variables, lambda _: (), limits)
        data = msgspec.to_builtins(outcome.data)
        errors = [self.policy.format(error) for error in outcome.errors]
        errors += map(format_completion, outcome.completion)
        return {"data": data, "errors": errors} if errors else {"data": data}
