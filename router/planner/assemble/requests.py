"""The requests of a plan: entity steps of one subgraph at one stage travel in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from router.operation import Defer
from router.operation.model import NO_CONDITIONS, Conditions
from router.plan import PlanNode
from router.planner.fetch_graph.steps import FetchStep


@dataclass(eq=False, slots=True)
class Request:
    """One request of the plan, and the requests it waits for."""

    steps: list[FetchStep]
    conditions: Conditions = NO_CONDITIONS
    parents: set[Request] = field(default_factory=set)
    node: PlanNode | None = None
    id: str | None = None
    """Set when a deferred part waits for it."""

    @property
    def defer(self) -> Defer | None:
        return self.steps[0].defer


def group_requests(steps: Iterable[FetchStep]) -> list[Request]:
    """Entity steps of one subgraph and stage together, every other step by itself."""
    requests: dict[object, Request] = {}
    request_of: dict[FetchStep, Request] = {}
    for step in steps:
        batchable = step.kind is None and step.is_batchable
        key = (step.turn, step.defer, step.stage, step.graph) if batchable else step
        request = requests.setdefault(key, Request([]))
        request.steps.append(step)
        request_of[step] = request
    for request in requests.values():
        request.parents = {request_of[parent] for step in request.steps for parent in step.parents}
    return sorted(requests.values(), key=lambda request: request.steps[0].stage)
