"""What a supergraph requires of its clients: each distinct requirement a bit, types and fields as masks.

Scopes and policies are in disjunctive normal form: any of the inner lists, all of its members; an empty outer
list asks for nothing. An interface requires what any implementation does, also where the supergraph was made
by a composer that did not yet write it there. A field that reads others by `@requires` or `@fromContext`
requires what they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from schema.language.nodes import FragmentNode, SelectionNode
from schema.language.values import Value
from schema.model.field_set import parse_field_set
from schema.supergraph import (
    AppliedDirective,
    JoinField,
    Supergraph,
    SupergraphField,
    SupergraphType,
    TypeKind,
)

Names: TypeAlias = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The client is known."""


@dataclass(frozen=True, slots=True)
class Scopes:
    any_of: Names


@dataclass(frozen=True, slots=True)
class Policies:
    any_of: Names

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*self.any_of)


Requirement: TypeAlias = Authenticated | Scopes | Policies


@dataclass(frozen=True, slots=True)
class Requirements:
    """`all[i]` has the bit `1 << i`. Types and fields without requirements are not listed.

    `fields` has what stands on a field and what it reads; what its type requires comes on top.
    """

    all: tuple[Requirement, ...]
    types: Mapping[str, int]
    fields: Mapping[tuple[str, str], int]

    def of_type(self, name: str) -> int:
        return self.types.get(name, 0)

    def of_field(self, type_name: str, name: str, returns: str) -> int:
        """`returns` is the named type."""
        return self.fields.get((type_name, name), 0) | self.types.get(returns, 0)

    @property
    def everything(self) -> int:
        return (1 << len(self.all)) - 1

    def policies(self) -> frozenset[str]:
        """Every policy that something requires."""
        return frozenset().union(*(one.names for one in self.all if isinstance(one, Policies)))


def requirements_of(supergraph: Supergraph) -> Requirements | None:
    """None when nothing is protected. O(supergraph + fields that fields read x how far they read)."""
    reader = _Reader(supergraph)
    if not reader.directives:
        return None
    reader.read_types()
    reader.read_fields()
    if not reader.bits:
        return None
    return Requirements(tuple(reader.bits), reader.types, reader.fields)


_Coordinate: TypeAlias = tuple[str, str]


class _Reader:
    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        found = ((name, supergraph.features.find(name)) for name in _READ)
        self.directives = {feature.directive_name(name): name for name, feature in found if feature}
        self.bits: dict[Requirement, int] = {}
        self.types: dict[str, int] = {}
        self.fields: dict[_Coordinate, int] = {}
        self._takes_from: dict[_Coordinate, list[_Coordinate]] = {}

    def read_types(self) -> None:
        own = {name: self._own(type_.directives) for name, type_ in self.supergraph.types.items()}
        for name, type_ in self.supergraph.types.items():
            mask = own[name]
            for member in self._implementations(type_):
                mask |= own[member]
            if mask:
                self.types[name] = mask

    def read_fields(self) -> None:
        for type_ in self.supergraph.types.values():
            for definition in type_.fields.values():
                self._read_field(type_, definition)
        while self._spread():
            pass

    def _read_field(self, type_: SupergraphType, definition: SupergraphField) -> None:
        key = (type_.name, definition.name)
        mask = self._own(definition.directives)
        others = [(member, definition.name) for member in self._implementations(type_)]
        for reader, selections in self._selections(definition, type_.name):
            if reader != type_.name:
                mask |= self.types.get(reader, 0)
            mask |= self._selected(reader, selections, others)
        if mask:
            self.fields[key] = mask
        if others:
            self._takes_from[key] = others

    def _spread(self) -> bool:
        """One step from fields to those that take from them. Whether something changed."""
        changed = False
        for key, others in self._takes_from.items():
            before = mask = self.fields.get(key, 0)
            for other in others:
                mask |= self.fields.get(other, 0)
            if mask != before:
                self.fields[key], changed = mask, True
        return changed

    def _implementations(self, type_: SupergraphType) -> Iterable[str]:
        if type_.kind is not TypeKind.INTERFACE:
            return ()
        return self.supergraph.possible_types.get(type_.name, ())

    def _own(self, directives: Iterable[AppliedDirective]) -> int:
        mask = 0
        for directive in directives:
            name = self.directives.get(directive.name)
            requirement = _READ[name](directive.arguments) if name is not None else None
            if requirement is not None:
                mask |= 1 << self.bits.setdefault(requirement, len(self.bits))
        return mask

    def _selections(
        self, definition: SupergraphField, type_name: str
    ) -> Iterator[tuple[str, tuple[SelectionNode, ...]]]:
        """What the field reads, and of which type."""
        for join in self._joins(definition, type_name):
            if join.requires is not None:
                yield type_name, parse_field_set(join.requires)
            for argument in join.context_arguments:
                for setter in self.supergraph.contexts.get(argument.context, ()):
                    yield setter, parse_field_set(argument.selection)

    def _joins(self, definition: SupergraphField, type_name: str) -> Iterator[JoinField]:
        """How subgraphs have the field. What interface objects bring reads fields of the object itself."""
        yield from definition.joins
        if any(join.graph is None for join in definition.joins):
            for interface in self.supergraph.types[type_name].interfaces:
                brought = self.supergraph.types[interface].fields.get(definition.name)
                yield from brought.joins if brought is not None else ()

    def _selected(self, type_name: str, selections: Iterable[SelectionNode], read: list[_Coordinate]) -> int:
        """The requirements of the types that are passed; appends the fields."""
        mask = 0
        for selection in selections:
            if isinstance(selection, FragmentNode):
                inner = selection.condition or type_name
                mask |= self.types.get(inner, 0) | self._selected(inner, selection.selections, read)
                continue
            definition = self.supergraph.types[type_name].fields.get(selection.name)
            if definition is not None:
                read.append((type_name, selection.name))
                returns = definition.named_type
                mask |= self.types.get(returns, 0) | self._selected(returns, selection.selections, read)
        return mask


def _authenticated(_: Mapping[str, Value]) -> Requirement:
    return Authenticated()


def _scopes(arguments: Mapping[str, Value]) -> Requirement | None:
    names = _names(arguments.get("scopes"))
    return Scopes(names) if names else None


def _policies(arguments: Mapping[str, Value]) -> Requirement | None:
    names = _names(arguments.get("policies"))
    return Policies(names) if names else None


def _names(value: Value) -> Names:
    """List coercion as in the specification: one name is a list of a list of it."""
    outer = value if isinstance(value, list) else [] if value is None else [value]
    lists = (inner if isinstance(inner, list) else [inner] for inner in outer)
    return frozenset(frozenset(str(name) for name in inner) for inner in lists)


_READ = {"authenticated": _authenticated, "requiresScopes": _scopes, "policy": _policies}
