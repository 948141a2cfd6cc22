"""@fromContext: arguments whose values the router takes from an object above.

A field with such an argument can only be asked in a request that starts at or below the object that sets the
context, once the context's selection has been answered there. So it is treated as @requires is, except that
what is required belongs to another position.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from router.operation import TYPENAME, Field
from router.planner.search.moves import ContextInput, EntityMove, FieldMove, Move, Position, TypeMove
from router.planner.search.options import Option
from schema.graph import FieldEdge, Node
from schema.language.nodes import FieldNode, FragmentNode, SelectionNode
from schema.model.field_set import parse_field_set
from schema.supergraph import ContextArgument

if TYPE_CHECKING:
    from router.planner.search.fields import Search


OBJECT_TYPE: Final = Field(TYPENAME, TYPENAME, None, None, internal=True)


def context_inputs(
    search: Search, position: Position, edge: FieldEdge
) -> list[tuple[ContextInput, list[Option]]] | None:
    """What the arguments of a field need, with the options for answering it; None when one has no answer."""
    found = []
    for argument in edge.context_arguments:
        setter = setter_of(search, position, argument)
        if setter is None:
            return None
        fields = _selected(search, setter, argument)
        # The rewrite that takes the value tells the object's type, so the type must be in the data.
        options = search.options(setter, (*fields, OBJECT_TYPE))
        if not options:
            return None
        found.append((ContextInput(argument, setter, fields), options))
    return found


def setter_of(search: Search, position: Position, argument: ContextArgument) -> Position | None:
    """The nearest position, from here upwards, that can hold an object that sets the context.

    A place seen as several types is one setter for as long as all of them set the context.
    """
    types = search.facts.supergraph.contexts.get(argument.context, frozenset())
    setters = frozenset(name for type_ in types for name in search.possible.get(type_, ()))
    current: Position | None = position
    while current is not None and not search.possible[current.type_name] & setters:
        current = current.parent
    while current is not None and current.parent is not None:
        wider = current.parent
        if wider.path != current.path or not search.possible[wider.type_name] <= setters:
            break
        current = wider
    return current


def _selected(search: Search, setter: Position, argument: ContextArgument) -> tuple[Field, ...]:
    known = search.facts.context_fields
    key = (setter.type_name, argument)
    if key not in known:
        known[key] = _select(search, setter, argument)
    return known[key]


def _select(search: Search, setter: Position, argument: ContextArgument) -> tuple[Field, ...]:
    """The selection, for each type that sets the context when they are several."""
    selections = parse_selection(argument.selection)
    if all(isinstance(selection, FieldNode) for selection in selections):
        type_ = search.types[setter.type_name]
        if any(isinstance(s, FieldNode) and s.name not in type_.fields for s in selections):
            types = search.facts.supergraph.contexts[argument.context]
            selections = tuple(FragmentNode(name, (), selections) for name in sorted(types))
    return search.facts.field_set(setter.type_name, selections)


def parse_selection(text: str) -> tuple[SelectionNode, ...]:
    text = text.strip()
    return parse_field_set(text[1:-1] if text.startswith("{") else text)


def covered(search: Search, position: Position, move: Move, edge: FieldEdge) -> bool:
    """Does the move's request already take the contexts with it that the field needs here?"""
    entered = request_of(move)
    if entered is None or not entered.contexts:
        return False
    setters = {context.argument: context.position for context in entered.contexts}
    return all(
        argument in setters and setters[argument] is setter_of(search, position, argument)
        for argument in edge.context_arguments
    )


def request_of(move: Move) -> EntityMove | None:
    """The entity move that the move's request starts with."""
    while isinstance(move, FieldMove | TypeMove):
        move = move.base
    return move if isinstance(move, EntityMove) else None


def context_edges(node: Node, fields: tuple[Field, ...]) -> Iterator[FieldEdge]:
    """The fields with contextual arguments that a selection has within the node's subgraph."""
    for field in fields:
        narrowed = node if field.on is None else node.cast(field.on)
        edge = None if narrowed is None else narrowed.fields.get(field.name)
        if edge is not None:
            if edge.context_arguments:
                yield edge
            yield from context_edges(edge.head, field.children)
