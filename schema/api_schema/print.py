"""The API schema as text: byte for byte what GraphQL tools print for a lexicographically sorted schema.

Printing works on the AST, not on a built schema: a schema of a megabyte is grouped, sorted and written in
one pass, O(n log n), without building and rebuilding every type in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from graphql import (
    DEFAULT_DEPRECATION_REASON,
    DirectiveDefinitionNode,
    DirectiveNode,
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
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationType,
    SchemaDefinitionNode,
    StringValueNode,
    TypeNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    introspection_types,
    specified_directives,
    specified_scalar_types,
)
from graphql.language.block_string import is_printable_as_block_string, print_block_string
from graphql.language.print_string import print_string
from graphql.pyutils import natural_comparison_key

from schema.api_schema.elements import TypeKind, TypeSystemNode, kind_of
from schema.api_schema.features import schema_nodes
from schema.api_schema.literals import InputTypes, print_default

_SPECIFIED_TYPES = frozenset(specified_scalar_types) | frozenset(introspection_types)
_SPECIFIED_DIRECTIVES = frozenset(directive.name for directive in specified_directives)

_Named = TypeVar(
    "_Named", FieldDefinitionNode, InputValueDefinitionNode, EnumValueDefinitionNode, NamedTypeNode
)


def print_sorted(document: DocumentNode) -> str:
    """The text of a type system document: directives, then types, each sorted by name with its extensions
    merged.
    """
    types: dict[str, list[TypeSystemNode]] = defaultdict(list)
    directives: dict[str, DirectiveDefinitionNode] = {}
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode) and node.name.value not in _SPECIFIED_DIRECTIVES:
            directives[node.name.value] = node
        elif isinstance(node, TypeSystemNode) and node.name.value not in _SPECIFIED_TYPES:
            types[node.name.value].append(node)
    printer = _Printer(_input_types(types.values()))
    parts = [_schema_definition(document, types)]
    parts += [printer.directive(directives[name]) for name in sorted(directives, key=natural_comparison_key)]
    parts += [printer.type(types[name]) for name in sorted(types, key=natural_comparison_key)]
    return "\n\n".join(filter(None, parts))


def _input_types(groups: Iterable[Sequence[TypeSystemNode]]) -> InputTypes:
    objects: dict[str, dict[str, InputValueDefinitionNode]] = {}
    enums = set()
    for node in (node for group in groups for node in group):
        if isinstance(node, InputObjectTypeDefinitionNode | InputObjectTypeExtensionNode):
            objects.setdefault(node.name.value, {}).update({f.name.value: f for f in node.fields or ()})
        elif isinstance(node, EnumTypeDefinitionNode):
            enums.add(node.name.value)
    return InputTypes(objects, frozenset(enums))


def _schema_definition(document: DocumentNode, types: dict[str, list[TypeSystemNode]]) -> str:
    """The schema block, left out when it says nothing but the usual names."""
    nodes = list(schema_nodes(document))
    roots = {root.operation: root.type.name.value for node in nodes for root in node.operation_types or ()}
    descriptions = [node.description for node in nodes if isinstance(node, SchemaDefinitionNode)]
    usual = {operation: operation.value.capitalize() for operation in OperationType}
    if not nodes:
        roots = {operation: name for operation, name in usual.items() if name in types}
    if not any(descriptions) and all(usual[operation] == name for operation, name in roots.items()):
        return ""
    lines = [f"  {operation.value}: {roots[operation]}" for operation in OperationType if operation in roots]
    return _description(next(filter(None, descriptions), None)) + "\n".join(["schema {", *lines, "}"])


@dataclass(frozen=True, slots=True)
class _Printer:
    types: InputTypes

    def directive(self, node: DirectiveDefinitionNode) -> str:
        locations = sorted((location.value for location in node.locations), key=natural_comparison_key)
        repeatable = " repeatable" if node.repeatable else ""
        return (
            f"{_description(node.description)}directive @{node.name.value}{self._arguments(node.arguments)}"
            f"{repeatable} on {' | '.join(locations)}"
        )

    def type(self, nodes: Sequence[TypeSystemNode]) -> str:
        """One type: its definition with the content of its extensions."""
        first = nodes[0]
        description = _description(next((d for n in nodes if (d := getattr(n, "description", None))), None))
        name = first.name.value
        match kind_of(first):
            case TypeKind.SCALAR:
                return f"{description}scalar {name}{_specified_by(nodes)}"
            case TypeKind.OBJECT:
                return f"{description}type {name}{self._composite(nodes)}"
            case TypeKind.INTERFACE:
                return f"{description}interface {name}{self._composite(nodes)}"
            case TypeKind.UNION:
                members = " | ".join(node.name.value for node in _sorted(_members(nodes)))
                return f"{description}union {name}{f' = {members}' if members else ''}"
            case TypeKind.ENUM:
                lines = [self._enum_value(v, i == 0) for i, v in enumerate(_sorted(_values(nodes)))]
                return f"{description}enum {name}{_block(lines)}"
            case TypeKind.INPUT_OBJECT:
                one_of = " @oneOf" if any(_applied(node.directives, "oneOf") for node in nodes) else ""
                lines = [
                    f"{_description(f.description, '  ', i == 0)}  {self._input(f)}"
                    for i, f in enumerate(_sorted(_inputs(nodes)))
                ]
                return f"{description}input {name}{one_of}{_block(lines)}"

    def _composite(self, nodes: Sequence[TypeSystemNode]) -> str:
        interfaces = " & ".join(node.name.value for node in _sorted(_interfaces(nodes)))
        implements = f" implements {interfaces}" if interfaces else ""
        return implements + _block([self._field(f, i == 0) for i, f in enumerate(_sorted(_fields(nodes)))])

    def _field(self, node: FieldDefinitionNode, first: bool) -> str:
        return (
            f"{_description(node.description, '  ', first)}  {node.name.value}"
            f"{self._arguments(node.arguments, '  ')}: {_type(node.type)}{_deprecated(node.directives)}"
        )

    def _arguments(self, nodes: tuple[InputValueDefinitionNode, ...] | None, indent: str = "") -> str:
        if not nodes:
            return ""
        ordered = _sorted(nodes)
        if not any(node.description and node.description.value for node in ordered):
            return f"({', '.join(map(self._input, ordered))})"
        lines = [
            f"{_description(node.description, f'  {indent}', i == 0)}  {indent}{self._input(node)}"
            for i, node in enumerate(ordered)
        ]
        return "\n".join(["(", *lines, f"{indent})"])

    def _input(self, node: InputValueDefinitionNode) -> str:
        default = node.default_value
        value = f" = {print_default(default, node.type, self.types)}" if default is not None else ""
        return f"{node.name.value}: {_type(node.type)}{value}{_deprecated(node.directives)}"

    def _enum_value(self, node: EnumValueDefinitionNode, first: bool) -> str:
        return (
            f"{_description(node.description, '  ', first)}  {node.name.value}{_deprecated(node.directives)}"
        )


def _sorted(nodes: Iterable[_Named]) -> list[_Named]:
    return sorted(nodes, key=lambda node: natural_comparison_key(_name(node)))


def _name(
    node: FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode | NamedTypeNode,
) -> str:
    return node.name.value


def _fields(nodes: Sequence[TypeSystemNode]) -> Iterable[FieldDefinitionNode]:
    for node in nodes:
        if isinstance(
            node,
            ObjectTypeDefinitionNode
            | ObjectTypeExtensionNode
            | InterfaceTypeDefinitionNode
            | InterfaceTypeExtensionNode,
        ):
            yield from node.fields or ()


def _interfaces(nodes: Sequence[TypeSystemNode]) -> Iterable[NamedTypeNode]:
    for node in nodes:
        if isinstance(
            node,
            ObjectTypeDefinitionNode
            | ObjectTypeExtensionNode
            | InterfaceTypeDefinitionNode
            | InterfaceTypeExtensionNode,
        ):
            yield from node.interfaces or ()


def _members(nodes: Sequence[TypeSystemNode]) -> Iterable[NamedTypeNode]:
    for node in nodes:
        if isinstance(node, UnionTypeDefinitionNode | UnionTypeExtensionNode):
            yield from node.types or ()


def _values(nodes: Sequence[TypeSystemNode]) -> Iterable[EnumValueDefinitionNode]:
    for node in nodes:
        if isinstance(node, EnumTypeDefinitionNode | EnumTypeExtensionNode):
            yield from node.values or ()


def _inputs(nodes: Sequence[TypeSystemNode]) -> Iterable[InputValueDefinitionNode]:
    for node in nodes:
        if isinstance(node, InputObjectTypeDefinitionNode | InputObjectTypeExtensionNode):
            yield from node.fields or ()


def _type(node: TypeNode) -> str:
    match node:
        case NonNullTypeNode():
            return f"{_type(node.type)}!"
        case ListTypeNode():
            return f"[{_type(node.type)}]"
        case NamedTypeNode():
            return node.name.value
    raise TypeError(f"not a GraphQL type: {node!r}")


def _description(node: StringValueNode | None, indent: str = "", first: bool = True) -> str:
    """A description above its element; all but a block's first have an empty line before them."""
    if node is None:
        return ""
    text = (
        print_block_string(node.value)
        if is_printable_as_block_string(node.value)
        else print_string(node.value)
    )
    prefix = f"\n{indent}" if indent and not first else indent
    return prefix + text.replace("\n", f"\n{indent}") + "\n"


def _block(lines: Sequence[str]) -> str:
    return "\n".join([" {", *lines, "}"]) if lines else ""


def _applied(directives: tuple[DirectiveNode, ...] | None, name: str) -> DirectiveNode | None:
    return next((d for d in directives or () if d.name.value == name), None)


def _string_argument(directive: DirectiveNode, name: str) -> str | None:
    value = next((a.value for a in directive.arguments or () if a.name.value == name), None)
    return value.value if isinstance(value, StringValueNode) else None


def _deprecated(directives: tuple[DirectiveNode, ...] | None) -> str:
    directive = _applied(directives, "deprecated")
    if directive is None:
        return ""
    reason = _string_argument(directive, "reason")
    if reason is None or reason == DEFAULT_DEPRECATION_REASON:
        return " @deprecated"
    return f" @deprecated(reason: {print_string(reason)})"


def _specified_by(nodes: Sequence[TypeSystemNode]) -> str:
    applied = (_applied(node.directives, "specifiedBy") for node in nodes)
    urls = [url for directive in applied if directive and (url := _string_argument(directive, "url"))]
    return f" @specifiedBy(url: {print_string(urls[-1])})" if urls else ""
