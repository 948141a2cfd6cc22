"""The plan as a mermaid flowchart: one box a request, arrows from what must have answered before.

    flowchart LR
      n0["users<br/>me"] --> n1["posts<br/>me"]

Nodes of a `Sequence` follow one another, those of a `Parallel` share their predecessors. An arrow into a
condition's branch carries the condition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Sequence,
    Subscription,
)
from router.plan.paths import Path, shown_path


@dataclass(frozen=True, slots=True)
class _End:
    """A box that later boxes wait for, and what is written on the arrow from it."""

    box: str
    label: str = ""


@dataclass(slots=True)
class _Chart:
    lines: list[str] = field(default_factory=lambda: ["flowchart LR"])
    boxes: int = 0

    def box(self, text: str, before: Iterable[_End]) -> _End:
        name = f"n{self.boxes}"
        self.boxes += 1
        self.lines.append(f'  {name}["{text.replace(chr(34), "#quot;")}"]')
        for end in before:
            arrow = f'-- "{end.label}" -->' if end.label else "-->"
            self.lines.append(f"  {end.box} {arrow} {name}")
        return _End(name)


def plan_to_mermaid(plan: QueryPlan) -> str:
    """A `flowchart`, to paste where mermaid is rendered."""
    chart = _Chart()
    if plan.node is None:
        chart.box("no subgraph is asked", ())
    else:
        _draw(chart, plan.node, [], ())
    return "\n".join(chart.lines)


def _draw(chart: _Chart, node: PlanNode, before: list[_End], path: Path) -> list[_End]:
    match node:
        case Fetch():
            return [chart.box(_text(node.service_name, [path]), before)]
        case BatchFetch():
            return [chart.box(_text(node.service_name, [p for e in node.entities for p in e.paths]), before)]
        case Flatten(inner_path, inner):
            return _draw(chart, inner, before, inner_path)
        case Sequence(nodes):
            for inner in nodes:
                before = _draw(chart, inner, before, path)
            return before
        case Parallel(nodes):
            return [end for inner in nodes for end in _draw(chart, inner, before, path)]
        case Condition():
            return _draw_condition(chart, node, before, path)
        case Defer():
            return _draw_defer(chart, node, before, path)
        case Subscription():
            ends = _draw(chart, node.primary, before, path)
            return ends if node.rest is None else _draw(chart, node.rest, ends, path)
        case _:
            assert_never(node)


def _text(service: str, paths: list[Path]) -> str:
    return "<br/>".join([service, *(shown_path(path) for path in paths if path)])


def _draw_condition(chart: _Chart, node: Condition, before: list[_End], path: Path) -> list[_End]:
    clauses = ((node.if_clause, f"if ${node.condition}"), (node.else_clause, f"if not ${node.condition}"))
    ends: list[_End] = []
    for clause, label in clauses:
        if clause is not None:
            start = before or [chart.box("start", ())]
            ends += _draw(chart, clause, [_End(end.box, label) for end in start], path)
    return ends


def _draw_defer(chart: _Chart, node: Defer, before: list[_End], path: Path) -> list[_End]:
    ends = before if node.primary.node is None else _draw(chart, node.primary.node, before, path)
    for deferred in node.deferred:
        if deferred.node is not None:
            label = f"defer {deferred.label}" if deferred.label else "defer"
            _draw(chart, deferred.node, [_End(end.box, label) for end in ends], path)
    return ends
