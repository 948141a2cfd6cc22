"""What a planner learns of a supergraph and keeps: facts that do not depend on an operation."""

from __future__ import annotations

from router.operation import Field
from router.planner.field_sets import field_set_fields
from schema.graph import Node, QueryGraph
from schema.language.nodes import SelectionNode
from schema.supergraph import ContextArgument


class SupergraphFacts:
    """Facts of a supergraph under one set of labels, found when first asked for."""

    def __init__(self, graph: QueryGraph) -> None:
        self.graph = graph
        self.supergraph = graph.supergraph
        self.possible = graph.supergraph.possible_types
        self.subgraphs = len(graph.supergraph.subgraphs)
        self.root_types = frozenset(graph.supergraph.roots.values())
        self.context_fields: dict[tuple[str, ContextArgument], tuple[Field, ...]] = {}
        """What a contextual argument selects of a type that sets the context."""
        self._inconsistent: dict[tuple[str, str], bool] = {}
        self._head_nodes: dict[tuple[str, str], dict[int, Node]] = {}
        self._field_sets: dict[tuple[str, int], tuple[tuple[SelectionNode, ...], tuple[Field, ...]]] = {}

    def field_set(self, type_name: str, selections: tuple[SelectionNode, ...]) -> tuple[Field, ...]:
        """A field set as fields to plan. The selections are kept, so that their id stays theirs."""
        key = (type_name, id(selections))
        found = self._field_sets.get(key)
        if found is None:
            fields = field_set_fields(self.supergraph, type_name, selections)
            found = self._field_sets[key] = (selections, fields)
        return found[1]

    def has_inconsistent_types(self, type_name: str, field: str) -> bool:
        """Do subgraphs know different types that the field's value can have?"""
        key = (type_name, field)
        found = self._inconsistent.get(key)
        if found is None:
            found = self._inconsistent[key] = self._has_inconsistent_types(type_name, field)
        return found

    def _has_inconsistent_types(self, type_name: str, field: str) -> bool:
        definition = self.supergraph.types[type_name].fields.get(field)
        if definition is None or len(self.possible.get(definition.named_type, ())) < 2:
            return False
        return len({head.runtime_types for head in self._heads(type_name, field).values()}) > 1

    def _heads(self, type_name: str, field: str) -> dict[int, Node]:
        """The field's value in each subgraph that can be asked for it."""
        key = (type_name, field)
        found = self._head_nodes.get(key)
        if found is None:
            nodes = [self.graph.node(type_name, graph) for graph in self.graph.graphs_of(type_name)]
            nodes += [edge.head for edge in self.graph.entries(type_name)]
            edges = [(node.graph, node.fields.get(field)) for node in nodes if node is not None]
            found = {graph: edge.head for graph, edge in edges if edge is not None}
            self._head_nodes[key] = found
        return found

    def answering(self, type_name: str, field: str, graphs: frozenset[int] | None) -> frozenset[int]:
        """Subgraphs that can have answered the field for objects that `graphs` can have returned (None: all):
        those, and those that can be entered by key.
        """
        heads = self._heads(type_name, field)
        if graphs is None:
            return frozenset(heads)
        entered = self.graph.resolvers(type_name, field)
        return frozenset(graph for graph in heads if graph in graphs or graph in entered)

    def common_types(self, type_name: str, field: str, graphs: frozenset[int]) -> frozenset[str] | None:
        """The types that all of the subgraphs know for the field's value; None when fewer than two answer."""
        heads = self._heads(type_name, field)
        if len(graphs) < 2:
            return None
        return frozenset.intersection(*(heads[graph].runtime_types for graph in graphs))
