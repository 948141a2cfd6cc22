"""What a request's operation costs, before and after it is executed, and beside the answer for who asks."""

from __future__ import annotations

from typing import Any

import msgspec

from router.demand.check import Demand
from router.executor.execution import Variables
from router.executor.projection import ResponseData
from router.pipeline.facts import OperationFacts
from router.pipeline.prepare import PreparedOperation
from router.pipeline.request import RequestContext

EXPOSE_HEADER = "plait-expose-cost"


def estimated_cost(
    demand: Demand | None, operation: PreparedOperation, variables: Variables, facts: OperationFacts | None
) -> float | None:
    """None where nothing is estimated. Raises `RefusedOperation` for what is too expensive, which whoever
    watches is told of as well.
    """
    cost = operation.cost
    if demand is None or cost is None:
        return None
    estimated = cost.fixed if cost.fixed is not None else demand.estimate(cost, variables.values)
    if facts is not None:
        facts.estimated_cost = estimated
    if cost.fixed is None:
        demand.settle(estimated, cost, variables.values, operation.name)
    return estimated


def actual_cost(
    demand: Demand, operation: PreparedOperation, variables: Variables, data: ResponseData
) -> float | None:
    """What the answer cost; None where answers are not counted."""
    if operation.cost is None or operation.cost.actual is None:
        return None
    plain = msgspec.to_builtins(data) if isinstance(data, msgspec.Struct) else data
    return demand.count(operation.cost, plain, variables.values, operation.name)


def cost_extensions(
    demand: Demand, context: RequestContext, estimated: float, actual: float | None
) -> dict[str, Any] | None:
    """None where the client is not told."""
    if not demand.config.expose or context.headers.get(EXPOSE_HEADER, "").lower() != "true":
        return None
    cost = {"estimated": estimated, "actual": actual, "max": demand.config.max_cost}
    return {"cost": {name: value for name, value in cost.items() if value is not None}}
