"""Costs against what is allowed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from router.config import DemandConfig
from router.demand.actual import Actual, actual
from router.demand.amount import Values
from router.demand.by_subgraph import subgraph_estimates
from router.demand.costs import Costs
from router.demand.estimate import Estimate, estimate
from router.errors import RefusedOperation
from router.operation import Operation
from router.plan import QueryPlan

logger = logging.getLogger(__name__)
COST_ACTUAL_TOO_EXPENSIVE = "COST_ACTUAL_TOO_EXPENSIVE"


class TooExpensive(RefusedOperation):
    """`where` is the subgraph that it is too expensive for, if it is one."""

    code = "COST_ESTIMATED_TOO_EXPENSIVE"

    def __init__(self, cost: float, limit: int, where: str | None = None) -> None:
        there = f" at subgraph {where}" if where is not None else ""
        message = f"The operation is estimated to cost {cost:g}{there}; at most {limit} is allowed."
        extensions: dict[str, Any] = {"code": self.code, "cost": {"estimated": cost, "max": limit}}
        if where is not None:
            extensions["service"] = where
        super().__init__(message, errors=[{"message": message, "extensions": extensions}])


@dataclass(frozen=True, slots=True)
class OperationCost:
    """Of a prepared operation. `actual` is None where answers are not counted."""

    estimate: Estimate
    actual: Actual | None
    subgraphs: tuple[tuple[str, int, Estimate], ...] = ()
    """Those with a limit of their own: name, limit, what their part costs."""
    fixed: float | None = None
    """The estimate, where no variable changes it and it is within all limits."""


@dataclass(frozen=True, slots=True)
class Demand:
    """For one supergraph."""

    costs: Costs
    config: DemandConfig

    @property
    def enforces(self) -> bool:
        return self.config.mode == "enforce"

    def cost_of(self, operation: Operation, plan: QueryPlan) -> OperationCost:
        """Raises `RefusedOperation` when it can tell without variables that something is missing."""
        counted = actual(operation, self.costs) if self.config.actual else None
        estimated = estimate(operation, self.costs, strict=self.enforces)
        cost = OperationCost(estimated, counted, tuple(self._by_subgraph(operation, plan)))
        return replace(cost, fixed=self._fixed(cost))

    def _fixed(self, cost: OperationCost) -> float | None:
        limited = [(self.config.max_cost, cost.estimate), *((limit, one) for _, limit, one in cost.subgraphs)]
        if any(callable(one.amount) for _, one in limited):
            return None
        is_within = all(limit is None or one.of({}) <= limit for limit, one in limited)
        return cost.estimate.of({}) if is_within else None

    def _by_subgraph(self, operation: Operation, plan: QueryPlan) -> Iterator[tuple[str, int, Estimate]]:
        config = self.config
        if config.max_subgraph_cost is None and not config.max_cost_by_subgraph:
            return
        for name, one in subgraph_estimates(operation, plan, self.costs).items():
            limit = config.max_cost_by_subgraph.get(name, config.max_subgraph_cost)
            if limit is not None:
                yield name, limit, one

    def estimate(self, cost: OperationCost, values: Values) -> float:
        """For these variables. Raises `SlicingArgumentRequired`."""
        return cost.estimate.of(values)

    def settle(self, estimated: float, cost: OperationCost, values: Values, name: str | None) -> None:
        """Raises `TooExpensive` for what is beyond a limit that is enforced."""
        self._settle(estimated, self.config.max_cost, None, name)
        for subgraph, limit, one in cost.subgraphs:
            self._settle(one.of(values), limit, subgraph, name)

    def _settle(self, cost: float, limit: int | None, where: str | None, name: str | None) -> None:
        if limit is None or cost <= limit:
            return
        if self.enforces:
            raise TooExpensive(cost, limit, where)
        place = "" if where is None else f" at subgraph {where}"
        logger.warning("Operation %s is estimated to cost %g%s, beyond %d", name, cost, place, limit)

    def count(
        self, cost: OperationCost, data: Mapping[str, Any] | None, values: Values, name: str | None
    ) -> float | None:
        """What the answer cost; None where answers are not counted."""
        if cost.actual is None:
            return None
        counted, limit = cost.actual.of(data, values), self.config.max_cost
        if limit is not None and counted > limit:
            logger.warning(
                "Operation %s cost %g, beyond %d: %s", name, counted, limit, COST_ACTUAL_TOO_EXPENSIVE
            )
        return counted
