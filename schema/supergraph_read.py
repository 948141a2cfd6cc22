"""Document → Supergraph: one pass over the definitions, each read by the reader of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    Node,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    StringValueNode,
    TypeNode,
    UnionTypeDefinitionNode,
    ValueNode,
    value_from_ast_untyped,
)

from schema.supergraph import (
    AppliedDirective,
    ContextArgument,
    InvalidSupergraphError,
    JoinField,
    JoinType,
    Subgraph,
    Supergraph,
    SupergraphArgument,
    SupergraphEnumValue,
    SupergraphField,
    SupergraphType,
    TypeKind,
)
from schema.supergraph_links import check_links, join_version

MACHINERY = ("join__", "link__", "core__")


def read_supergraph(document: DocumentNode) -> Supergraph:
    """Raises SupergraphError for a document that is no supergraph, or one that links what we do not know."""
    definition = _schema_definition(document)
    applied = _applied(definition)
    check_links(applied)
    version = join_version(applied)
    reader = _Reader(_read_subgraphs(document), version)
    types = reader.types(document)
    roots = {o.operation.value: o.type.name.value for o in definition.operation_types}
    for kind, name in roots.items():
        if name not in types:
            raise InvalidSupergraphError(f'The {kind} type "{name}" is not defined')
    return Supergraph(document, version, reader.subgraphs, types, roots, applied)


def _schema_definition(document: DocumentNode) -> SchemaDefinitionNode:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode):
            return definition
    raise InvalidSupergraphError("There is no `schema { … }` definition: this is not a supergraph")


def _read_subgraphs(document: DocumentNode) -> tuple[Subgraph, ...]:
    for definition in document.definitions:
        if isinstance(definition, EnumTypeDefinitionNode) and definition.name.value == "join__Graph":
            values = definition.values or ()
            return tuple(_read_subgraph(index, value) for index, value in enumerate(values))
    raise InvalidSupergraphError("There is no `enum join__Graph`: this is not a supergraph")


def _read_subgraph(index: int, node: Any) -> Subgraph:
    for directive in node.directives or ():
        if directive.name.value == "join__graph":
            arguments = _arguments(directive)
            name = arguments.get("name")
            if isinstance(name, str):
                return Subgraph(index, node.name.value, name, str(arguments.get("url") or ""))
    raise _at(node, f'The subgraph "{node.name.value}" has no @join__graph(name:)')


def _at(node: Node, message: str) -> InvalidSupergraphError:
    if node.loc is None:
        return InvalidSupergraphError(message)
    line, column = node.loc.source.get_location(node.loc.start)
    return InvalidSupergraphError(message, line, column)


@dataclass(slots=True)
class _Reader:
    subgraphs: tuple[Subgraph, ...]
    version: str

    def types(self, document: DocumentNode) -> dict[str, SupergraphType]:
        readers = {
            ObjectTypeDefinitionNode: TypeKind.OBJECT,
            InterfaceTypeDefinitionNode: TypeKind.INTERFACE,
            UnionTypeDefinitionNode: TypeKind.UNION,
            EnumTypeDefinitionNode: TypeKind.ENUM,
            InputObjectTypeDefinitionNode: TypeKind.INPUT,
            ScalarTypeDefinitionNode: TypeKind.SCALAR,
        }
        index = {subgraph.enum_value: subgraph.index for subgraph in self.subgraphs}
        types: dict[str, SupergraphType] = {}
        for node in document.definitions:
            kind = readers.get(type(node))
            if kind is not None:
                name: str = node.name.value  # type: ignore[attr-defined]
                if not name.startswith(MACHINERY):
                    types[name] = self._type(node, name, kind, index)
        return types

    def _type(self, node: Any, name: str, kind: TypeKind, index: Mapping[str, int]) -> SupergraphType:
        joins: list[JoinType] = []
        implements: list[tuple[int, str]] = []
        members: list[tuple[int, str]] = []
        owner: int | None = None
        others: list[AppliedDirective] = []
        for directive in node.directives or ():
            arguments = _arguments(directive)
            match directive.name.value:
                case "join__type":
                    joins.append(_join_type(_graph(arguments, index, directive), arguments))
                case "join__implements":
                    implements.append((_graph(arguments, index, directive), arguments["interface"]))
                case "join__unionMember":
                    members.append((_graph(arguments, index, directive), arguments["member"]))
                case "join__owner":
                    owner = _graph(arguments, index, directive)
                case other:
                    others.append(AppliedDirective(other, arguments))
        if not joins and self.version == "v0.1":
            joins = [JoinType(subgraph.index) for subgraph in self.subgraphs]
        interfaces = tuple(i.name.value for i in getattr(node, "interfaces", None) or ())
        graphs = {join.graph for join in joins}
        if not implements and interfaces:
            implements = [(graph, interface) for graph in sorted(graphs) for interface in interfaces]
        if kind is TypeKind.UNION and not members:
            members = [(graph, m.name.value) for graph in sorted(graphs) for m in node.types or ()]
        return SupergraphType(
            name=name,
            kind=kind,
            joins=tuple(joins),
            fields={f.name.value: _field(f, index) for f in getattr(node, "fields", None) or ()},
            interfaces=interfaces,
            implements=tuple(implements),
            members=tuple(members),
            values=self._values(node, graphs, index) if kind is TypeKind.ENUM else {},
            owner=owner,
            directives=tuple(others),
        )

    def _values(
        self, node: EnumTypeDefinitionNode, graphs: Iterable[int], index: Mapping[str, int]
    ) -> dict[str, SupergraphEnumValue]:
        values: dict[str, SupergraphEnumValue] = {}
        for value in node.values or ():
            own: list[int] = []
            others: list[AppliedDirective] = []
            for directive in value.directives or ():
                arguments = _arguments(directive)
                if directive.name.value == "join__enumValue":
                    own.append(_graph(arguments, index, directive))
                else:
                    others.append(AppliedDirective(directive.name.value, arguments))
            name = value.name.value
            values[name] = SupergraphEnumValue(name, tuple(own or sorted(graphs)), tuple(others))
        return values


def _graph(arguments: Mapping[str, Any], index: Mapping[str, int], node: DirectiveNode) -> int:
    graph = index.get(arguments.get("graph", ""))
    if graph is None:
        raise _at(
            node, f'@{node.name.value} names the subgraph "{arguments.get("graph")}", which does not exist'
        )
    return graph


def _join_type(graph: int, arguments: Mapping[str, Any]) -> JoinType:
    return JoinType(
        graph,
        arguments.get("key"),
        arguments.get("extension", False),
        arguments.get("resolvable", True),
        arguments.get("isInterfaceObject", False),
    )


def _field(node: FieldDefinitionNode | InputValueDefinitionNode, index: Mapping[str, int]) -> SupergraphField:
    joins: list[JoinField] = []
    others: list[AppliedDirective] = []
    for directive in node.directives or ():
        arguments = _arguments(directive)
        if directive.name.value == "join__field":
            graph = None if arguments.get("graph") is None else _graph(arguments, index, directive)
            joins.append(_join_field(graph, arguments))
        else:
            others.append(AppliedDirective(directive.name.value, arguments))
    text, named, depth = read_type(node.type)
    arguments_ = {a.name.value: _argument(a) for a in getattr(node, "arguments", None) or ()}
    return SupergraphField(node.name.value, text, named, depth, arguments_, tuple(joins), tuple(others))


def _join_field(graph: int | None, arguments: Mapping[str, Any]) -> JoinField:
    contexts = arguments.get("contextArguments") or ()
    return JoinField(
        graph,
        arguments.get("requires"),
        arguments.get("provides"),
        arguments.get("type"),
        arguments.get("external", False),
        arguments.get("override"),
        arguments.get("usedOverridden", False),
        arguments.get("overrideLabel"),
        tuple(ContextArgument(c["context"], c["name"], c["type"], c["selection"]) for c in contexts),
    )


def _argument(node: InputValueDefinitionNode) -> SupergraphArgument:
    return SupergraphArgument(
        node.name.value, read_type(node.type)[0], node.default_value is not None, _applied(node)
    )


def read_type(node: TypeNode) -> tuple[str, str, int]:
    """(text, name at the bottom, number of lists around it)"""
    if isinstance(node, NonNullTypeNode):
        text, named, depth = read_type(node.type)
        return f"{text}!", named, depth
    if isinstance(node, ListTypeNode):
        text, named, depth = read_type(node.type)
        return f"[{text}]", named, depth + 1
    name: str = node.name.value  # type: ignore[attr-defined]
    return name, name, 0


def _applied(node: Any) -> tuple[AppliedDirective, ...]:
    return tuple(AppliedDirective(d.name.value, _arguments(d)) for d in node.directives or ())


def _arguments(node: DirectiveNode) -> dict[str, Any]:
    return {a.name.value: _constant(a.value) for a in node.arguments or ()}


def _constant(node: ValueNode) -> Any:
    if isinstance(node, EnumValueNode | StringValueNode | BooleanValueNode):
        return node.value  # the usual case, without the detour
    return value_from_ast_untyped(node)
