"""The nodes and edges of the query graph. `schema.graph` explains the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from schema.language.nodes import FieldNode, SelectionNode
from schema.supergraph import ContextArgument, SupergraphField

if TYPE_CHECKING:
    from schema.graph.build import QueryGraph


class NodeKind(Enum):
    LEAF = "leaf"
    OBJECT = "object"
    INTERFACE = "interface"
    UNION = "union"
    INTERFACE_OBJECT = "interface object"


class Override(NamedTuple):
    """A progressive @override: the edge exists while `label` is `on`."""

    label: str
    on: bool


@dataclass(eq=False, slots=True)
class FieldEdge:
    """A field that `tail`'s subgraph resolves. `type` is the field's type in that subgraph."""

    name: str
    tail: Node
    head: Node
    field: SupergraphField
    type: str
    requires: tuple[SelectionNode, ...] = ()
    context_arguments: tuple[ContextArgument, ...] = ()
    override: Override | None = None
    provided: bool = False

    @property
    def conditional(self) -> bool:
        """Must something be known before the subgraph can be asked for it?"""
        return bool(self.requires or self.context_arguments)

    def __str__(self) -> str:
        notes = [" requires" if self.requires else "", " provided" if self.provided else ""]
        if self.override:
            notes.append(f" if {'' if self.override.on else 'not '}{self.override.label}")
        return f"{self.tail} -- {self.name}{''.join(notes)} --> {self.head}"


@dataclass(eq=False, slots=True)
class KeyEdge:
    """Entities of `type_name` can be asked of `head`'s subgraph once `key` is known.

    `type_condition` is the type named in `_entities` there: `head`'s type, which is an interface when the
    subgraph has an @interfaceObject (or a key on the interface).
    """

    type_name: str
    head: Node
    key: tuple[SelectionNode, ...]
    text: str

    @property
    def type_condition(self) -> str:
        return self.head.type_name

    def __str__(self) -> str:
        return f"{self.type_name} -- key {{ {self.text} }} --> {self.head}"


class Node:
    """A type in a subgraph; made by QueryGraph only, so equal nodes are the same object."""

    __slots__ = ("_casts", "_fields", "graph", "kind", "owner", "provided", "runtime_types", "type_name")

    def __init__(
        self,
        owner: QueryGraph,
        type_name: str,
        graph: int,
        kind: NodeKind,
        runtime_types: frozenset[str],
        provided: tuple[SelectionNode, ...],
    ) -> None:
        self.owner = owner
        self.type_name = type_name
        self.graph = graph
        self.kind = kind
        self.runtime_types = runtime_types
        """Object types it can be at run time, of those the subgraph knows. For an @interfaceObject: all."""
        self.provided = provided
        self._fields: Mapping[str, FieldEdge] | None = None
        self._casts: dict[str, Node | None] = {}

    @property
    def fields(self) -> Mapping[str, FieldEdge]:
        if self._fields is None:
            self._fields = self.owner.field_edges(self)
        return self._fields

    @property
    def is_abstract(self) -> bool:
        return self.kind is NodeKind.INTERFACE or self.kind is NodeKind.UNION

    @property
    def is_leaf(self) -> bool:
        return self.kind is NodeKind.LEAF

    def cast(self, type_name: str) -> Node | None:
        """`... on type_name` here; None when the subgraph cannot have such an object in this place."""
        try:
            return self._casts[type_name]
        except KeyError:
            node = self._casts[type_name] = self.owner.cast(self, type_name)
            return node

    def narrow(self, type_name: str, wanted: frozenset[str]) -> Node | None:
        """`... on type_name` if that reaches all of the `wanted` object types that can be here. The
        subgraph's interface may lack implementations that the supergraph's has.
        """
        node = self.cast(type_name)
        if node is not None and wanted & self.runtime_types <= node.runtime_types:
            return node
        return None

    def __str__(self) -> str:
        copy = f"{{{' '.join(sorted(provided_names(self.provided)))}}}" if self.provided else ""
        return f"{self.type_name}@{self.owner.supergraph.subgraphs[self.graph].name}{copy}"

    __repr__ = __str__


def provided_names(selections: tuple[SelectionNode, ...]) -> set[str]:
    """Names of the fields provided, at any type condition."""
    names: set[str] = set()
    for selection in selections:
        if isinstance(selection, FieldNode):
            names.add(selection.name)
        else:
            names |= provided_names(selection.selections)
    return names
