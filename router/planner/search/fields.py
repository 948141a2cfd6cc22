"""Which move answers each field: the search within a selection.

`Search.options(position, fields)` returns options (`router.planner.search.options`) for answering all the
fields at the position; it is called once for a selection, with all moves to the position together, so the
work grows with the number of fields times the number of moves, not with the number of paths through the
graph:

    a leaf        one option for each move whose subgraph has it
    a composite   a position below, whose moves are the field in each subgraph that has it; its options
    a type        subgraphs that cannot have such objects answer with nothing; to the others a type move is
    condition     made. Where the subgraph does not have the type, or does not resolve the field for every
                  type it has, the selection is type-exploded: each runtime type is searched for itself
    not here      entity moves (`router.planner.search.entity_moves`) join in

Fields that one subgraph answers with all that is below them are not taken apart (`answers_all`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from router.operation import TYPENAME, Defer, Field
from router.plan import EACH, TypeCondition
from router.planner.facts import SupergraphFacts
from router.planner.response_keys import ResponseKeys
from router.planner.search.contexts import covered
from router.planner.search.entity_moves import EntityMoves
from router.planner.search.local_answers import LocalAnswers
from router.planner.search.moves import EntityMove, FieldMove, Move, Position, RootMove, TypeMove
from router.planner.search.options import NOTHING, Footprints, Option, Pick
from schema.graph import FieldEdge, NodeKind

INTERFACE_OBJECT = NodeKind.INTERFACE_OBJECT


class Search:
    """The search for one operation."""

    def __init__(self, facts: SupergraphFacts, footprints: Footprints) -> None:
        self.facts = facts
        self.graph = facts.graph
        self.types = facts.supergraph.types
        self.possible = facts.possible
        self.footprints = footprints
        self.local = LocalAnswers(facts)
        self.entity_moves = EntityMoves(self)
        self._occurring: dict[tuple[Field, frozenset[str]], Field] = {}
        self.unreachable: tuple[Position, Field] | None = None
        """The deepest field that no move answers, for the error."""

    def options(self, position: Position, fields: Iterable[Field]) -> list[Option]:
        """The options for answering all of the fields, best first; none when one of them cannot be."""
        options: list[Option] = []
        combine = self.footprints.combine
        for field in fields:
            found = self.field(position, field)
            if not found:
                if self.unreachable is None or len(self.unreachable[0].path) <= len(position.path):
                    self.unreachable = (position, field)
                return []
            options = combine(options, found) if options else found
        return options or [NOTHING]

    def field(self, position: Position, field: Field) -> list[Option]:
        """The options for one field, on whatever type it is selected."""
        on = field.on
        if on is None or on == position.type_name:
            return self.plain(position, field)
        return self.on_narrower_type(position, field, on)

    # A field on a narrower type

    def on_narrower_type(self, position: Position, field: Field, on: str) -> list[Option]:
        wanted = self.possible[on]
        options: list[Option] = []
        can_narrow = False
        for move in position.moves:
            node = move.node
            if node.kind is INTERFACE_OBJECT and node.type_name == position.type_name:
                continue
            here = wanted & node.runtime_types
            if not here:
                options.append(Option(move.footprint, 0, Pick(move, None)))
            elif node.narrow(on, wanted) is not None:
                can_narrow = True
            else:
                alone = self.alone(position, move)
                options += self.each_type(alone, field, here)
        if can_narrow:
            options += self.plain(self.narrow(position, on), field)
        if not options:
            real = self.entity_moves.to_real_interface(position)
            if real is not None:
                return self.on_narrower_type(real, field, on)
        return self.footprints.prune(options)

    def each_type(self, position: Position, field: Field, types: Iterable[str]) -> list[Option]:
        """The field searched for each runtime type by itself."""
        options = [NOTHING]
        for name in sorted(types):
            found = self.plain(self.narrow(position, name), field)
            if not found:
                return []
            options = self.footprints.combine(options, found)
        return options

    def narrow(self, position: Position, on: str) -> Position:
        """The position once its objects are known to be of type `on`."""
        if on == position.type_name:
            return position
        found = position.narrowed.get(on)
        if found is None:
            moves = self._type_moves(position.moves, on)
            found = position.seen_with(moves, position, on)
            found.key_moves = self._type_moves(position.key_moves, on)
            position.narrowed[on] = found
        return found

    def _type_moves(self, moves: list[Move], on: str) -> list[Move]:
        found: list[Move] = []
        for move in moves:
            if move.node.kind is not INTERFACE_OBJECT:
                node = move.node.narrow(on, self.possible[on])
                if node is not None:
                    found.append(TypeMove(node, move.footprint, move.stage, move))
        return found

    def alone(self, position: Position, move: Move) -> Position:
        """The position with only one of its moves."""
        if len(position.moves) == 1:
            return position
        found = position.alone.get(move)
        if found is None:
            found = position.alone[move] = position.seen_with([move], position.parent)
        return found

    # A field on the type of the position

    def plain(self, position: Position, field: Field) -> list[Option]:
        if field.name == TYPENAME:
            return self.typename(position, field)
        if field.defer is not None and field.defer is not position.defer:
            options = self.deferred(position, field, field.defer)
            if options:
                return options
        direct: list[tuple[Move, FieldEdge]] = []
        others: list[Move] = []
        for move in position.moves:
            edge = move.node.fields.get(field.name)
            if (
                edge is not None
                and not edge.requires
                and (not edge.context_arguments or covered(self, position, move, edge))
            ):
                direct.append((move, edge))
            else:
                others.append(move)
        if field.children:
            options, complete = self.composite(position, direct, field)
        else:
            options = [Option(move.footprint, 1 + move.stage, Pick(move, field)) for move, _ in direct]
            complete = bool(options)
        if complete and not others:
            return self.footprints.prune(options)
        if not field.children:
            for entity in self.entity_moves.to_field(position, field, direct):
                options.append(Option(entity.footprint, 1 + entity.stage, Pick(entity, field)))
        for move in others if options or not field.children else position.moves:
            options += self.type_exploded(position, move, field)
        return self.footprints.prune(options)

    def deferred(self, position: Position, field: Field, part: Defer) -> list[Option]:
        """The field in requests of its own; none when its object cannot be asked for again, or when what is
        around the part knows the field in any case, because it is a key that asking again would take.
        """
        apart = position.seen_with([], position.parent)
        apart.defer = part
        apart.key_moves = [*position.moves, *position.key_moves]
        if position.path:
            for graph in self.graph.resolvers(position.type_name, field.name):
                for move in self.entity_moves.by_key.to(position, graph):
                    edge = move.node.fields.get(field.name)
                    if edge is not None and not edge.conditional:
                        if _is_known(position, move, field):
                            return []
                        apart.moves.append(replace(move, position=apart))
        else:
            for root in position.moves:
                if isinstance(root, RootMove):
                    apart.moves.append(replace(root, defer=part))
        return self.plain(apart, field)

    def typename(self, position: Position, field: Field) -> list[Option]:
        options = [
            Option(move.footprint, 1 + move.stage, Pick(move, field))
            for move in position.moves
            if move.node.kind is not INTERFACE_OBJECT
        ]
        if not options:
            real = self.entity_moves.to_real_interface(position)
            return [] if real is None else self.typename(real, field)
        return self.footprints.prune(options)

    def composite(
        self, position: Position, direct: list[tuple[Move, FieldEdge]], field: Field
    ) -> tuple[list[Option], bool]:
        """Options for a field with a selection, and whether some subgraph answers all that is below it."""
        if self.facts.has_inconsistent_types(position.type_name, field.name):
            field = self.on_occurring_types(position, field)
        children = field.children
        answering = [move for move, edge in direct if self.local.answers_all(edge.head, children)]
        local = [Option(m.footprint, field.size * (1 + m.stage), Pick(m, field)) for m in answering]
        soonest = min((move.stage for move in position.moves), default=0)
        late = all(move.stage > soonest for move in answering)
        if not late and len(local) == len(direct):
            return local, True
        below = self.below(position, field)
        below.moves += [self.field_move(move, edge, field, position) for move, edge in direct]
        if late:  # as it is when nothing is local
            below.moves += self._entered(position, field, direct)
        options = self.options(below, children) if below.moves else []
        return local + options, bool(local)

    def _entered(
        self, position: Position, field: Field, direct: list[tuple[Move, FieldEdge]]
    ) -> list[FieldMove]:
        """The field after entity moves."""
        entered = self.entity_moves.to_field(position, field, direct)
        if self.facts.supergraph.contexts:
            entered += self.entity_moves.with_contexts(position, field)
        return [self.field_move(move, move.node.fields[field.name], field, position) for move in entered]

    def on_occurring_types(self, position: Position, field: Field) -> Field:
        """The field without what it selects on types that cannot occur.

        Subgraphs may share a field whose type has other members in each, on the promise that they resolve it
        alike: only types that all of them know occur, of those subgraphs that could be asked in this place.
        """
        graphs = self.facts.answering(position.type_name, field.name, position.graphs)
        types = self.facts.common_types(position.type_name, field.name, graphs)
        if types is None:
            return field
        children = tuple(c for c in field.children if c.on is None or self.possible[c.on] & types)
        if len(children) == len(field.children):
            return field
        known = (field, types)
        found = self._occurring.get(known)
        if found is None:
            kept = children or (Field(TYPENAME, TYPENAME, None, None, internal=True),)
            found = self._occurring[known] = replace(field, children=kept)
        return found

    def below(self, position: Position, field: Field) -> Position:
        """The position of a field's value, without moves."""
        definition = field.definition
        assert definition is not None
        path, key = position.path, self.key(position.keys, field, position.type_name)
        if path and position.keys.is_split(key, position.type_name, self.possible):
            path = (*path, TypeCondition(tuple(sorted(self.possible[position.type_name]))))
        path = (*path, key, *(EACH,) * definition.list_depth)
        return Position(
            type_name=definition.named_type,
            path=path,
            keys=position.keys.below(key, definition.named_type),
            moves=[],
            conditions=position.conditions | field.conditions,
            parent=position,
            # What needs requests below a deferred field is deferred even where the field itself cannot be.
            defer=field.defer or position.defer,
            graphs=self.facts.answering(position.type_name, field.name, position.graphs),
        )

    def key(self, keys: ResponseKeys, field: Field, on: str) -> str:
        """The response key of a field: internal ones make way for the client's."""
        return keys.alias(field.name, field.arguments, on, self.possible) if field.internal else field.key

    def field_move(self, move: Move, edge: FieldEdge, field: Field, position: Position) -> FieldMove:
        return FieldMove(edge.head, move.footprint, move.stage, move, field, position.keys)

    def type_exploded(self, position: Position, move: Move, field: Field) -> list[Option]:
        """The field for each runtime type, where the subgraph's abstract type does not have it for all."""
        if not move.node.is_abstract:
            return []
        alone = self.alone(position, move)
        if not move.node.runtime_types:  # an interface that nothing implements: no object to ask
            return []
        types = move.node.runtime_types & self.possible[position.type_name]
        if not types:
            return [Option(move.footprint, 0, Pick(move, None))]
        return self.each_type(alone, field, types)


def _is_known(position: Position, move: EntityMove, field: Field) -> bool:
    """Whether the entity move takes the field along, and a subgraph here answers it."""
    if field.children or field.arguments or all(key.name != field.name for key in move.required):
        return False
    edges = [known.node.fields.get(field.name) for known in position.moves]
    return any(edge is not None and not edge.conditional for edge in edges)
