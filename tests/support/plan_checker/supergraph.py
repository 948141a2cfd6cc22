"""The supergraph, read independently of `schema/`: what each subgraph declares, as the join directives say.

A `Supergraph` gives the client's view (possible types, subtypes) and one `SubgraphView` per `join__Graph`
value: an executable schema holding only that subgraph's types, fields, members and values, and a
`FieldRule` for each of its fields (external, overridden, requires, provides, contextual arguments).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLSchema,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    build_ast_schema,
    is_abstract_type,
    is_interface_type,
    is_object_type,
    parse,
)

from tests.support.plan_checker.build_subgraph import build_subgraph
from tests.support.plan_checker.joins import applied, arguments, directives
from tests.support.plan_checker.subgraph import SubgraphView

Reached: TypeAlias = tuple[frozenset[str], frozenset[str] | None]


class Supergraph:
    def __init__(self, sdl: str, override_labels: frozenset[str] = frozenset()) -> None:
        self.document: DocumentNode = parse(sdl, no_location=True)
        self.schema: GraphQLSchema = build_ast_schema(self.document, assume_valid=True, assume_valid_sdl=True)
        self.override_labels = override_labels
        self.types: dict[str, TypeDefinitionNode] = {
            d.name.value: d for d in self.document.definitions if isinstance(d, TypeDefinitionNode)
        }
        self.graphs: dict[str, str] = dict(self._graphs())
        """`join__Graph` value to the subgraph's name."""
        self.joined_implicitly = "join__owner" in sdl
        """join v0.1: types without `@join__type` belong to every subgraph."""
        self.reached: dict[tuple[str, str, frozenset[str] | None], Reached] = {}
        """Answers of `reach.reached`, kept."""
        self._views: dict[str, SubgraphView] = {}
        self._possible: dict[str, frozenset[str]] = {}

    def _graphs(self) -> Iterator[tuple[str, str]]:
        node = self.types.get("join__Graph")
        assert isinstance(node, EnumTypeDefinitionNode), "a supergraph defines the enum join__Graph"
        for value in node.values or ():
            for directive in directives(value, "join__graph"):
                yield value.name.value, arguments(directive)["name"]

    @cached_property
    def graph_of(self) -> dict[str, str]:
        return {name: graph for graph, name in self.graphs.items()}

    def subgraph(self, name: str) -> SubgraphView | None:
        graph = self.graph_of.get(name)
        if graph is None:
            return None
        if graph not in self._views:
            self._views[graph] = build_subgraph(self, graph, name)
        return self._views[graph]

    def subgraphs(self) -> Iterator[SubgraphView]:
        for name in self.graph_of:
            view = self.subgraph(name)
            assert view is not None
            yield view

    def root_type(self, kind: str) -> str:
        for definition in self.document.definitions:
            if isinstance(definition, SchemaDefinitionNode):
                for operation in definition.operation_types:
                    if operation.operation.value == kind:
                        return operation.type.name.value
        return kind.capitalize()

    def possible(self, name: str) -> frozenset[str]:
        """Concrete types of a composite type; a concrete type's only possible type is itself."""
        if name not in self._possible:
            self._possible[name] = self._find_possible(name)
        return self._possible[name]

    def _find_possible(self, name: str) -> frozenset[str]:
        type_ = self.schema.type_map.get(name)
        if type_ is None:
            return frozenset()
        if is_abstract_type(type_):
            return frozenset(t.name for t in self.schema.get_possible_types(type_))
        return frozenset([name]) if is_object_type(type_) else frozenset()

    def is_subtype(self, name: str, condition: str) -> bool:
        """Whether an object whose `__typename` reads `name` (maybe an interface's) meets `condition`."""
        if name == condition or name in self.possible(condition):
            return True
        type_ = self.schema.type_map.get(name)
        return is_interface_type(type_) and condition in {i.name for i in type_.interfaces}

    def inaccessible(self, name: str) -> bool:
        node = self.types.get(name)
        return node is not None and bool(applied(node, "inaccessible"))
