"""The elements @inaccessible can hide, gathered from an AST: a definition and its extensions become one
element.

Coordinates are those of the GraphQL specification (`Type.field(argument:)`, `Enum.VALUE`,
`@directive(argument:)`), so that messages and callers who know where an element came from speak of the same
thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
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
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    ValueNode,
)

TypeSystemNode = (
    ScalarTypeDefinitionNode
    | ScalarTypeExtensionNode
    | ObjectTypeDefinitionNode
    | ObjectTypeExtensionNode
    | InterfaceTypeDefinitionNode
    | InterfaceTypeExtensionNode
    | UnionTypeDefinitionNode
    | UnionTypeExtensionNode
    | EnumTypeDefinitionNode
    | EnumTypeExtensionNode
    | InputObjectTypeDefinitionNode
    | InputObjectTypeExtensionNode
)
"""A definition or extension of a named type."""


class TypeKind(Enum):
    SCALAR = auto()
    OBJECT = auto()
    INTERFACE = auto()
    UNION = auto()
    ENUM = auto()
    INPUT_OBJECT = auto()


@dataclass(slots=True)
class InputElement:
    """An argument of a field or directive, or a field of an input object."""

    name: str
    coordinate: str
    type: TypeNode
    default: ValueNode | None
    hidden: bool

    @property
    def required(self) -> bool:
        return isinstance(self.type, NonNullTypeNode) and self.default is None


@dataclass(slots=True)
class FieldElement:
    name: str
    coordinate: str
    type: TypeNode
    hidden: bool
    arguments: dict[str, InputElement]


@dataclass(slots=True)
class EnumValueElement:
    name: str
    coordinate: str
    hidden: bool


@dataclass(slots=True)
class TypeElement:
    """A named type; of the collections only those its kind has are filled."""

    name: str
    kind: TypeKind
    hidden: bool = False
    fields: dict[str, FieldElement] = field(default_factory=dict)
    inputs: dict[str, InputElement] = field(default_factory=dict)
    values: dict[str, EnumValueElement] = field(default_factory=dict)
    interfaces: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)


@dataclass(slots=True)
class DirectiveElement:
    name: str
    locations: tuple[str, ...]
    arguments: dict[str, InputElement]


@dataclass(slots=True)
class Elements:
    """Every type and directive of a document, with what the given directive hides marked."""

    types: dict[str, TypeElement]
    directives: dict[str, DirectiveElement]


def named_type(node: TypeNode) -> str:
    """The name inside the list and non-null wrappers."""
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    assert isinstance(node, NamedTypeNode)
    return node.name.value


def gather(document: DocumentNode, hiding_directive: str) -> Elements:
    """All elements of a document, `hidden` where the directive is applied. One walk."""
    gathering = _Gathering(hiding_directive)
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode):
            gathering.add_directive(node)
        elif isinstance(node, TypeSystemNode):
            gathering.add_type(node)
    return gathering.elements


class _Gathering:
    def __init__(self, hiding_directive: str) -> None:
        self._hiding = hiding_directive
        self.elements = Elements({}, {})

    def add_directive(self, node: DirectiveDefinitionNode) -> None:
        name = node.name.value
        self.elements.directives[name] = DirectiveElement(
            name,
            tuple(location.value for location in node.locations),
            {a.name.value: self._input(a, f"@{name}({a.name.value}:)") for a in node.arguments or ()},
        )

    def add_type(self, node: TypeSystemNode) -> None:
        name = node.name.value
        kind = kind_of(node)
        element = self.elements.types.setdefault(name, TypeElement(name, kind))
        element.hidden = element.hidden or self._is_hidden(node.directives)
        match node:
            case ObjectTypeDefinitionNode() | ObjectTypeExtensionNode():
                self._add_fields(element, node)
            case InterfaceTypeDefinitionNode() | InterfaceTypeExtensionNode():
                self._add_fields(element, node)
            case UnionTypeDefinitionNode() | UnionTypeExtensionNode():
                element.members.extend(member.name.value for member in node.types or ())
            case EnumTypeDefinitionNode() | EnumTypeExtensionNode():
                for value in node.values or ():
                    element.values[value.name.value] = EnumValueElement(
                        value.name.value, f"{name}.{value.name.value}", self._is_hidden(value.directives)
                    )
            case InputObjectTypeDefinitionNode() | InputObjectTypeExtensionNode():
                for item in node.fields or ():
                    element.inputs[item.name.value] = self._input(item, f"{name}.{item.name.value}")
            case ScalarTypeDefinitionNode() | ScalarTypeExtensionNode():
                return

    def _add_fields(
        self,
        element: TypeElement,
        node: ObjectTypeDefinitionNode
        | ObjectTypeExtensionNode
        | InterfaceTypeDefinitionNode
        | InterfaceTypeExtensionNode,
    ) -> None:
        element.interfaces.extend(interface.name.value for interface in node.interfaces or ())
        for item in node.fields or ():
            element.fields[item.name.value] = self._field(item, f"{element.name}.{item.name.value}")

    def _field(self, node: FieldDefinitionNode, coordinate: str) -> FieldElement:
        arguments = {
            a.name.value: self._input(a, f"{coordinate}({a.name.value}:)") for a in node.arguments or ()
        }
        return FieldElement(
            node.name.value, coordinate, node.type, self._is_hidden(node.directives), arguments
        )

    def _input(self, node: InputValueDefinitionNode, coordinate: str) -> InputElement:
        hidden = self._is_hidden(node.directives)
        return InputElement(node.name.value, coordinate, node.type, node.default_value, hidden)

    def _is_hidden(self, directives: tuple[DirectiveNode, ...] | None) -> bool:
        return any(directive.name.value == self._hiding for directive in directives or ())


def kind_of(node: TypeSystemNode) -> TypeKind:
    match node:
        case ScalarTypeDefinitionNode() | ScalarTypeExtensionNode():
            return TypeKind.SCALAR
        case ObjectTypeDefinitionNode() | ObjectTypeExtensionNode():
            return TypeKind.OBJECT
        case InterfaceTypeDefinitionNode() | InterfaceTypeExtensionNode():
            return TypeKind.INTERFACE
        case UnionTypeDefinitionNode() | UnionTypeExtensionNode():
            return TypeKind.UNION
        case EnumTypeDefinitionNode() | EnumTypeExtensionNode():
            return TypeKind.ENUM
        case InputObjectTypeDefinitionNode() | InputObjectTypeExtensionNode():
            return TypeKind.INPUT_OBJECT
