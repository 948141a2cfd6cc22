"""Jumps: from the homes of a position to other subgraphs, by key.

    to_field     every useful jump to a subgraph that resolves a field; what it @requires is solved first
    to           jumps to one subgraph: directly with a key the homes have, else along a chain
    real         for an @interfaceObject: the position seen from the subgraphs that know the types

A chain is found by waves, stage by stage: all subgraphs whose key is known from the homes reached so far join
them, until nothing new is reached. O(subgraphs x keys) for each wave, and only when no direct jump exists
from the earliest homes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from router.operation import Field
from router.planner.contexts import context_edges, context_inputs
from router.planner.homes import ContextInput, Home, Jump, Position
from router.planner.options import Option, Pick
from schema.graph import FieldEdge, KeyEdge, NodeKind
from schema.supergraph import ContextArgument

if TYPE_CHECKING:
    from router.planner.solve import Solver

ALTERNATIVES = 3
"""Jumps to one subgraph that are kept, cheapest first."""


class Jumps:
    def __init__(self, solver: Solver) -> None:
        self.solver = solver
        self.graph = solver.graph
        self.footprints = solver.footprints
        self.circles = 0
        """How often a @requires was found to need itself."""

    def to_field(
        self, position: Position, field: Field, direct: Iterable[tuple[Home, FieldEdge]]
    ) -> list[Jump]:
        """Jumps to subgraphs that resolve the field and are not among the earliest that do so already."""
        soonest = min((home.stage for home in position.homes), default=0)
        have = {home.node.graph for home, _ in direct if home.stage <= soonest}
        found: list[Jump] = []
        if position.type_name in self.solver.knowledge.root_types:
            if not position.path:
                return []
            return self.to_root(position, field, have)
        for graph in self.graph.resolvers(position.type_name, field.name):
            if graph in have:
                continue
            for jump in self.to(position, graph):
                edge = jump.node.fields.get(field.name)
                if edge is None:
                    continue
                if edge.conditional:
                    found += self.conditional(position, jump, edge)
                else:
                    found.append(jump)
        return found

    def to_root(self, position: Position, field: Field, have: set[int]) -> list[Jump]:
        """A root type below the root: any subgraph continues it, without a key."""
        found: list[Jump] = []
        for graph in self.graph.graphs_of(position.type_name):
            node = self.graph.node(position.type_name, graph)
            if graph not in have and node is not None and field.name in node.fields:
                for home in (*position.homes, *position.inputs)[:ALTERNATIVES]:
                    stage = home.stage + 1
                    footprint = home.footprint | self.footprints.root(stage, graph)
                    pick = Pick(home, None)
                    jump = self._remember(position, Jump(node, footprint, stage, position, pick, (), True))
                    found.append(jump)
        return found

    def _remember(self, position: Position, jump: Jump) -> Jump:
        """The same jump for every field that wants it."""
        known = position.jumps.setdefault(jump.node.graph, [])
        for other in known:
            if other.footprint == jump.footprint and other.is_root == jump.is_root:
                return other
        known.append(jump)
        return jump

    def to(self, position: Position, graph: int) -> list[Jump]:
        found = position.jumps.get(graph)
        if found is None:
            edges = [e for e in self.graph.entries(position.type_name) if e.head.graph == graph]
            homes = [*position.homes, *position.inputs]
            found = [jump for edge in edges for jump in self.by_key(position, edge, homes)]
            soonest = min((home.stage for home in homes), default=0) + 1
            if edges and all(jump.stage > soonest for jump in found):
                found += self.chained(position).get(graph, [])
            found = position.jumps[graph] = self.cheapest(found)
        return found

    def cheapest(self, jumps: list[Jump]) -> list[Jump]:
        jumps.sort(key=lambda jump: (jump.stage, jump.footprint.bit_count()))
        kept: list[Jump] = []
        for jump in jumps:
            if not any(k.footprint | jump.footprint == jump.footprint and k.node is jump.node for k in kept):
                kept.append(jump)
        return kept[:ALTERNATIVES]

    def by_key(self, position: Position, edge: KeyEdge, homes: list[Home]) -> list[Jump]:
        """Jumps over one key, from what the homes know without a jump at this position."""
        key = self.solver.knowledge.internal(position.type_name, edge.key)
        found = []
        for footprint, _, picks in self.known(position, key, homes)[:ALTERNATIVES]:
            stage = self.footprints.last_stage(footprint) + 1
            total = footprint | self.footprints.entity(stage, edge.head.graph)
            jump = Jump(edge.head, total, stage, position, picks, key, input_footprint=footprint)
            found.append(jump)
        return found

    def known(self, position: Position, fields: tuple[Field, ...], homes: list[Home]) -> list[Option]:
        """Options for internal fields from these homes alone; below them, other positions may jump."""
        options: list[Option] = [(home.footprint, 0, Pick(home, None, internal=True)) for home in homes]
        for field in fields:
            answers: list[Option] = []
            for home in homes:
                answers += self.known_field(position, field, home)
            if not answers:
                return []
            options = self.footprints.combine(options, self.footprints.prune(answers))
        return options

    def known_field(self, position: Position, field: Field, home: Home) -> list[Option]:
        solver = self.solver
        if solver.is_local(home.node, field):
            return [(home.footprint, 1, Pick(home, field, internal=True))]
        if not field.children or field.on is not None:
            return []
        edge = home.node.fields.get(field.name)
        if edge is None or edge.conditional:
            return []
        below = solver.below(position, field)
        below.homes.append(solver.local(home, edge, field, position))
        return solver.solve(below, field.children)

    def chained(self, position: Position) -> dict[int, list[Jump]]:
        """The jumps to every subgraph that can be reached at all, by waves."""
        if position.waves is None:
            position.waves = self._waves(position)
        return position.waves

    def _waves(self, position: Position) -> dict[int, list[Jump]]:
        reached: dict[int, list[Jump]] = {}
        homes = [*position.homes, *position.inputs]
        waiting = list(self.graph.entries(position.type_name))
        stage = min((home.stage for home in homes), default=0)
        while waiting and stage <= max(home.stage for home in homes):
            known = [home for home in homes if home.stage <= stage]
            wave = [(edge, self.by_key(position, edge, known)) for edge in waiting]
            waiting = [edge for edge, jumps in wave if not jumps]
            for _, jumps in wave:
                for jump in jumps:
                    reached.setdefault(jump.node.graph, []).append(jump)
                homes += jumps
            stage += 1
        return {graph: self.cheapest(jumps) for graph, jumps in reached.items()}

    def conditional(self, position: Position, jump: Jump, edge: FieldEdge) -> list[Jump]:
        """The jump once the fields that `edge` requires are known, and its contexts."""
        known = position.conditional.get((jump, edge.name))
        if known is not None:
            return known
        name = (jump.node.graph, edge.name)
        if name in position.pending:
            self.circles += 1
            return []
        position.pending.add(name)
        circles = self.circles
        try:
            found = self._conditional(position, jump, edge)
        finally:
            position.pending.discard(name)
        if circles == self.circles:  # else a part was left out only because it was being solved just then
            position.conditional[jump, edge.name] = found
        return found

    def _conditional(self, position: Position, jump: Jump, edge: FieldEdge) -> list[Jump]:
        required = self.solver.knowledge.internal(position.type_name, edge.requires)
        options: list[Option] = [(jump.input_footprint, 0, jump.inputs)]
        if required:
            options = self.footprints.combine(options, self.solver.solve(position, required))
        contexts = context_inputs(self.solver, position, edge)
        if contexts is None:
            return []
        for _, answers in contexts:
            options = self.footprints.combine(options, answers)
        inputs = tuple(context for context, _ in contexts)
        return self._made(position, jump, options, (*jump.required, *required), inputs)

    def with_contexts(self, position: Position, field: Field) -> list[Jump]:
        """Jumps that take along the contexts of fields below `field`, for objects that have no key there."""
        found: list[Jump] = []
        for graph in self.graph.resolvers(position.type_name, field.name):
            for jump in self.to(position, graph):
                edge = jump.node.fields.get(field.name)
                if edge is None or edge.conditional:
                    continue
                edges = list(context_edges(edge.head, field.children))
                if edges:
                    found += self._with_contexts(position, jump, edges)
        return found

    def _with_contexts(self, position: Position, jump: Jump, edges: list[FieldEdge]) -> list[Jump]:
        options: list[Option] = [(jump.input_footprint, 0, jump.inputs)]
        contexts: dict[tuple[ContextArgument, Position], ContextInput] = {}
        for edge in edges:
            for context, answers in context_inputs(self.solver, position, edge) or ():
                contexts[context.argument, context.position] = context
                options = self.footprints.combine(options, answers)
        if not contexts:
            return []
        return self._made(position, jump, options, jump.required, tuple(contexts.values()))

    def _made(
        self,
        position: Position,
        jump: Jump,
        options: list[Option],
        required: tuple[Field, ...],
        contexts: tuple[ContextInput, ...],
    ) -> list[Jump]:
        """The jump again, with more inputs."""
        found = []
        for footprint, _, picks in options[:ALTERNATIVES]:
            stage = self.footprints.last_stage(footprint) + 1
            total = footprint | self.footprints.entity(stage, jump.node.graph)
            found.append(
                Jump(
                    jump.node,
                    total,
                    stage,
                    position,
                    picks,
                    required,
                    contexts=contexts,
                    input_footprint=footprint,
                )
            )
        return found

    def real(self, position: Position) -> Position | None:
        """The position as subgraphs see it that have the real interface; None when none can be asked."""
        if position.real is None:
            jumps: list[Home] = []
            for edge in self.graph.entries(position.type_name):
                if edge.head.kind is NodeKind.INTERFACE:
                    jumps += [j for j in self.to(position, edge.head.graph) if j.node is edge.head]
            homes = list(dict.fromkeys(jumps))
            position.real = position.seen_with(homes, position)
        return position.real if position.real.homes else None
