"""A document as written: definitions and extensions in order, nothing folded or looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from schema.language.values import Value
from schema.model.definitions import Directive, DirectiveDefinition, EnumValue, Field, InputValue


class TypeKind(Enum):
    """The six kinds of named types; the value is the keyword."""

    SCALAR = "scalar"
    OBJECT = "type"
    INTERFACE = "interface"
    UNION = "union"
    ENUM = "enum"
    INPUT = "input"


@dataclass(slots=True, eq=False)
class TypeNode:
    """One definition or extension of a type. Names of interfaces and members come with their token."""

    kind: TypeKind
    name: str
    description: str | None
    extension: bool
    at: int
    directives: list[Directive] = field(default_factory=list)
    interfaces: list[tuple[str, int]] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    input_fields: list[InputValue] = field(default_factory=list)
    values: list[EnumValue] = field(default_factory=list)
    members: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Does it say nothing but its name?"""
        parts = (self.directives, self.interfaces, self.fields, self.input_fields, self.values, self.members)
        return not any(parts)


@dataclass(slots=True, eq=False)
class SchemaNode:
    """One `schema { … }` or `extend schema`; roots are (operation, type, token)."""

    description: str | None
    extension: bool
    at: int
    directives: list[Directive]
    roots: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FieldNode:
    """A selected field."""

    name: str
    alias: str | None
    arguments: dict[str, Value]
    directives: tuple[Directive, ...]
    selections: tuple[SelectionNode, ...]


@dataclass(frozen=True, slots=True)
class FragmentNode:
    """An inline fragment; `condition` is the type it applies to."""

    condition: str | None
    directives: tuple[Directive, ...]
    selections: tuple[SelectionNode, ...]


SelectionNode: TypeAlias = FieldNode | FragmentNode


@dataclass(slots=True, eq=False)
class Document:
    """A whole SDL text. `problems` are mistakes the grammar allows but one definition shows: (message,
    token).
    """

    types: list[TypeNode] = field(default_factory=list)
    schemas: list[SchemaNode] = field(default_factory=list)
    directives: list[DirectiveDefinition] = field(default_factory=list)
    problems: list[tuple[str, int]] = field(default_factory=list)
