"""Requests that may wait move to a later stage in which their subgraph is asked anyway.

A step may move until the stage before its first child, and leaf steps until the last stage, so the number
of stages stays the same. Steps are moved only where that saves a request: all steps of a subgraph in a
stage must be able to go to the same later one. Later stages are looked at first, so that what hangs on a
moved step gains room. O(steps²) at worst, over a handful of steps.
"""

from __future__ import annotations

from router.operation import Defer
from router.planner.fetch_graph.merge_steps import merge_steps
from router.planner.fetch_graph.steps import FetchGraph, FetchStep


def delay(graph: FetchGraph) -> None:
    """Moves steps and merges those that meet at the same path."""
    if len(graph.steps) < 3:
        return
    children = _children(graph.steps)
    stages = sorted({step.stage for step in graph.steps}, reverse=True)
    last: dict[_Part, int] = {}
    for step in graph.steps:
        last[_part(step)] = max(step.stage, last.get(_part(step), 0))
    moved = False
    for stage in stages[1:]:
        for asked in dict.fromkeys((s.graph, _part(s)) for s in graph.steps if s.stage == stage):
            moved |= _move(graph.steps, children, stage, asked, last)
    if moved:
        merge_steps(graph)


_Part = tuple[int, Defer | None]
"""Requests are only moved within a turn of a mutation, and within a deferred part."""


def _part(step: FetchStep) -> _Part:
    return step.turn, step.defer


def _children(steps: list[FetchStep]) -> dict[FetchStep, list[FetchStep]]:
    children: dict[FetchStep, list[FetchStep]] = {step: [] for step in steps}
    for step in steps:
        for parent in step.parents:
            children[parent].append(step)
    return children


def _move(
    steps: list[FetchStep],
    children: dict[FetchStep, list[FetchStep]],
    stage: int,
    asked: tuple[int, _Part],
    last: dict[_Part, int],
) -> bool:
    subgraph, part = asked
    mine = [s for s in steps if s.graph == subgraph and _part(s) == part]
    movers = [s for s in mine if s.stage == stage]
    if any(s.kind is not None or not s.is_batchable for s in movers):
        return False
    latest = min(min((c.stage for c in children[s]), default=last[part] + 1) - 1 for s in movers)
    targets = {s.stage for s in mine if stage < s.stage <= latest and s.kind is None and s.is_batchable}
    if not targets:
        return False
    for step in movers:
        step.stage = min(targets)
    return True
