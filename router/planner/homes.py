"""Positions and homes: where in the response an object is, and which subgraphs can be asked about it there.

A *position* is a place in the response (a path) with the type known of the objects there. A *home* of a
position is a subgraph that such objects are known in, with what it takes to get there:

    Root    the operation's root type in a subgraph
    Local   below a home of the parent: the parent's field, asked in the same request
    Cast    another home, once the object is known to be of a narrower type
    Jump    an entity request, after its key (and what @requires wants) is known from other homes

Homes know their footprint (`router.planner.options`) from the root on, so two ways of reaching an object can
be compared without building either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from router.operation import Defer, Field
from router.operation.model import NO_CONDITIONS, Conditions
from router.plan import Path
from router.planner.options import Picks
from schema.graph import Node
from schema.supergraph import ContextArgument

if TYPE_CHECKING:
    from router.planner.data import DataNode
    from router.planner.fetch_graph import Selection


@dataclass(eq=False, slots=True)
class Root:
    """`serial` numbers the steps of a mutation; 0 for queries."""

    node: Node
    footprint: int
    stage: int
    serial: int = 0
    block: Defer | None = None
    made: Selection | None = None


@dataclass(eq=False, slots=True)
class Local:
    node: Node
    footprint: int
    stage: int
    base: Home
    field: Field
    data: DataNode
    """The data of the parent's position, where `field` is put."""
    type: str
    """The type of the field in the subgraph."""
    made: Selection | None = None


@dataclass(eq=False, slots=True)
class Cast:
    node: Node
    footprint: int
    stage: int
    base: Home
    made: Selection | None = None


@dataclass(frozen=True, slots=True)
class ContextInput:
    """An argument that a request takes from data of `position`, through a variable."""

    argument: ContextArgument
    position: Position
    selections: tuple[Field, ...]


@dataclass(eq=False, slots=True)
class Jump:
    """`inputs` are the picks that must have answered before; `required` what the representation copies."""

    node: Node
    footprint: int
    stage: int
    position: Position
    inputs: Picks
    required: tuple[Field, ...]
    is_root: bool = False
    """A root type reached below the root: asked without representations."""
    contexts: tuple[ContextInput, ...] = ()
    made: Selection | None = None
    input_footprint: int = 0


Home: TypeAlias = Root | Local | Cast | Jump


@dataclass(eq=False, slots=True)
class Position:
    """A place in the response. `homes` are those that come without a jump from this position."""

    type_name: str
    path: Path
    data: DataNode
    homes: list[Home]
    conditions: Conditions = NO_CONDITIONS
    parent: Position | None = None
    block: Defer | None = None
    """The deferred part that this position is planned for; None in the primary part."""
    graphs: frozenset[int] | None = None
    """Subgraphs that can have returned objects here, asked or not; None for all that have the type."""
    inputs: list[Home] = field(default_factory=list)
    """Homes that may give keys but no answers: those of the part around a deferred one."""
    casts: dict[str, Position] = field(default_factory=dict)
    jumps: dict[int, list[Jump]] = field(default_factory=dict)
    alone: dict[Home, Position] = field(default_factory=dict)
    pending: set[tuple[int, str]] = field(default_factory=set)
    """@requires being solved here: (subgraph, field). Guards against circles."""
    conditional: dict[tuple[Jump, str], list[Jump]] = field(default_factory=dict)
    """Jumps by (plain jump, field that requires something)."""
    waves: dict[int, list[Jump]] | None = None
    real: Position | None = None
    """The same place seen from subgraphs that have the real interface, for an @interfaceObject."""

    def seen_with(self, homes: list[Home], parent: Position | None, type_name: str | None = None) -> Position:
        """The same place and part with other homes, perhaps as another type; nothing is solved there yet."""
        return Position(
            type_name=type_name or self.type_name,
            path=self.path,
            data=self.data,
            homes=homes,
            conditions=self.conditions,
            parent=parent,
            block=self.block,
            graphs=self.graphs,
            inputs=self.inputs,
        )
