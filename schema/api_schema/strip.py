"""Remove machinery and hidden elements from a supergraph's AST; untouched nodes are shared, not copied.

Three things go: definitions a feature owns (and on the schema definition its @link applications), elements
marked @inaccessible, and a definition of @defer or @stream, which the router provides itself. Applications
of removed directives may stay on visible elements: printing and execution read none but @deprecated,
@specifiedBy and @oneOf.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    NamedTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
)

from schema.api_schema.elements import TypeSystemNode
from schema.api_schema.features import Features

_PROVIDED_BY_THE_ROUTER = frozenset({"defer", "stream"})

_Directed = TypeVar(
    "_Directed", TypeSystemNode, FieldDefinitionNode, InputValueDefinitionNode, EnumValueDefinitionNode
)


@dataclass(frozen=True, slots=True)
class _Stripping:
    features: Features
    hiding: str | None
    hidden_types: frozenset[str]

    def is_hidden(
        self,
        node: TypeSystemNode | FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode,
    ) -> bool:
        if self.hiding is None:
            return False
        return any(directive.name.value == self.hiding for directive in node.directives or ())


def strip(document: DocumentNode, features: Features, hiding: str | None) -> DocumentNode:
    """The document without what clients must not see; `hiding` is what the schema calls @inaccessible.
    O(size).
    """
    hidden_types = frozenset(
        node.name.value
        for node in document.definitions
        if hiding and isinstance(node, TypeSystemNode)
        for directive in node.directives or ()
        if directive.name.value == hiding
    )
    stripping = _Stripping(features, hiding, hidden_types)
    kept = tuple(_definitions(document.definitions, stripping))
    return replace(document, definitions=cast(tuple[DefinitionNode, ...], kept))


def _definitions(
    nodes: Iterable[DefinitionNode], stripping: _Stripping
) -> Iterator[DefinitionNode | SchemaExtensionNode]:
    for node in nodes:
        match node:
            case SchemaDefinitionNode() | SchemaExtensionNode():
                yield from _schema(node, stripping)
            case DirectiveDefinitionNode():
                yield from _directive(node, stripping)
            case _ if isinstance(node, TypeSystemNode):
                name = node.name.value
                if name not in stripping.hidden_types and not stripping.features.owns_type(name):
                    yield _type(node, stripping)
            case _:
                yield node


def _schema(
    node: SchemaDefinitionNode | SchemaExtensionNode, stripping: _Stripping
) -> Iterator[SchemaDefinitionNode | SchemaExtensionNode]:
    roots = tuple(r for r in node.operation_types or () if r.type.name.value not in stripping.hidden_types)
    if roots:
        yield replace(node, directives=(), operation_types=roots)


def _directive(node: DirectiveDefinitionNode, stripping: _Stripping) -> Iterator[DirectiveDefinitionNode]:
    name = node.name.value
    if name not in _PROVIDED_BY_THE_ROUTER and not stripping.features.owns_directive(name):
        arguments = _visible(node.arguments, stripping)
        yield node if arguments is node.arguments else replace(node, arguments=arguments)


def _type(node: TypeSystemNode, stripping: _Stripping) -> TypeSystemNode:
    match node:
        case (
            ObjectTypeDefinitionNode()
            | ObjectTypeExtensionNode()
            | InterfaceTypeDefinitionNode()
            | InterfaceTypeExtensionNode()
        ):
            interfaces = _existing(node.interfaces, stripping)
            fields = _fields(node.fields, stripping)
            if interfaces is node.interfaces and fields is node.fields:
                return node
            return replace(node, interfaces=interfaces, fields=fields)
        case UnionTypeDefinitionNode() | UnionTypeExtensionNode():
            members = _existing(node.types, stripping)
            return node if members is node.types else replace(node, types=members)
        case EnumTypeDefinitionNode() | EnumTypeExtensionNode():
            values = _visible(node.values, stripping)
            return node if values is node.values else replace(node, values=values)
        case InputObjectTypeDefinitionNode() | InputObjectTypeExtensionNode():
            inputs = _visible(node.fields, stripping)
            return node if inputs is node.fields else replace(node, fields=inputs)
        case _:
            return node


def _fields(
    nodes: tuple[FieldDefinitionNode, ...] | None, stripping: _Stripping
) -> tuple[FieldDefinitionNode, ...] | None:
    visible = _visible(nodes, stripping)
    if visible is None or stripping.hiding is None:
        return visible
    stripped = tuple(_field(node, stripping) for node in visible)
    changed = len(stripped) != len(nodes or ()) or any(
        a is not b for a, b in zip(stripped, visible, strict=True)
    )
    return stripped if changed else nodes


def _field(node: FieldDefinitionNode, stripping: _Stripping) -> FieldDefinitionNode:
    arguments = _visible(node.arguments, stripping)
    return node if arguments is node.arguments else replace(node, arguments=arguments)


def _visible(nodes: tuple[_Directed, ...] | None, stripping: _Stripping) -> tuple[_Directed, ...] | None:
    """The nodes that are not hidden; the same tuple when all are visible."""
    if not nodes or stripping.hiding is None:
        return nodes
    visible = tuple(node for node in nodes if not stripping.is_hidden(node))
    return nodes if len(visible) == len(nodes) else visible


def _existing(
    nodes: tuple[NamedTypeNode, ...] | None, stripping: _Stripping
) -> tuple[NamedTypeNode, ...] | None:
    """References to types that are still there; the same tuple when all are."""
    if not nodes or not stripping.hidden_types:
        return nodes
    visible = tuple(node for node in nodes if node.name.value not in stripping.hidden_types)
    return nodes if len(visible) == len(nodes) else visible
