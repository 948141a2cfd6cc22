"""Requests in order: what waits for what becomes Sequence and Parallel, conditions become Condition nodes.

Layers of what is ready, one after another; wherever the rest falls apart into parts that share nothing, each
goes on as a sequence of its own, so that a slow request only holds up what needs it. O(requests²).
"""

from __future__ import annotations

from collections.abc import Iterable

from router.operation.model import Conditions
from router.plan import Condition, Parallel, PlanNode, Sequence
from router.planner.assemble.requests import Request


def steps_in_order(requests: list[Request]) -> PlanNode | None:
    """The requests of one part; a mutation's turns one after another."""
    turns = sorted({request.steps[0].turn for request in requests})
    return sequence(in_order([r for r in requests if r.steps[0].turn == turn]) for turn in turns)


def in_order(requests: list[Request]) -> PlanNode | None:
    """Layers of what is ready, split wherever the rest falls apart into parts that share nothing."""
    if len(requests) < 2:
        return conditional(requests)
    components = _components(requests)
    if len(components) > 1:
        ready = [component[0] for component in components if len(component) == 1]
        longer = [in_order(component) for component in components if len(component) > 1]
        return parallel([node for node in (conditional(ready), *longer) if node is not None])
    remaining = set(requests)
    ready = [request for request in requests if not request.parents & remaining]
    rest = [request for request in requests if request not in ready]
    return sequence([conditional(ready), in_order(rest)])


def _components(requests: list[Request]) -> list[list[Request]]:
    """Connected parts of the graph of requests, in order."""
    index = {request: number for number, request in enumerate(requests)}
    label = list(range(len(requests)))

    def find(number: int) -> int:
        while label[number] != number:
            label[number] = label[label[number]]
            number = label[number]
        return number

    for request in requests:
        for parent in request.parents:
            if parent in index:
                first, second = find(index[request]), find(index[parent])
                label[max(first, second)] = min(first, second)
    components: dict[int, list[Request]] = {}
    for request in requests:
        components.setdefault(find(index[request]), []).append(request)
    return list(components.values())


def conditional(requests: list[Request]) -> PlanNode | None:
    """Requests side by side, those under a condition inside a Condition node for its variable."""
    return _conditional(
        [(request.conditions, request.node) for request in requests if request.node is not None]
    )


def _conditional(items: list[tuple[Conditions, PlanNode]]) -> PlanNode | None:
    nodes = [node for conditions, node in items if not conditions]
    waiting = [(conditions, node) for conditions, node in items if conditions]
    while waiting:
        variable = min(waiting[0][0])[0]
        on, off = (variable, True), (variable, False)
        nodes.append(
            Condition(
                variable,
                _conditional([(c - {on}, n) for c, n in waiting if on in c]),
                _conditional([(c - {off}, n) for c, n in waiting if off in c]),
            )
        )
        waiting = [(c, n) for c, n in waiting if on not in c and off not in c]
    return parallel(nodes)


def parallel(nodes: list[PlanNode]) -> PlanNode | None:
    flat = [inner for node in nodes for inner in (node.nodes if isinstance(node, Parallel) else (node,))]
    return None if not flat else flat[0] if len(flat) == 1 else Parallel(tuple(flat))


def sequence(nodes: Iterable[PlanNode | None]) -> PlanNode | None:
    flat: list[PlanNode] = []
    for node in nodes:
        if isinstance(node, Sequence):
            flat += node.nodes
        elif node is not None:
            flat.append(node)
    return None if not flat else flat[0] if len(flat) == 1 else Sequence(tuple(flat))
