"""Units in order: what waits for what becomes Sequence and Parallel, conditions become Condition nodes.

Layers of what is ready, one after another; wherever the rest falls apart into parts that share nothing, each
goes on as a sequence of its own, so that a slow request only holds up what needs it. O(units²).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from router.operation import Defer as DeferredFragment
from router.operation.model import NO_CONDITIONS, Conditions
from router.plan import Condition, Parallel, PlanNode, Sequence
from router.planner.fetch_graph import Group


@dataclass(eq=False, slots=True)
class Unit:
    """One request of the plan, and the requests it waits for."""

    groups: list[Group]
    conditions: Conditions = NO_CONDITIONS
    parents: set[Unit] = field(default_factory=set)
    node: PlanNode | None = None
    id: str | None = None
    """Set when a deferred part waits for it."""

    @property
    def block(self) -> DeferredFragment | None:
        return self.groups[0].block


def make_units(groups: Iterable[Group]) -> list[Unit]:
    """Entity groups of one subgraph and stage together, every other group by itself."""
    units: dict[object, Unit] = {}
    unit_of: dict[Group, Unit] = {}
    for group in groups:
        batchable = group.kind is None and group.is_batchable
        key = (group.serial, group.block, group.stage, group.graph) if batchable else group
        unit = units.setdefault(key, Unit([]))
        unit.groups.append(group)
        unit_of[group] = unit
    for unit in units.values():
        unit.parents = {unit_of[parent] for group in unit.groups for parent in group.parents}
    return sorted(units.values(), key=lambda unit: unit.groups[0].stage)


def arrange(units: list[Unit]) -> PlanNode | None:
    """Layers of what is ready, split wherever the rest falls apart into parts that share nothing."""
    if not units:
        return None
    components = _components(units)
    if len(components) > 1:
        ready = [component[0] for component in components if len(component) == 1]
        longer = [arrange(component) for component in components if len(component) > 1]
        return parallel([node for node in (conditional(ready), *longer) if node is not None])
    remaining = set(units)
    ready = [unit for unit in units if not unit.parents & remaining]
    rest = [unit for unit in units if unit not in ready]
    return sequence([conditional(ready), arrange(rest)])


def _components(units: list[Unit]) -> list[list[Unit]]:
    """Connected parts of the graph of units, in order."""
    index = {unit: number for number, unit in enumerate(units)}
    label = list(range(len(units)))

    def find(number: int) -> int:
        while label[number] != number:
            label[number] = label[label[number]]
            number = label[number]
        return number

    for unit in units:
        for parent in unit.parents:
            if parent in index:
                first, second = find(index[unit]), find(index[parent])
                label[max(first, second)] = min(first, second)
    components: dict[int, list[Unit]] = {}
    for unit in units:
        components.setdefault(find(index[unit]), []).append(unit)
    return list(components.values())


def conditional(units: list[Unit]) -> PlanNode | None:
    """Units side by side, those under a condition inside a Condition node for its variable."""
    return _conditional([(unit.conditions, unit.node) for unit in units if unit.node is not None])


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
