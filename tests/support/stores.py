"""Running an operation on structures and on dicts, with answers given in the test."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from graphql import build_schema, get_operation_ast, parse

from router.executor.execute import Limits, execute
from router.executor.execution import Service, Variables
from router.executor.operation import ExecutableOperation
from router.executor.outcome import Outcome
from router.executor.possible_types import possible_types
from router.plan import QueryPlan
from schema.api_schema import read_supergraph_schema
from tests.support.running import FakeSubgraph


def executable(schema: str, operation: str, plan: Any, *, quick: bool = True) -> ExecutableOperation:
    parsed = get_operation_ast(parse(operation))
    assert parsed is not None
    built = build_schema(schema, assume_valid=True)
    return ExecutableOperation(
        built, possible_types(read_supergraph_schema(schema)), QueryPlan(plan), parsed, {}, quick=quick
    )


async def run(
    operation: ExecutableOperation,
    subgraphs: Mapping[str, FakeSubgraph],
    given: Mapping[str, Any] | None = None,
) -> Outcome:
    services = {name: Service(name, subgraph, 5) for name, subgraph in subgraphs.items()}
    limits = Limits(asyncio.get_running_loop().time() + 60, 100, 10**9, 10**9)
    values = Variables(given or {}, given or {})
    return await execute(operation, services, values, lambda _: (), limits)


def text(outcome: Outcome) -> str:
    """The data as the client gets it, in its order."""
    if outcome.encoded is not None:
        return json.dumps(json.loads(outcome.encoded)["data"])
    return json.dumps(json.loads(msgspec.json.encode(outcome.data)))


Answers = Mapping[str, list[Any]]
"""What each subgraph answers, in turn."""


async def on_both(schema: str, operation: str, plan: Any, answers: Answers, **given: Any) -> dict[str, Any]:
    """The response, the same on both stores and on structures to the end; asserts that it is."""
    outcome = await same_on_both(schema, operation, plan, answers, **given)
    assert outcome.encoded is not None, "structures gave up"
    response: dict[str, Any] = json.loads(outcome.encoded)
    return response


async def same_on_both(schema: str, operation: str, plan: Any, answers: Answers, **given: Any) -> Outcome:
    """The outcome, on structures as far as they go; asserts that dicts alone give the same."""
    quick, careful = [
        await run(
            executable(schema, operation, plan, quick=way),
            {name: FakeSubgraph(*copy.deepcopy(each)) for name, each in answers.items()},
            given,
        )
        for way in (True, False)
    ]
    assert text(quick) == text(careful)
    assert errors(quick) == errors(careful)
    return quick


def errors(outcome: Outcome) -> list[str]:
    return sorted(map(repr, (*outcome.errors, *outcome.completion)))
