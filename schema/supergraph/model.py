"""A supergraph, read: who serves which type, field, member and value, as the `join` directives say.

    SDL ──parse──> Schema ──of──> Supergraph
                      schema      the definitions themselves
                      features    what it links, under which names
                      subgraphs   (name, url), numbered by their place in `enum join__Graph`
                      types       each with a JoinType per subgraph and key, fields with JoinFields
                      roots       operation kind → type name

The one reader of join (v0.1, with `@core` and `@join__owner`, to v0.5) and link: the planner, satisfiability,
the API schema and execution derive what they need from it (docs/decisions/0006). One pass: O(size). Field
sets stay text here: `schema.model.field_set.parse_field_set` remembers them parsed, most are never needed.
Directives that are not of the machinery (`@inaccessible`, `@tag`, `@cost`, custom ones) are kept as applied.

Raises InvalidSupergraphError for what is no supergraph, UnsupportedLinkError for one that links what we would
have to understand (`for: EXECUTION` or `SECURITY`) and do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from schema.language.nodes import SelectionNode
from schema.model.definitions import Directive, InputValue, Schema
from schema.model.field_set import parse_field_set
from schema.report.errors import ErrorCode

if TYPE_CHECKING:
    from schema.supergraph.links import Features

AppliedDirective = Directive
SupergraphArgument = InputValue


class SupergraphError(Exception):
    """The text is not a supergraph this router can serve. `code` is stable; line and column count from 1."""

    code: ErrorCode = ErrorCode.INVALID_FEDERATION_SUPERGRAPH

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.message, self.line, self.column = message, line, column
        place = "" if line is None else f" (line {line}, column {column})"
        super().__init__(message + place)


class InvalidSupergraphError(SupergraphError):
    """It does not parse, or has no join information."""


class UnsupportedLinkError(SupergraphError):
    """It links a specification that must be understood and is not."""

    code = ErrorCode.UNSUPPORTED_LINKED_FEATURE

    def __init__(self, url: str, purpose: str) -> None:
        self.url, self.purpose = url, purpose
        super().__init__(f"The supergraph links {url} for {purpose}, which this router does not support")


class TypeKind(StrEnum):
    SCALAR = "scalar"
    OBJECT = "object"
    INTERFACE = "interface"
    UNION = "union"
    ENUM = "enum"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Subgraph:
    """`index` is its place in `enum join__Graph`, `enum_value` its name there."""

    index: int
    enum_value: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class JoinType:
    """A subgraph has the type; with `key`, its entities can be asked for by that key (if `resolvable`)."""

    graph: int
    key: str | None = None
    extension: bool = False
    resolvable: bool = True
    is_interface_object: bool = False

    @property
    def key_fields(self) -> tuple[SelectionNode, ...]:
        return () if self.key is None else parse_field_set(self.key)


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument that the router fills from the nearest object above that sets `context`."""

    context: str
    name: str
    type: str
    selection: str


@dataclass(frozen=True, slots=True)
class JoinField:
    """How one subgraph has a field. `graph` is None for a field that no subgraph serves on this type itself:
    an @interfaceObject brings it.

    `type` is the field's type there when it differs. `override_label` without `override` marks the subgraph
    that loses the field while the label is on.
    """

    graph: int | None
    requires: str | None = None
    provides: str | None = None
    type: str | None = None
    external: bool = False
    override: str | None = None
    used_overridden: bool = False
    override_label: str | None = None
    context_arguments: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class SupergraphField:
    """`joins` is empty when every subgraph of the type has the field as it is here.

    `named_type` is the type without lists and `!`; `list_depth` counts the lists around it.
    """

    name: str
    type: str
    named_type: str
    list_depth: int
    arguments: Mapping[str, SupergraphArgument]
    joins: tuple[JoinField, ...]
    directives: tuple[AppliedDirective, ...] = ()


@dataclass(frozen=True, slots=True)
class SupergraphEnumValue:
    name: str
    graphs: tuple[int, ...]
    directives: tuple[AppliedDirective, ...] = ()


@dataclass(frozen=True, slots=True)
class SupergraphType:
    """`implements` and `members` say in which subgraph; `interfaces` is the union over subgraphs."""

    name: str
    kind: TypeKind
    joins: tuple[JoinType, ...]
    fields: Mapping[str, SupergraphField] = field(default_factory=dict)
    interfaces: tuple[str, ...] = ()
    implements: tuple[tuple[int, str], ...] = ()
    members: tuple[tuple[int, str], ...] = ()
    values: Mapping[str, SupergraphEnumValue] = field(default_factory=dict)
    owner: int | None = None
    directives: tuple[AppliedDirective, ...] = ()

    @property
    def is_composite(self) -> bool:
        return self.kind in (TypeKind.OBJECT, TypeKind.INTERFACE, TypeKind.UNION)

    @property
    def is_abstract(self) -> bool:
        return self.kind in (TypeKind.INTERFACE, TypeKind.UNION)


@dataclass(frozen=True, eq=False)
class Supergraph:
    """The whole of it. Compared by identity."""

    schema: Schema
    features: Features
    join_version: str
    subgraphs: tuple[Subgraph, ...]
    types: Mapping[str, SupergraphType]
    roots: Mapping[str, str]

    @classmethod
    def parse(cls, sdl: str) -> Supergraph:
        """The supergraph of an SDL text; raises SupergraphError."""
        from schema.supergraph.read import parse_supergraph

        return parse_supergraph(sdl)

    @classmethod
    def of(cls, schema: Schema) -> Supergraph:
        """The supergraph that a schema's directives describe; raises SupergraphError."""
        from schema.supergraph.read import read_supergraph

        return read_supergraph(schema)

    @property
    def directives(self) -> tuple[Directive, ...]:
        """Those on the schema definition."""
        return tuple(self.schema.definition.directives)

    @cached_property
    def inaccessible(self) -> str | None:
        """What the supergraph calls @inaccessible; None when it does not link it."""
        feature = self.features.find("inaccessible")
        return feature.directive_name("inaccessible") if feature else None

    @cached_property
    def subgraph_by_name(self) -> Mapping[str, Subgraph]:
        return {subgraph.name: subgraph for subgraph in self.subgraphs}

    @cached_property
    def possible_types(self) -> Mapping[str, frozenset[str]]:
        """Object types by composite type: itself, an interface's implementations, a union's members."""
        possible: dict[str, set[str]] = {}
        for type_ in self.types.values():
            if type_.kind is TypeKind.OBJECT:
                possible[type_.name] = {type_.name}
            elif type_.is_abstract:
                possible.setdefault(type_.name, set()).update(member for _, member in type_.members)
        for type_ in self.types.values():
            if type_.kind is TypeKind.OBJECT:
                for interface in type_.interfaces:
                    possible.setdefault(interface, set()).add(type_.name)
        return {name: frozenset(names) for name, names in possible.items()}

    @cached_property
    def override_labels(self) -> frozenset[str]:
        """Every label of a progressive @override."""
        return frozenset(
            join.override_label
            for type_ in self.types.values()
            for field_ in type_.fields.values()
            for join in field_.joins
            if join.override_label is not None
        )

    @cached_property
    def contexts(self) -> Mapping[str, frozenset[str]]:
        """Context name (`subgraph__context`) → the types that set it."""
        found: dict[str, set[str]] = {}
        for type_ in self.types.values():
            for directive in type_.directives:
                name = directive.arguments.get("name")
                if directive.name == "context" and isinstance(name, str):
                    found.setdefault(name, set()).add(type_.name)
        return {name: frozenset(types) for name, types in found.items()}
