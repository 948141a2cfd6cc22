"""The model of a schema, light enough to build by the thousand: what every stage of composition reads and
writes.

    Schema ─ types: name → ScalarType | ObjectType | InterfaceType | UnionType | EnumType | InputType
           ├ directives: name → DirectiveDefinition
           └ definition: SchemaDefinition (roots, directives)

A type reference is its text ("[User!]!", see `schema.model.type_references`). `at` is the token an element
starts at in its subgraph's source, or NOWHERE for what no subgraph wrote. `extension` is 0 for what the
definition holds and the number of the `extend` block otherwise. Elements compare by identity: sets of fields
are sets of these very objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from schema.language.values import Value

NOWHERE = -1


@dataclass(slots=True, eq=False)
class Directive:
    """A directive applied to an element, its arguments as given."""

    name: str
    arguments: dict[str, Value]
    at: int = NOWHERE
    extension: int = 0


@dataclass(slots=True, eq=False)
class InputValue:
    """An argument, or a field of an input type. `default` counts only when `has_default`."""

    name: str
    type: str
    has_default: bool = False
    default: Value = None
    directives: list[Directive] = field(default_factory=list)
    description: str | None = None
    at: int = NOWHERE
    extension: int = 0

    @property
    def required(self) -> bool:
        """Must a value be given? (non-null, and no default)"""
        return self.type.endswith("!") and not self.has_default


@dataclass(slots=True, eq=False)
class Field:
    """A field of an object or interface type."""

    name: str
    type: str
    arguments: dict[str, InputValue] = field(default_factory=dict)
    directives: list[Directive] = field(default_factory=list)
    description: str | None = None
    at: int = NOWHERE
    extension: int = 0


@dataclass(slots=True, eq=False)
class EnumValue:
    """A value of an enum type."""

    name: str
    directives: list[Directive] = field(default_factory=list)
    description: str | None = None
    at: int = NOWHERE
    extension: int = 0


@dataclass(slots=True, eq=False)
class DirectiveDefinition:
    """A directive that may be applied, and where."""

    name: str
    arguments: dict[str, InputValue]
    repeatable: bool
    locations: tuple[str, ...]
    description: str | None = None
    at: int = NOWHERE


@dataclass(slots=True, eq=False)
class _Type:
    """What all kinds of types share. `defined` is false for a type that only `extend` blocks describe."""

    name: str
    description: str | None = None
    directives: list[Directive] = field(default_factory=list)
    at: int = NOWHERE
    defined: bool = True
    extensions: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class ScalarType(_Type):
    """A scalar."""


@dataclass(slots=True, eq=False)
class _FieldsType(_Type):
    """An object or interface type; `interfaces` maps names to tokens."""

    interfaces: dict[str, int] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class ObjectType(_FieldsType):
    """An object type."""


@dataclass(slots=True, eq=False)
class InterfaceType(_FieldsType):
    """An interface type."""


@dataclass(slots=True, eq=False)
class UnionType(_Type):
    """A union; `members` maps names to tokens."""

    members: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class EnumType(_Type):
    """An enum."""

    values: dict[str, EnumValue] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class InputType(_Type):
    """An input object type."""

    fields: dict[str, InputValue] = field(default_factory=dict)


TypeDefinition: TypeAlias = ScalarType | ObjectType | InterfaceType | UnionType | EnumType | InputType
CompositeType: TypeAlias = ObjectType | InterfaceType | UnionType
Element: TypeAlias = TypeDefinition | Field | InputValue | EnumValue

COMPOSITE_TYPES = (ObjectType, InterfaceType, UnionType)
INPUT_TYPES = (ScalarType, EnumType, InputType)
DEFAULT_ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
"""The type of each operation kind, where a schema does not name another (GraphQL 3.3.1)."""
BUILT_IN_SCALARS = frozenset({"Int", "Float", "String", "Boolean", "ID"})

KIND_NAMES: dict[type[_Type], str] = {
    ScalarType: "scalar",
    ObjectType: "object type",
    InterfaceType: "interface",
    UnionType: "union",
    EnumType: "enum",
    InputType: "input type",
}


@dataclass(slots=True, eq=False)
class SchemaDefinition:
    """`schema { … }` with its extensions folded in; `roots` maps query, mutation, subscription to type
    names.
    """

    roots: dict[str, str] = field(default_factory=dict)
    directives: list[Directive] = field(default_factory=list)
    description: str | None = None
    at: int = NOWHERE
    written: bool = False


@dataclass(slots=True, eq=False)
class Schema:
    """A whole schema. Built-in scalars and GraphQL's own directives are not listed."""

    types: dict[str, TypeDefinition] = field(default_factory=dict)
    directives: dict[str, DirectiveDefinition] = field(default_factory=dict)
    definition: SchemaDefinition = field(default_factory=SchemaDefinition)
    _implementations: dict[str, list[ObjectType]] | None = None

    def fields_types(self) -> Iterator[ObjectType | InterfaceType]:
        """Object and interface types, in order."""
        return (type_ for type_ in self.types.values() if isinstance(type_, ObjectType | InterfaceType))

    def object_types(self) -> Iterator[ObjectType]:
        """Object types, in order."""
        return (type_ for type_ in self.types.values() if isinstance(type_, ObjectType))

    def interface_types(self) -> Iterator[InterfaceType]:
        """Interface types, in order."""
        return (type_ for type_ in self.types.values() if isinstance(type_, InterfaceType))

    def implementations(self, interface: str) -> list[ObjectType]:
        """The object types that implement an interface; indexed once, so call `forget_implementations` on
        change.
        """
        if self._implementations is None:
            index: dict[str, list[ObjectType]] = {}
            for type_ in self.object_types():
                for name in type_.interfaces:
                    index.setdefault(name, []).append(type_)
            self._implementations = index
        return self._implementations.get(interface, [])

    def forget_implementations(self) -> None:
        """Call after object types or their interfaces changed."""
        self._implementations = None

    def possible_types(self, name: str) -> list[str]:
        """The object types a value of the named composite type can have."""
        match self.types.get(name):
            case ObjectType():
                return [name]
            case InterfaceType():
                return [type_.name for type_ in self.implementations(name)]
            case UnionType(members=members):
                return list(members)
        return []


def applied(element: Element | SchemaDefinition, name: str) -> list[Directive]:
    """The applications of one directive on an element."""
    return [directive for directive in element.directives if directive.name == name]


def is_deprecated(element: Element) -> bool:
    """Is the element deprecated? A reason of null says that it is not (GraphQL 3.13.3)."""
    return any(d.arguments.get("reason", "") is not None for d in applied(element, "deprecated"))


def has_applied(element: Element | SchemaDefinition, name: str) -> bool:
    """Is the directive applied to the element?"""
    return any(directive.name == name for directive in element.directives)
