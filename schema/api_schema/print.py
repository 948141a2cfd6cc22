"""The API schema as text: byte for byte what GraphQL tools print for a lexicographically sorted schema.

Directives first, then types, each sorted by name (numbers inside names by value), as are fields, arguments,
values, members and interfaces. One pass with sorts, O(size · log size).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from graphql import DEFAULT_DEPRECATION_REASON, introspection_types
from graphql.language.block_string import is_printable_as_block_string, print_block_string
from graphql.pyutils import natural_comparison_key

from schema.api_schema.default_values import Types, coerce_default
from schema.model.built_in import SPECIFIED_DIRECTIVES
from schema.model.definitions import (
    BUILT_IN_SCALARS,
    DEFAULT_ROOTS,
    Directive,
    DirectiveDefinition,
    EnumType,
    EnumValue,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    ScalarType,
    Schema,
    TypeDefinition,
    UnionType,
)
from schema.model.values import print_string, print_value

_SPECIFIED_TYPES = BUILT_IN_SCALARS | frozenset(introspection_types)
_T = TypeVar("_T")


def print_sorted(schema: Schema) -> str:
    """The text of a schema in lexicographic order."""
    printer = _Printer(schema.types)
    directives = [d for name, d in _sorted(schema.directives) if name not in SPECIFIED_DIRECTIVES]
    types = [type_ for name, type_ in _sorted(schema.types) if name not in _SPECIFIED_TYPES]
    parts = [_schema_definition(schema), *map(printer.directive, directives), *map(printer.type, types)]
    return "\n\n".join(filter(None, parts))


def _sorted(named: Mapping[str, _T]) -> list[tuple[str, _T]]:
    return [(name, named[name]) for name in _sorted_names(named)]


def _sorted_names(names: Iterable[str]) -> list[str]:
    return sorted(names, key=natural_comparison_key)


def _schema_definition(schema: Schema) -> str:
    """The schema block, left out when it says nothing but the usual names."""
    definition = schema.definition
    if not definition.description and all(DEFAULT_ROOTS[k] == name for k, name in definition.roots.items()):
        return ""
    lines = [f"  {kind}: {definition.roots[kind]}" for kind in DEFAULT_ROOTS if kind in definition.roots]
    return _description(definition.description) + "\n".join(["schema {", *lines, "}"])


@dataclass(frozen=True, slots=True)
class _Printer:
    types: Types

    def directive(self, definition: DirectiveDefinition) -> str:
        locations = " | ".join(_sorted_names(definition.locations))
        repeatable = " repeatable" if definition.repeatable else ""
        return (
            f"{_description(definition.description)}directive @{definition.name}"
            f"{self._arguments(definition.arguments)}{repeatable} on {locations}"
        )

    def type(self, type_: TypeDefinition) -> str:
        return _description(type_.description) + self._body(type_)

    def _body(self, type_: TypeDefinition) -> str:
        match type_:
            case ScalarType():
                return f"scalar {type_.name}{_specified_by(type_.directives)}"
            case ObjectType():
                return f"type {type_.name}{self._composite(type_)}"
            case InterfaceType():
                return f"interface {type_.name}{self._composite(type_)}"
            case UnionType():
                members = " | ".join(_sorted_names(type_.members))
                return f"union {type_.name}{f' = {members}' if members else ''}"
            case EnumType():
                values = enumerate(_sorted(type_.values))
                return f"enum {type_.name}{_block([_enum_value(v, i == 0) for i, (_, v) in values])}"
            case InputType():
                one_of = " @oneOf" if _applied(type_.directives, "oneOf") else ""
                lines = [
                    f"{_description(item.description, '  ', i == 0)}  {self._input(item)}"
                    for i, (_, item) in enumerate(_sorted(type_.fields))
                ]
                return f"input {type_.name}{one_of}{_block(lines)}"

    def _composite(self, type_: ObjectType | InterfaceType) -> str:
        interfaces = " & ".join(_sorted_names(type_.interfaces))
        fields = enumerate(_sorted(type_.fields))
        block = _block([self._field(field, i == 0) for i, (_, field) in fields])
        return f"{f' implements {interfaces}' if interfaces else ''}{block}"

    def _field(self, field: Field, first: bool) -> str:
        return (
            f"{_description(field.description, '  ', first)}  {field.name}"
            f"{self._arguments(field.arguments, '  ')}: {field.type}{_deprecated(field.directives)}"
        )

    def _arguments(self, arguments: Mapping[str, InputValue], indent: str = "") -> str:
        if not arguments:
            return ""
        ordered = [argument for _, argument in _sorted(arguments)]
        if not any(argument.description for argument in ordered):
            return f"({', '.join(map(self._input, ordered))})"
        lines = [
            f"{_description(argument.description, f'  {indent}', i == 0)}  {indent}{self._input(argument)}"
            for i, argument in enumerate(ordered)
        ]
        return "\n".join(["(", *lines, f"{indent})"])

    def _input(self, element: InputValue) -> str:
        default = f" = {self._default(element)}" if element.has_default else ""
        return f"{element.name}: {element.type}{default}{_deprecated(element.directives)}"

    def _default(self, element: InputValue) -> str:
        return print_value(coerce_default(element, self.types), element.type, self.types)


def _enum_value(value: EnumValue, first: bool) -> str:
    return f"{_description(value.description, '  ', first)}  {value.name}{_deprecated(value.directives)}"


def _description(text: str | None, indent: str = "", first: bool = True) -> str:
    """A description above its element; all but a block's first have an empty line before them."""
    if text is None:
        return ""
    printed = print_block_string(text) if is_printable_as_block_string(text) else print_string(text)
    prefix = f"\n{indent}" if indent and not first else indent
    return prefix + printed.replace("\n", f"\n{indent}") + "\n"


def _block(lines: Sequence[str]) -> str:
    return "\n".join([" {", *lines, "}"]) if lines else ""


def _applied(directives: Iterable[Directive], name: str) -> Directive | None:
    return next((directive for directive in directives if directive.name == name), None)


def _deprecated(directives: Iterable[Directive]) -> str:
    directive = _applied(directives, "deprecated")
    if directive is None:
        return ""
    reason = directive.arguments.get("reason", DEFAULT_DEPRECATION_REASON)
    if reason is None:
        return ""
    if not isinstance(reason, str) or reason == DEFAULT_DEPRECATION_REASON:
        return " @deprecated"
    return f" @deprecated(reason: {print_string(reason)})"


def _specified_by(directives: Iterable[Directive]) -> str:
    directive = _applied(directives, "specifiedBy")
    url = directive.arguments.get("url") if directive else None
    return f" @specifiedBy(url: {print_string(url)})" if isinstance(url, str) else ""
