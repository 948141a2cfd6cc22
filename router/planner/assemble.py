"""Fetch graph → plan nodes.

    groups of one subgraph in one stage ──> a unit: one Fetch, or one BatchFetch of several parts
    units                               ──> Sequence and Parallel, by what waits for what

Units that have nothing to do with one another run side by side as sequences of their own, so that a slow one
only holds up what needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from router.operation import Defer as DeferredFragment
from router.operation import Field, Operation
from router.operation.minify import joined
from router.operation.model import Conditions
from router.plan import (
    BatchFetch,
    Defer,
    DeferDependency,
    DeferPrimary,
    DeferredNode,
    EntityBatch,
    Fetch,
    Flatten,
    Path,
    PlanNode,
    RequiredSelection,
    Rewrite,
)
from router.planner.arrange import Unit, arrange, make_units, sequence
from router.planner.defers import Part as DeferredPart
from router.planner.defers import find_parts, subselection
from router.planner.fetch_graph import FetchGraph, Group
from router.planner.print_fetch import (
    Body,
    input_rewrites,
    print_entities,
    print_operation,
    print_root,
    required_selections,
    used_variables,
)
from router.planner.rewrites import context_rewrites
from schema.supergraph import Supergraph, TypeKind

Waits: TypeAlias = dict[DeferredFragment, set[Unit]]

_NOT_A_NAME = re.compile(r"[^_0-9A-Za-z]")


class Assembler:
    """Numbers the requests of one plan."""

    def __init__(self, operation: Operation, supergraph: Supergraph) -> None:
        self.operation = operation
        self.names = tuple(subgraph.name for subgraph in supergraph.subgraphs)
        self.supergraph = supergraph
        self.count = 0
        self.ids = 0

    def assemble(self, graph: FetchGraph) -> PlanNode | None:
        units = make_units(graph.groups)
        parts = find_parts(self.operation) if self.operation.defers else {}
        waits = _waits(units, graph) if parts else {}
        for unit in units:  # what a deferred part waits for must have an id
            if any(unit in waited for waited in waits.values()):
                unit.id = str(self.ids)
                self.ids += 1
        for unit in units:
            self.fill(unit)
        if not parts:
            return self.steps(units, None)
        return self._deferring(units, parts, waits, None, self.operation.fields)

    def steps(self, units: list[Unit], block: DeferredFragment | None) -> PlanNode | None:
        """The requests of one part, by the steps of a mutation."""
        mine = [unit for unit in units if unit.block is block]
        serials = sorted({unit.groups[0].serial for unit in mine})
        return sequence(arrange([u for u in mine if u.groups[0].serial == serial]) for serial in serials)

    def _deferring(
        self,
        units: list[Unit],
        parts: dict[DeferredFragment, DeferredPart],
        waits: Waits,
        block: DeferredFragment | None,
        fields: Iterable[Field],
    ) -> PlanNode | None:
        node = self.steps(units, block)
        inner = [part for part in parts.values() if part.around is block]
        if not inner:
            return node
        primary = DeferPrimary(subselection(list(fields), block), node)
        return Defer(primary, tuple(self._deferred(units, parts, waits, part) for part in inner))

    def _deferred(
        self,
        units: list[Unit],
        parts: dict[DeferredFragment, DeferredPart],
        waits: Waits,
        part: DeferredPart,
    ) -> DeferredNode:
        node = self._deferring(units, parts, waits, part.fragment, part.fields)
        names = [unit.id for unit in waits.get(part.fragment, ()) if unit.id is not None]
        selected = None if isinstance(node, Defer) else subselection(part.fields, part.fragment)
        depends = tuple(DeferDependency(name) for name in sorted(names, key=int))
        return DeferredNode(depends, part.path, selected, part.fragment.label, node)

    def fill(self, unit: Unit) -> None:
        if len(unit.groups) == 1:
            group = unit.groups[0]
            unit.conditions = group.conditions
            fetch = self._fetch(group, unit.id)
            unit.node = Flatten(group.path, fetch) if group.path or group.kind is None else fetch
            return
        parts = self._parts(unit.groups)
        unit.conditions = frozenset.intersection(*(part.conditions for part in parts))
        if len(parts) == 1 and len(parts[0].paths) == 1:
            unit.node = Flatten(parts[0].paths[0], self._fetch_part(parts[0], unit.id))
        else:
            unit.node = self._batch(parts, unit.conditions, unit.id)

    def is_object(self, type_name: str) -> bool:
        return self.supergraph.types[type_name].kind is TypeKind.OBJECT

    def _head(self, kind: str, graph: int) -> tuple[str, str | None]:
        """`query Name__subgraph__3`, numbered only when the client's operation has a name."""
        number, self.count = self.count, self.count + 1
        if self.operation.name is None:
            return kind, None
        name = f"{self.operation.name}__{_NOT_A_NAME.sub('_', self.names[graph])}__{number}"
        return f"{kind} {name}", name

    def _fetch(self, group: Group, identity: str | None) -> Fetch:
        body = print_entities(group) if group.kind is None else print_root(group)
        names = body.variables | self.operation.directive_variables
        variables = used_variables(names, self.operation.variables)
        contexts = [(name, context.argument.type) for name, context, _ in group.contexts]
        kind = group.kind or "query"
        head, name = self._head(kind, group.graph)
        if group.kind is None:
            text = f"{{_entities(representations:$representations){body.text}}}"
            operation = print_operation(
                head, text, ["representations"], variables, contexts, self.operation.directives
            )
        else:
            operation = print_operation(head, body.text, (), variables, contexts, self.operation.directives)
        return Fetch(
            service_name=self.names[group.graph],
            operation=operation,
            operation_kind=kind,
            operation_name=name,
            variable_usages=(*(v.name for v in variables), *(name for name, _ in contexts)),
            requires=required_selections(group) if group.kind is None else (),
            id=identity,
            input_rewrites=input_rewrites(group),
            output_rewrites=tuple(group.output_rewrites),
            context_rewrites=context_rewrites(group),
        )

    def _fetch_part(self, part: Part, identity: str | None) -> Fetch:
        fetch = self._fetch(part.group, identity)
        return replace(fetch, requires=part.requires, input_rewrites=part.rewrites)

    def _parts(self, groups: list[Group]) -> list[Part]:
        """Groups that ask the same become one part with several paths; those that ask the same at the same
        paths of different object types, one part with a representation for each type.
        """
        parts: dict[object, Part] = {}
        for group in groups:
            body = print_entities(group)
            requires = required_selections(group)
            rewrites = input_rewrites(group)
            key = (body.text, requires, rewrites, group.conditions)
            known = parts.get(key)
            if known is None:
                known = parts[key] = Part(group, body, requires, rewrites, group.conditions)
            known.paths.append(group.path)
        return self._one_per_selection(parts.values())

    def _one_per_selection(self, parts: Iterable[Part]) -> list[Part]:
        merged: dict[object, Part] = {}
        for part in parts:
            types = [r.on for r in part.group.requires.values()]
            concrete = all(self.is_object(name) for name in types)
            key = (part.body.text, part.conditions, tuple(part.paths)) if concrete else part
            known = merged.setdefault(key, part)
            if known is not part:
                known.requires += part.requires
                known.rewrites += part.rewrites
        return list(merged.values())

    def _batch(self, parts: list[Part], common: Conditions, identity: str | None) -> BatchFetch:
        graph = parts[0].group.graph
        variables = self.operation.directive_variables.union(*(p.body.variables for p in parts))
        names = [f"a{number}" for number in range(len(parts))]
        used = used_variables(variables, self.operation.variables)
        while any(name in self.operation.variables for name in names):
            names = [f"_{name}" for name in names]
        head, operation_name = self._head("query", graph)
        texts = [
            f"{name}:_entities(representations:${name}){part.body.text}"
            for name, part in zip(names, parts, strict=True)
        ]
        entities = tuple(
            EntityBatch(
                alias=name,
                variable=name,
                paths=tuple(part.paths),
                requires=part.requires,
                input_rewrites=part.rewrites,
                output_rewrites=tuple(part.group.output_rewrites),
                condition=tuple(sorted(part.conditions - common)),
            )
            for name, part in zip(names, parts, strict=True)
        )
        return BatchFetch(
            service_name=self.names[graph],
            operation=print_operation(
                head, "{" + joined(texts) + "}", names, used, directives=self.operation.directives
            ),
            entities=entities,
            operation_name=operation_name,
            variable_usages=tuple(v.name for v in used),
            id=identity,
        )


def _waits(units: list[Unit], graph: FetchGraph) -> Waits:
    """What each deferred part waits for: requests of other parts that its own need, or that answer for it."""
    unit_of = {group: unit for unit in units for group in unit.groups}
    waits: Waits = {part: {unit_of[group] for group in groups} for part, groups in graph.answered.items()}
    for unit in units:
        if unit.block is not None:
            others = {parent for parent in unit.parents if parent.block is not unit.block}
            waits.setdefault(unit.block, set()).update(others)
    return waits


@dataclass(eq=False, slots=True)
class Part:
    """One aliased `_entities` field of a BatchFetch, while it is put together."""

    group: Group
    body: Body
    requires: tuple[RequiredSelection, ...]
    rewrites: tuple[Rewrite, ...]
    conditions: Conditions
    paths: list[Path] = field(default_factory=list)
