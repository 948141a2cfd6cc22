"""Entity moves by key: from the moves to a position into other subgraphs.

    to         the entity moves into one subgraph: directly with a key that is known, else along a chain
    by_key     over one key, from what given moves know

A chain is found stage by stage: all subgraphs whose key is known from what is reached so far join it, until
nothing new is reached. O(subgraphs x keys) for each stage, and only when no direct move exists from the
earliest ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from router.operation import Field
from router.planner.search.moves import EntityMove, Move, Position
from router.planner.search.options import Option, Pick
from schema.graph import KeyEdge

if TYPE_CHECKING:
    from router.planner.search.fields import Search

ALTERNATIVES: Final = 3
"""Entity moves into one subgraph that are kept, cheapest first."""


class KeyMoves:
    def __init__(self, search: Search) -> None:
        self.search = search
        self.graph = search.graph
        self.footprints = search.footprints

    def to(self, position: Position, graph: int) -> list[EntityMove]:
        found = position.entity_moves.get(graph)
        if found is None:
            edges = [e for e in self.graph.entries(position.type_name) if e.head.graph == graph]
            known = [*position.moves, *position.key_moves]
            found = [move for edge in edges for move in self.by_key(position, edge, known)]
            soonest = min((move.stage for move in known), default=0) + 1
            if edges and all(move.stage > soonest for move in found):
                found += self._chained(position).get(graph, [])
            found = position.entity_moves[graph] = cheapest(found)
        return found

    def by_key(self, position: Position, edge: KeyEdge, known: list[Move]) -> list[EntityMove]:
        """Over one key, from what these moves know without an entity move at this position."""
        key = self.search.facts.field_set(position.type_name, edge.key)
        found = []
        for footprint, _, picks in self._known(position, key, known)[:ALTERNATIVES]:
            stage = self.footprints.last_stage(footprint) + 1
            total = footprint | self.footprints.entity(stage, edge.head.graph)
            found.append(EntityMove(edge.head, total, stage, position, picks, key, input_footprint=footprint))
        return found

    def _known(self, position: Position, fields: tuple[Field, ...], known: list[Move]) -> list[Option]:
        """Options for internal fields from these moves alone; below them, other positions may be entered."""
        options = [Option(move.footprint, 0, Pick(move, None)) for move in known]
        for field in fields:
            answers: list[Option] = []
            for move in known:
                answers += self._known_field(position, field, move)
            if not answers:
                return []
            options = self.footprints.combine(options, self.footprints.prune(answers))
        return options

    def _known_field(self, position: Position, field: Field, move: Move) -> list[Option]:
        search = self.search
        if search.local.answers(move.node, field):
            return [Option(move.footprint, 1, Pick(move, field))]
        if not field.children or field.on is not None:
            return []
        edge = move.node.fields.get(field.name)
        if edge is None or edge.conditional:
            return []
        below = search.below(position, field)
        below.moves.append(search.field_move(move, edge, field, position))
        return search.options(below, field.children)

    def _chained(self, position: Position) -> dict[int, list[EntityMove]]:
        """The entity moves into every subgraph that can be reached at all, stage by stage."""
        if position.chains is None:
            position.chains = self._chains(position)
        return position.chains

    def _chains(self, position: Position) -> dict[int, list[EntityMove]]:
        reached: dict[int, list[EntityMove]] = {}
        moves = [*position.moves, *position.key_moves]
        waiting = list(self.graph.entries(position.type_name))
        stage = min((move.stage for move in moves), default=0)
        while waiting and stage <= max(move.stage for move in moves):
            known = [move for move in moves if move.stage <= stage]
            tried = [(edge, self.by_key(position, edge, known)) for edge in waiting]
            waiting = [edge for edge, entered in tried if not entered]
            for _, entered in tried:
                for move in entered:
                    reached.setdefault(move.node.graph, []).append(move)
                moves += entered
            stage += 1
        return {graph: cheapest(entered) for graph, entered in reached.items()}


def cheapest(moves: list[EntityMove]) -> list[EntityMove]:
    """At most ALTERNATIVES, none of which asks for all that another one does, and more."""
    moves.sort(key=lambda move: (move.stage, move.footprint.bit_count()))
    kept: list[EntityMove] = []
    for move in moves:
        if not any(k.footprint | move.footprint == move.footprint and k.node is move.node for k in kept):
            kept.append(move)
    return kept[:ALTERNATIVES]
