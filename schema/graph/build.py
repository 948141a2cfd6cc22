"""Supergraph → query graph, lazily: nodes are remembered by (type, subgraph, what was provided)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from schema.graph.model import FieldEdge, KeyEdge, Node, NodeKind, Override
from schema.language.nodes import FieldNode, FragmentNode, SelectionNode
from schema.model.field_set import parse_field_set, print_selections
from schema.supergraph import JoinField, Supergraph, SupergraphField, SupergraphType, TypeKind

Selections = tuple[SelectionNode, ...]

_KINDS = {
    TypeKind.OBJECT: NodeKind.OBJECT,
    TypeKind.INTERFACE: NodeKind.INTERFACE,
    TypeKind.UNION: NodeKind.UNION,
}


class QueryGraph:
    """The query graph of a supergraph; `labels` are the override labels that are on, None for both sides."""

    def __init__(self, supergraph: Supergraph, labels: frozenset[str] | None = None) -> None:
        self.supergraph = supergraph
        self.labels = labels
        self._nodes: dict[tuple[str, int, str], Node | None] = {}
        self._edges_to: dict[str, tuple[KeyEdge, ...]] = {}
        self._resolvers: dict[tuple[str, str], tuple[int, ...]] = {}
        self._runtime: dict[tuple[str, int], frozenset[str]] = {}

    # Nodes

    def roots(self, kind: str) -> tuple[Node, ...]:
        """The root type of an operation kind in each subgraph that has it."""
        name = self.supergraph.roots.get(kind)
        if name is None:
            return ()
        nodes = (self.node(name, graph) for graph in self.graphs_of(name))
        return tuple(node for node in nodes if node is not None)

    def graphs_of(self, type_name: str) -> tuple[int, ...]:
        """The subgraphs that have the type, each once."""
        return tuple(dict.fromkeys(join.graph for join in self.supergraph.types[type_name].joins))

    def node(self, type_name: str, graph: int, provided: Selections = ()) -> Node | None:
        """The type in a subgraph; None when it is not there."""
        key = (type_name, graph, print_selections(provided) if provided else "")
        try:
            return self._nodes[key]
        except KeyError:
            node = self._nodes[key] = self._make(type_name, graph, provided)
            return node

    def _make(self, type_name: str, graph: int, provided: Selections) -> Node | None:
        type_ = self.supergraph.types.get(type_name)
        if type_ is None:  # a built-in scalar is not defined in a supergraph
            return Node(self, type_name, graph, NodeKind.LEAF, frozenset(), ())
        joins = [join for join in type_.joins if join.graph == graph]
        if not joins and type_.joins:
            return None
        kind = _KINDS.get(type_.kind, NodeKind.LEAF)
        if any(join.is_interface_object for join in joins):
            everything = self.supergraph.possible_types.get(type_name, frozenset())
            return Node(self, type_name, graph, NodeKind.INTERFACE_OBJECT, everything, provided)
        runtime = frozenset() if kind is NodeKind.LEAF else self.runtime_types(type_name, graph)
        return Node(self, type_name, graph, kind, runtime, provided)

    def runtime_types(self, type_name: str, graph: int) -> frozenset[str]:
        """The object types that a value of the type can have in a subgraph."""
        key = (type_name, graph)
        found = self._runtime.get(key)
        if found is None:
            found = self._runtime[key] = frozenset(self._find_runtime_types(type_name, graph))
        return found

    def _find_runtime_types(self, type_name: str, graph: int) -> Iterator[str]:
        type_ = self.supergraph.types[type_name]
        if type_.kind is TypeKind.OBJECT:
            yield type_name
        elif type_.kind is TypeKind.UNION:
            yield from (member for of, member in type_.members if of == graph)
        else:
            for name in self.supergraph.possible_types.get(type_name, ()):
                if (graph, type_name) in self.supergraph.types[name].implements:
                    yield name

    def cast(self, node: Node, type_name: str) -> Node | None:
        """`... on type_name` within the subgraph, keeping what was provided."""
        if type_name == node.type_name:
            return node
        target = self.node(type_name, node.graph, _narrowed(node.provided, type_name, self.supergraph))
        if target is None or target.kind in (NodeKind.LEAF, NodeKind.INTERFACE_OBJECT):
            return None
        if node.kind is NodeKind.INTERFACE_OBJECT:
            return None
        return target if target.runtime_types & node.runtime_types else None

    # Field edges

    def field_edges(self, node: Node) -> Mapping[str, FieldEdge]:
        """What the node's subgraph resolves of it: O(fields), times implementations for an interface."""
        type_ = self.supergraph.types.get(node.type_name)
        if type_ is None or node.kind in (NodeKind.LEAF, NodeKind.UNION):
            return {}
        provided = _provided_here(node.provided)
        edges = {}
        for field in type_.fields.values():
            edge = self._field_edge(type_, field, node, provided.get(field.name))
            if edge is not None:
                edges[field.name] = edge
        if node.kind is NodeKind.INTERFACE:
            return {name: edge for name, edge in edges.items() if self._for_all(node, name)}
        return edges

    def _for_all(self, node: Node, field: str) -> bool:
        for name in node.runtime_types:
            implementation = node.cast(name)
            edge = implementation.fields.get(field) if implementation is not None else None
            undecided = self.labels is None and edge is not None and edge.override is not None
            if edge is None or edge.conditional or undecided:
                return False
        return True

    def _field_edge(
        self, type_: SupergraphType, field: SupergraphField, node: Node, provided: Selections | None
    ) -> FieldEdge | None:
        join = self.join_of(type_, field, node.graph)
        if join is None and provided is not None and type_.owner is not None:
            join = JoinField(node.graph, external=True)  # join v0.1 does not mention external fields
        if join is None:
            return None
        external = self._is_external(type_, field, join)
        override = _override(join)
        if (external or not self._in_force(override)) and provided is None:
            return None
        below = parse_field_set(join.provides) if join.provides else ()
        text = join.type or field.type
        head = self.node(text.strip("[]!"), node.graph, _merged(below, provided or ()))
        if head is None:
            return None
        given = provided is not None and external
        return FieldEdge(
            field.name,
            node,
            head,
            field,
            text,
            requires=parse_field_set(join.requires) if join.requires and not given else (),
            context_arguments=join.context_arguments,
            override=None if given else override,
            provided=given,
        )

    def join_of(self, type_: SupergraphType, field: SupergraphField, graph: int) -> JoinField | None:
        """How a subgraph has the field; None when it does not (whether it resolves it is another matter)."""
        for join in field.joins:
            if join.graph == graph:
                return join
        has_type = any(join.graph == graph for join in type_.joins)
        if not has_type:
            return None
        if not field.joins:
            return JoinField(graph) if type_.owner in (None, graph) else self._key_field(type_, field, graph)
        return self._key_field(type_, field, graph) if type_.owner is not None else None

    def _key_field(self, type_: SupergraphType, field: SupergraphField, graph: int) -> JoinField | None:
        """Join v0.1 does not say so, but a subgraph has the fields of its keys."""
        keys = (join for join in type_.joins if join.graph == graph and join.key is not None)
        return JoinField(graph) if any(field.name in _names(key.key_fields) for key in keys) else None

    def _is_external(self, type_: SupergraphType, field: SupergraphField, join: JoinField) -> bool:
        """Federation 1 marks the keys of an extension @external although the subgraph has them."""
        if join.used_overridden and join.override_label is None:
            return True
        if not join.external:
            return False
        extensions = (t for t in type_.joins if t.graph == join.graph and t.extension and t.key is not None)
        return not any(field.name in _names(key.key_fields) for key in extensions)

    def _in_force(self, override: Override | None) -> bool:
        return self.labels is None or override is None or (override.label in self.labels) == override.on

    # Key edges

    def key_edges(self, node: Node) -> tuple[KeyEdge, ...]:
        """Where an object of the node's type can be asked for by key; its own subgraph is among them."""
        return self.entries(node.type_name)

    def entries(self, type_name: str) -> tuple[KeyEdge, ...]:
        """Every way into a subgraph for an object of the type, in order of subgraphs and keys."""
        found = self._edges_to.get(type_name)
        if found is None:
            found = self._edges_to[type_name] = tuple(self._find_entries(type_name))
        return found

    def _find_entries(self, type_name: str) -> Iterator[KeyEdge]:
        type_ = self.supergraph.types[type_name]
        yield from self._entries_of(type_name, type_)
        for interface in type_.interfaces:
            parent = self.supergraph.types.get(interface)
            if parent is not None:
                for edge in self._entries_of(type_name, parent):
                    if edge.head.kind is NodeKind.INTERFACE_OBJECT:
                        yield edge

    def _entries_of(self, type_name: str, type_: SupergraphType) -> Iterator[KeyEdge]:
        for join in type_.joins:
            if join.key is not None and join.resolvable:
                head = self.node(type_.name, join.graph)
                if head is not None:
                    yield KeyEdge(type_name, head, join.key_fields, join.key)

    def resolvers(self, type_name: str, field: str) -> tuple[int, ...]:
        """Subgraphs that resolve the field for objects that enter by key, @interfaceObjects included."""
        key = (type_name, field)
        found = self._resolvers.get(key)
        if found is None:
            heads = dict.fromkeys(edge.head for edge in self.entries(type_name))
            found = tuple(dict.fromkeys(head.graph for head in heads if field in head.fields))
            self._resolvers[key] = found
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Subgraph names by index."""
        return tuple(subgraph.name for subgraph in self.supergraph.subgraphs)


def _override(join: JoinField) -> Override | None:
    if join.override_label is None:
        return None
    return Override(join.override_label, join.override is not None)


def _names(selections: Selections) -> set[str]:
    return {selection.name for selection in selections if isinstance(selection, FieldNode)}


def _provided_here(selections: Selections) -> dict[str, Selections]:
    """Provided fields of the node's own type, with what is provided below them."""
    found: dict[str, Selections] = {}
    for selection in selections:
        if isinstance(selection, FieldNode):
            found[selection.name] = _merged(found.get(selection.name, ()), selection.selections)
        elif selection.condition is None:
            for name, below in _provided_here(selection.selections).items():
                found[name] = _merged(found.get(name, ()), below)
    return found


def _narrowed(selections: Selections, type_name: str, supergraph: Supergraph) -> Selections:
    """What is provided once the type is known to be `type_name`."""
    found: Selections = ()
    for selection in selections:
        if isinstance(selection, FragmentNode) and selection.condition is not None:
            possible = supergraph.possible_types
            if possible.get(type_name, frozenset()) <= possible.get(selection.condition, frozenset()):
                found = _merged(found, _narrowed(selection.selections, type_name, supergraph))
        else:
            found = _merged(found, (selection,))
    return found


def _merged(first: Selections, second: Selections) -> Selections:
    if not first or first == second:
        return second
    return first + tuple(selection for selection in second if selection not in first)
