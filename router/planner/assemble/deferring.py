"""The plan around @defer: a `Defer` node with the requests of each part, and what each part waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from router.operation import Defer as DeferredFragment
from router.operation import Field, Operation
from router.plan import Defer, DeferDependency, DeferPrimary, DeferredNode, PlanNode
from router.planner.assemble.deferred_parts import Part, find_parts, subselection
from router.planner.assemble.order import steps_in_order
from router.planner.assemble.requests import Request
from router.planner.fetch_graph.steps import FetchGraph

Waits: TypeAlias = Mapping[DeferredFragment, set[Request]]


@dataclass(frozen=True, slots=True)
class Deferring:
    """The requests of an operation that defers. What a deferred part waits for gets an id."""

    requests: list[Request]
    parts: dict[DeferredFragment, Part]
    waits: Waits

    @classmethod
    def of(cls, operation: Operation, requests: list[Request], graph: FetchGraph) -> Deferring:
        waits = _waits(requests, graph)
        waited = [request for request in requests if any(request in each for each in waits.values())]
        for number, request in enumerate(waited):
            request.id = str(number)
        return cls(requests, find_parts(operation), waits)

    def node(self, part: DeferredFragment | None, fields: Iterable[Field]) -> PlanNode | None:
        """The part (None: the primary one) with all parts inside it."""
        node = steps_in_order([request for request in self.requests if request.defer is part])
        inner = [each for each in self.parts.values() if each.around is part]
        if not inner:
            return node
        primary = DeferPrimary(subselection(list(fields), part), node)
        return Defer(primary, tuple(self._deferred(each) for each in inner))

    def _deferred(self, part: Part) -> DeferredNode:
        node = self.node(part.fragment, part.fields)
        names = [request.id for request in self.waits.get(part.fragment, ()) if request.id is not None]
        selected = None if isinstance(node, Defer) else subselection(part.fields, part.fragment)
        depends = tuple(DeferDependency(name) for name in sorted(names, key=int))
        return DeferredNode(depends, part.path, selected, part.fragment.label, node)


def _waits(requests: list[Request], graph: FetchGraph) -> Waits:
    """What each deferred part waits for: requests of other parts that its own need, or that answer for it."""
    of_step = {step: request for request in requests for step in request.steps}
    waits = {part: {of_step[step] for step in steps} for part, steps in graph.answered.items()}
    for request in requests:
        if request.defer is not None:
            others = {parent for parent in request.parents if parent.defer is not request.defer}
            waits.setdefault(request.defer, set()).update(others)
    return waits
