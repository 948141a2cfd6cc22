"""Fetch graph → plan nodes.

    steps of one subgraph at one stage ──> a request: one Fetch, or one BatchFetch of several parts
    requests                           ──> Sequence and Parallel, by what waits for what
    requests of deferred parts         ──> Defer

Requests that have nothing to do with one another run side by side as sequences of their own, so that a slow
one only holds up what needs it.
"""

from __future__ import annotations

from router.operation import Operation
from router.plan import PlanNode
from router.planner.assemble.deferring import Deferring
from router.planner.assemble.fetches import Fetches
from router.planner.assemble.order import steps_in_order
from router.planner.assemble.requests import group_requests
from router.planner.fetch_graph.steps import FetchGraph
from schema.supergraph import Supergraph


def assemble(graph: FetchGraph, operation: Operation, supergraph: Supergraph) -> PlanNode | None:
    """The plan of a fetch graph; None when nothing is asked. O(requests² + fields)."""
    requests = group_requests(graph.steps)
    deferring = Deferring.of(operation, requests, graph) if operation.defers else None
    fetches = Fetches(operation, supergraph)
    for request in requests:
        fetches.write(request)
    if deferring is None:
        return steps_in_order(requests)
    return deferring.node(None, operation.fields)
