"""What a request's operation costs, before and after it is executed, and beside the answer for who asks."""

from __future__ import annotations

from typing import Any

import msgspec

from router.demand.check import Demand
from router.executor.execution import Variables
from router.executor.projection import ResponseData
from router.pipeline.prepare import PreparedOperation
from router.pipeline.request import RequestContext

EXPOSE_HEADER = "plait-expose-cost"


def estimated_cost(demand: Demand | None, operation: PreparedOperation, variables: Variables) -> float | None:
    """None where nothing is estimated. Raises `RefusedOperation` for what is too expensive."""
    if demand is None or operation.cost is None:
        return None
    return demand.check(operation.cost, variables.values, operation.name)


def cost_extensions(
    demand: Demand,
    operation: PreparedOperation,
    variables: Variables,
    context: RequestContext,
    data: ResponseData,
    estimated: float,
) -> dict[str, Any] | None:
    """Counts the answer where that is wanted. None where the client is not told."""
    assert operation.cost is not None
    actual = None
    if operation.cost.actual is not None:
        plain = msgspec.to_builtins(data) if isinstance(data, msgspec.Struct) else data
        actual = demand.count(operation.cost, plain, variables.values, operation.name)
    if not demand.config.expose or context.headers.get(EXPOSE_HEADER, "").lower() != "true":
        return None
    cost = {"estimated": estimated, "actual": actual, "max": demand.config.max_cost}
    return {"cost": {name: value for name, value in cost.items() if value is not None}}
