"""From the winning options to the fetch graph: moves become selections, fields are put into their requests.

    RootMove, EntityMove   a step of the graph; what an entity move takes as input makes steps its parents
    FieldMove              a field of the selection it starts from
    TypeMove               an inline fragment of it

Each move is made once. `router.planner.fetch_graph.requirements` has what representations copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from router.operation import TYPENAME, Field
from router.operation.model import NO_CONDITIONS
from router.plan import OperationKind
from router.planner.facts import SupergraphFacts
from router.planner.fetch_graph.context_variables import ContextVariables
from router.planner.fetch_graph.requirements import add_required, requirement_of
from router.planner.fetch_graph.steps import FetchField, FetchGraph, FetchStep, Requirement, Selection
from router.planner.response_keys import ResponseKeys
from router.planner.search.moves import EntityMove, FieldMove, Move, RootMove, TypeMove
from router.planner.search.options import Option, Pick, picks_of
from schema.graph import FieldEdge, NodeKind


def build(
    options: Iterable[Option], facts: SupergraphFacts, kind: OperationKind, keys: ResponseKeys
) -> FetchGraph:
    """The fetch graph of the options, one for each turn of a mutation. O(fields and moves of the picks)."""
    builder = _Builder(facts, kind, keys)
    for turn, option in enumerate(options):
        builder.add(option, turn)
    return builder.graph


class _Builder:
    def __init__(self, facts: SupergraphFacts, kind: OperationKind, keys: ResponseKeys) -> None:
        self.facts = facts
        self.root_keys = keys
        self.possible = facts.possible
        self.types = facts.supergraph.types
        self.kind = kind
        self.graph = FetchGraph()
        self.made: dict[Move, Selection] = {}
        self.contexts = ContextVariables()

    def add(self, option: Option, turn: int) -> None:
        made = len(self.graph.steps)
        for pick in picks_of(option.picks):
            self._pick(pick, None)
        for step in self.graph.steps[made:]:
            step.turn = turn

    def _pick(self, pick: Pick, needed_by: FetchStep | None) -> FetchStep:
        """Puts the pick's field into its request; returns the step of the request."""
        selection = self._selection(pick.move, needed_by)
        if pick.field is None:
            selection.is_identified = True
        else:
            self._put(selection, pick.field, self._keys(pick.move), _type(pick.move), needed_by, pick.move)
        return selection.step

    def _keys(self, move: Move) -> ResponseKeys:
        """The response keys where a move ends."""
        match move:
            case FieldMove():
                key = self._key(move.keys, move.field, _type(move.base))
                return move.keys.below(key, _named_type(move.field))
            case TypeMove():
                return self._keys(move.base)
            case EntityMove():
                return move.position.keys
            case RootMove():
                return self.root_keys
            case _:
                assert_never(move)

    def _key(self, keys: ResponseKeys, field: Field, on: str) -> str:
        return keys.alias(field.name, field.arguments, on, self.possible) if field.internal else field.key

    # Moves

    def _selection(self, move: Move, needed_by: FetchStep | None) -> Selection:
        if isinstance(move, TypeMove):
            base = self._selection(move.base, needed_by)
            return base if base.node is move.node else base.fragment(move.node)
        found = self.made.get(move)
        # Every step that needs an internal field is noted on it, so that is gone through again.
        if found is None or (needed_by is not None and isinstance(move, FieldMove) and move.field.internal):
            found = self.made[move] = self._make(move, needed_by)
        return found

    def _make(self, move: RootMove | FieldMove | EntityMove, needed_by: FetchStep | None) -> Selection:
        match move:
            case FieldMove():
                return self._after_field(move, needed_by)
            case RootMove():
                return self._after_root(move)
            case EntityMove():
                return self._after_entity(move)
            case _:
                assert_never(move)

    def _after_root(self, move: RootMove) -> Selection:
        apart = (move.turn, move.defer)
        step = self.graph.step(move.node.graph, (), move.stage, self.kind, NO_CONDITIONS, apart)
        step.defer = move.defer
        return self._of_type(step, move.node.type_name, move)

    def _of_type(self, step: FetchStep, type_name: str, move: RootMove | EntityMove) -> Selection:
        found = step.selections.get(type_name)
        if found is None:
            # Asking for an interface is how the type becomes known behind an @interfaceObject.
            typename = move.node.kind is NodeKind.INTERFACE
            found = Selection(move.node, step, typename)
            step.selections[type_name] = found
        return found

    def _after_field(self, move: FieldMove, needed_by: FetchStep | None) -> Selection:
        base = self._selection(move.base, needed_by)
        edge = move.base.node.fields[move.field.name]
        field = self._field(base, move.field, move.keys, _type(move.base), needed_by, edge, move.base)
        if field.below is None:
            field.below = self._below(base.step, edge, move.field)
        return field.below

    def _below(self, step: FetchStep, edge: FieldEdge, field: Field) -> Selection:
        type_ = self.types.get(_named_type(field))
        abstract = edge.head.is_abstract or (type_ is not None and type_.is_abstract)
        typename = abstract and edge.head.kind is not NodeKind.INTERFACE_OBJECT
        return Selection(edge.head, step, typename)

    def _after_entity(self, move: EntityMove) -> Selection:
        requirement = requirement_of(move, self.possible)
        step = self._step_of(move, requirement)
        for pick in picks_of(move.inputs):
            step.parents.add(self._pick(pick, step))
        if not move.is_root:
            add_required(step, requirement)
        self.contexts.add(step, move)
        return self._of_type(step, move.node.type_name, move)

    def _step_of(self, move: EntityMove, requirement: Requirement) -> FetchStep:
        """The step at the move's place whose representations can also hold what this move requires."""
        position = move.position
        kind = self._kind_of(position.type_name) if move.is_root else None
        contexts = tuple((c.argument, c.position) for c in move.contexts)
        number = 0
        while True:
            apart = (move.is_root, contexts, number, position.defer)
            step = self.graph.step(
                move.node.graph, position.path, move.stage, kind, position.conditions, apart
            )
            if self.graph.fits(step, requirement):
                step.defer = position.defer
                return step
            number += 1

    def _kind_of(self, root_type: str) -> OperationKind:
        """As what a root type found below the root is asked, whatever the client's operation is."""
        kinds: tuple[OperationKind, ...] = ("mutation", "subscription")
        roots = self.facts.supergraph.roots
        return next((kind for kind in kinds if roots.get(kind) == root_type), "query")

    # Fields

    def _put(
        self,
        selection: Selection,
        field: Field,
        keys: ResponseKeys,
        on: str,
        needed_by: FetchStep | None,
        move: Move | None = None,
    ) -> None:
        """Puts a field that the selection's subgraph answers, with all below it."""
        target = field.on
        if target is not None and target not in (selection.node.type_name, on):
            if not self.possible[target] & selection.node.runtime_types:
                selection.typename = True
                return
            node = selection.node.narrow(target, self.possible[target])
            if node is not None and (field.name == TYPENAME or field.name in node.fields):
                self._put_here(selection.fragment(node), field, keys, target, needed_by, move)
            else:
                self._put_on_each_type(selection, field, keys, needed_by, target)
        elif field.name != TYPENAME and field.name not in selection.node.fields:
            self._put_on_each_type(selection, field, keys, needed_by, on)
        else:
            self._put_here(selection, field, keys, on, needed_by, move)

    def _put_on_each_type(
        self, selection: Selection, field: Field, keys: ResponseKeys, needed_by: FetchStep | None, on: str
    ) -> None:
        for name in sorted(self.possible[on] & selection.node.runtime_types):
            node = selection.node.cast(name)
            if node is not None:
                self._put_here(selection.fragment(node), field, keys, name, needed_by)

    def _put_here(
        self,
        selection: Selection,
        field: Field,
        keys: ResponseKeys,
        on: str,
        needed_by: FetchStep | None,
        move: Move | None = None,
    ) -> None:
        plain = not (field.directives or field.around or field.conditions)
        if plain and field.key == field.name == TYPENAME:
            selection.typename = True
            selection.client_typename |= not field.internal
            return
        edge = selection.node.fields.get(field.name)
        put = self._field(selection, field, keys, on, needed_by, edge, move)
        if not field.children:
            return
        assert edge is not None
        below = put.below
        if below is None:
            below = put.below = self._below(selection.step, edge, field)
        named = _named_type(field)
        inner = keys.below(put.key, named)
        for child in field.children:
            self._put(below, child, inner, named, needed_by)

    def _field(
        self,
        selection: Selection,
        field: Field,
        keys: ResponseKeys,
        on: str,
        needed_by: FetchStep | None,
        edge: FieldEdge | None,
        move: Move | None,
    ) -> FetchField:
        """The field in the selection, made when first put there."""
        key = self._key(keys, field, on)
        if field.defer is not None and selection.step.defer is not field.defer:
            self.graph.answered.setdefault(field.defer, set()).add(selection.step)
        arguments = field.arguments
        if edge is not None and edge.context_arguments and move is not None:
            arguments = self.contexts.arguments(arguments, edge, move)
        identity = (key, field.name, arguments, field.directives, field.around, field.conditions)
        found = selection.fields.get(identity)
        if found is None:
            type_ = edge.type if edge is not None else "String!"
            found = FetchField(
                key,
                field.name,
                arguments,
                field.directives,
                field.around,
                field.variables,
                field.conditions,
                type_,
                internal=True,
            )
            selection.fields[identity] = found
        if not field.internal:
            found.internal = False
        elif needed_by is not None:
            found.needed_by.append(needed_by)
        return found


def _type(move: Move) -> str:
    """The type the objects where a move ends are known to be of."""
    if isinstance(move, FieldMove):
        return _named_type(move.field)
    return move.position.type_name if isinstance(move, EntityMove) else move.node.type_name


def _named_type(field: Field) -> str:
    assert field.definition is not None
    return field.definition.named_type
