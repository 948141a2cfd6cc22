"""Positions and moves: where in the response an object is, and how subgraphs are reached that can be asked
about it there.

A *position* is a place in the response (a path) with the type known of the objects there. A *move* ends in a
node of the query graph (the type in a subgraph); followed back through what it starts from, it is a path
through the graph from the root:

    RootMove     starts: the operation's root type in a subgraph
    FieldMove    the field of the object around, asked in the same request
    TypeMove     the same object, once it is known to be of a narrower type
    EntityMove   into another subgraph by an entity request, once its key (and what @requires wants) is known

Moves know their footprint (`router.planner.search.options`) from the root on, so two ways of reaching an
object can be compared without building either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from router.operation import Defer, Field
from router.operation.model import NO_CONDITIONS, Conditions
from router.plan import Path
from router.planner.search.options import Footprint, Picks
from schema.graph import Node
from schema.supergraph import ContextArgument

if TYPE_CHECKING:
    from router.planner.response_keys import ResponseKeys


@dataclass(eq=False, slots=True)
class RootMove:
    """`turn` numbers what a mutation does one after another; 0 for queries."""

    node: Node
    footprint: Footprint
    stage: int
    turn: int = 0
    defer: Defer | None = None


@dataclass(eq=False, slots=True)
class FieldMove:
    node: Node
    footprint: Footprint
    stage: int
    base: Move
    field: Field
    keys: ResponseKeys
    """The response keys at the parent's position, where `field` is put."""


@dataclass(eq=False, slots=True)
class TypeMove:
    node: Node
    footprint: Footprint
    stage: int
    base: Move


@dataclass(frozen=True, slots=True)
class ContextInput:
    """An argument that a request takes from data of `position`, through a variable."""

    argument: ContextArgument
    position: Position
    selections: tuple[Field, ...]


@dataclass(eq=False, slots=True)
class EntityMove:
    """`inputs` are the picks that must have answered before; `required` what the representation copies."""

    node: Node
    footprint: Footprint
    stage: int
    position: Position
    inputs: Picks
    required: tuple[Field, ...]
    is_root: bool = False
    """A root type reached below the root: asked without representations."""
    contexts: tuple[ContextInput, ...] = ()
    input_footprint: Footprint = 0


Move: TypeAlias = RootMove | FieldMove | TypeMove | EntityMove


@dataclass(eq=False, slots=True)
class Position:
    """A place in the response. `moves` are those that end here without an entity move from this position."""

    type_name: str
    path: Path
    keys: ResponseKeys
    moves: list[Move]
    conditions: Conditions = NO_CONDITIONS
    parent: Position | None = None
    defer: Defer | None = None
    """The deferred part that this position is planned for; None in the primary part."""
    graphs: frozenset[int] | None = None
    """Subgraphs that can have returned objects here, asked or not; None for all that have the type."""
    key_moves: list[Move] = field(default_factory=list)
    """Moves that may give keys but no answers: those of the part around a deferred one."""
    narrowed: dict[str, Position] = field(default_factory=dict)
    """The place by the narrower type known of its objects."""
    entity_moves: dict[int, list[EntityMove]] = field(default_factory=dict)
    """By subgraph."""
    alone: dict[Move, Position] = field(default_factory=dict)
    """The place with one of its moves."""
    pending: set[tuple[int, str]] = field(default_factory=set)
    """@requires being searched here: (subgraph, field). Guards against circles."""
    conditional: dict[tuple[EntityMove, str], list[EntityMove]] = field(default_factory=dict)
    """Entity moves by (the plain one, field that requires something)."""
    chains: dict[int, list[EntityMove]] | None = None
    """By subgraph, over several keys."""
    real_interface: Position | None = None
    """The same place seen from subgraphs that have the real interface, for an @interfaceObject."""

    def seen_with(self, moves: list[Move], parent: Position | None, type_name: str | None = None) -> Position:
        """The same place and part with other moves, perhaps as another type; nothing is known there yet."""
        return Position(
            type_name=type_name or self.type_name,
            path=self.path,
            keys=self.keys,
            moves=moves,
            conditions=self.conditions,
            parent=parent,
            defer=self.defer,
            graphs=self.graphs,
            key_moves=self.key_moves,
        )
