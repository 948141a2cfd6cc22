"""The search: for each field of an operation, the move after which it is asked for.

    root_fields.py     which root fields are searched together
    fields.py          Search: a selection at a position → its options
    local_answers.py   what one subgraph answers alone is not taken apart
    entity_moves.py    into other subgraphs, after what is required
    key_moves.py       into other subgraphs, by key, over several if it must be
    contexts.py        @fromContext: what is required of an object above
    moves.py           positions, and the moves to them
    options.py         options, picks and what they cost
    trace.py           what the search saw, as text

in: an operation, the facts of its supergraph     out: the best option for the root fields, in their order
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from router.operation import Field, Operation
from router.planner.errors import UnplannableFieldError
from router.planner.facts import SupergraphFacts
from router.planner.response_keys import ResponseKeys
from router.planner.search.fields import Search
from router.planner.search.moves import Move, Position, RootMove
from router.planner.search.options import Footprints, Option
from router.planner.search.root_fields import RootFields, root_fields

__all__ = ["Footprints", "MakeSearch", "Option", "Search", "best_options"]

MakeSearch: TypeAlias = Callable[[SupergraphFacts, Footprints], Search]


def best_options(
    operation: Operation, facts: SupergraphFacts, keys: ResponseKeys, budget: int, make: MakeSearch = Search
) -> list[Option]:
    """The best option for all root fields of a query; for a mutation, one for each of its turns.

    `budget` bounds the combinations looked at. Raises UnplannableFieldError.
    """
    footprints = Footprints(facts.subgraphs, budget)
    found: list[Option] = []
    stage = 0
    for turn, together in enumerate(root_fields(operation, facts)):
        search = make(facts, footprints)
        positions = _root_positions(operation, keys, _root_moves(together, footprints, stage, turn))
        found.append(_best(search, positions, together.fields))
        stage = footprints.last_stage(found[-1].footprint) + 1
    return found


def _root_moves(together: RootFields, footprints: Footprints, stage: int, turn: int) -> list[Move]:
    return [RootMove(node, footprints.root(stage, node.graph), stage, turn) for node in together.nodes]


def _root_positions(operation: Operation, keys: ResponseKeys, moves: list[Move]) -> list[Position]:
    """A mutation's or subscription's field must run once: in one subgraph, not shared between several."""
    choices = [moves] if operation.kind == "query" else [[move] for move in moves]
    return [Position(operation.root_type, (), keys, choice) for choice in choices]


def _best(search: Search, positions: list[Position], fields: tuple[Field, ...]) -> Option:
    options = [option for position in positions for option in search.options(position, fields)[:1]]
    if options:
        return min(options, key=search.footprints.cost)
    assert search.unreachable is not None
    where, field = search.unreachable
    raise UnplannableFieldError(field.on or where.type_name, field.name, where.path)
