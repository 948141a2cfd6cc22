"""Entity moves: from what is known at a position into other subgraphs.

    to_field            every useful one into a subgraph that resolves a field; what it @requires first
    with_contexts       those that take the contexts of what is selected below along
    to_real_interface   for an @interfaceObject: the position seen from the subgraphs that know the types

`router.planner.search.key_moves` finds those that need no more than a key.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from router.operation import Field
from router.planner.search.contexts import context_edges, context_inputs
from router.planner.search.key_moves import ALTERNATIVES, KeyMoves
from router.planner.search.moves import ContextInput, EntityMove, Move, Position
from router.planner.search.options import Option, Pick
from schema.graph import FieldEdge, NodeKind
from schema.supergraph import ContextArgument

if TYPE_CHECKING:
    from router.planner.search.fields import Search


class EntityMoves:
    def __init__(self, search: Search) -> None:
        self.search = search
        self.graph = search.graph
        self.footprints = search.footprints
        self.by_key = KeyMoves(search)
        self.circles = 0
        """How often a @requires was found to need itself."""

    def to_field(
        self, position: Position, field: Field, direct: Iterable[tuple[Move, FieldEdge]]
    ) -> list[EntityMove]:
        """Into subgraphs that resolve the field and are not among the earliest that do so already."""
        soonest = min((move.stage for move in position.moves), default=0)
        have = {move.node.graph for move, _ in direct if move.stage <= soonest}
        found: list[EntityMove] = []
        if position.type_name in self.search.facts.root_types:
            if not position.path:
                return []
            return self._to_root(position, field, have)
        for graph in self.graph.resolvers(position.type_name, field.name):
            if graph in have:
                continue
            for move in self.by_key.to(position, graph):
                edge = move.node.fields.get(field.name)
                if edge is None:
                    continue
                if edge.conditional:
                    found += self._conditional(position, move, edge)
                else:
                    found.append(move)
        return found

    def _to_root(self, position: Position, field: Field, have: set[int]) -> list[EntityMove]:
        """A root type below the root: any subgraph continues it, without a key."""
        found: list[EntityMove] = []
        for graph in self.graph.graphs_of(position.type_name):
            node = self.graph.node(position.type_name, graph)
            if graph not in have and node is not None and field.name in node.fields:
                for base in (*position.moves, *position.key_moves)[:ALTERNATIVES]:
                    stage = base.stage + 1
                    footprint = base.footprint | self.footprints.root(stage, graph)
                    move = EntityMove(node, footprint, stage, position, Pick(base, None), (), True)
                    found.append(_remembered(position, move))
        return found

    # What a field requires

    def _conditional(self, position: Position, move: EntityMove, edge: FieldEdge) -> list[EntityMove]:
        """The entity move once the fields that `edge` requires are known, and its contexts."""
        known = position.conditional.get((move, edge.name))
        if known is not None:
            return known
        name = (move.node.graph, edge.name)
        if name in position.pending:
            self.circles += 1
            return []
        position.pending.add(name)
        circles = self.circles
        try:
            found = self._with_required(position, move, edge)
        finally:
            position.pending.discard(name)
        if circles == self.circles:  # else a part was left out only because it was being searched just then
            position.conditional[move, edge.name] = found
        return found

    def _with_required(self, position: Position, move: EntityMove, edge: FieldEdge) -> list[EntityMove]:
        required = self.search.facts.field_set(position.type_name, edge.requires)
        options = [Option(move.input_footprint, 0, move.inputs)]
        if required:
            options = self.footprints.combine(options, self.search.options(position, required))
        contexts = context_inputs(self.search, position, edge)
        if contexts is None:
            return []
        for _, answers in contexts:
            options = self.footprints.combine(options, answers)
        inputs = tuple(context for context, _ in contexts)
        return self._after(position, move, options, (*move.required, *required), inputs)

    # Contexts

    def with_contexts(self, position: Position, field: Field) -> list[EntityMove]:
        """Those that take along the contexts of fields below `field`, for objects that have no key there."""
        found: list[EntityMove] = []
        for graph in self.graph.resolvers(position.type_name, field.name):
            for move in self.by_key.to(position, graph):
                edge = move.node.fields.get(field.name)
                if edge is None or edge.conditional:
                    continue
                edges = list(context_edges(edge.head, field.children))
                if edges:
                    found += self._with_contexts(position, move, edges)
        return found

    def _with_contexts(
        self, position: Position, move: EntityMove, edges: list[FieldEdge]
    ) -> list[EntityMove]:
        options = [Option(move.input_footprint, 0, move.inputs)]
        contexts: dict[tuple[ContextArgument, Position], ContextInput] = {}
        for edge in edges:
            for context, answers in context_inputs(self.search, position, edge) or ():
                contexts[context.argument, context.position] = context
                options = self.footprints.combine(options, answers)
        if not contexts:
            return []
        return self._after(position, move, options, move.required, tuple(contexts.values()))

    def _after(
        self,
        position: Position,
        move: EntityMove,
        options: list[Option],
        required: tuple[Field, ...],
        contexts: tuple[ContextInput, ...],
    ) -> list[EntityMove]:
        """The entity move again, after more inputs."""
        return [self._again(position, move, each, required, contexts) for each in options[:ALTERNATIVES]]

    def _again(
        self,
        position: Position,
        move: EntityMove,
        inputs: Option,
        required: tuple[Field, ...],
        contexts: tuple[ContextInput, ...],
    ) -> EntityMove:
        footprint, _, picks = inputs
        stage = self.footprints.last_stage(footprint) + 1
        total = footprint | self.footprints.entity(stage, move.node.graph)
        return EntityMove(
            move.node,
            total,
            stage,
            position,
            picks,
            required,
            contexts=contexts,
            input_footprint=footprint,
        )

    # Interface objects

    def to_real_interface(self, position: Position) -> Position | None:
        """The position as subgraphs see it that have the real interface; None when none can be asked."""
        if position.real_interface is None:
            found: list[Move] = []
            for edge in self.graph.entries(position.type_name):
                if edge.head.kind is NodeKind.INTERFACE:
                    entered = self.by_key.to(position, edge.head.graph)
                    found += [move for move in entered if move.node is edge.head]
            position.real_interface = position.seen_with(list(dict.fromkeys(found)), position)
        return position.real_interface if position.real_interface.moves else None


def _remembered(position: Position, move: EntityMove) -> EntityMove:
    """The same entity move for every field that wants it."""
    known = position.entity_moves.setdefault(move.node.graph, [])
    for other in known:
        if other.footprint == move.footprint and other.is_root == move.is_root:
            return other
    known.append(move)
    return move
