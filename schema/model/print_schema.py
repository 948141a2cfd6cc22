"""A schema as SDL: the supergraph's text, the same bytes for the same schema.

Schema definition, directives, types; the latter two by name. Directives of a type stand on lines of their
own, because a supergraph has many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schema.model.built_in import BUILT_IN_DIRECTIVES
from schema.model.definitions import (
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


def print_schema(schema: Schema) -> str:
    """The whole schema. Linear, but for sorting the names."""
    printer = _Printer(schema)
    parts = [printer.schema_definition()]
    parts += [
        printer.directive_definition(schema.directives[name])
        for name in sorted(schema.directives, key=_order)
    ]
    parts += [printer.type(schema.types[name]) for name in sorted(schema.types, key=_order)]
    return "\n\n".join(parts)


def _order(name: str) -> tuple[str, str]:
    return name.lower(), name.swapcase()


class _Printer:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._types = schema.types

    def schema_definition(self) -> str:
        definition = self._schema.definition
        roots = [
            f"  {operation}: {definition.roots[operation]}"
            for operation in ("query", "mutation", "subscription")
            if operation in definition.roots
        ]
        return (
            _description(definition.description)
            + "schema"
            + self._directive_lines(definition.directives)
            + _block(roots, bool(definition.directives))
        )

    def directive_definition(self, definition: DirectiveDefinition) -> str:
        repeatable = " repeatable" if definition.repeatable else ""
        arguments = self._arguments(definition.arguments, "")
        return (
            f"{_description(definition.description)}directive @{definition.name}{arguments}{repeatable} on "
            + " | ".join(definition.locations)
        )

    def type(self, type_: TypeDefinition) -> str:
        head = _description(type_.description)
        lines = self._directive_lines(type_.directives)
        directives = bool(type_.directives)
        match type_:
            case ScalarType():
                return f"{head}scalar {type_.name}{lines}"
            case ObjectType() | InterfaceType():
                keyword = "type" if isinstance(type_, ObjectType) else "interface"
                implements = f" implements {' & '.join(type_.interfaces)}" if type_.interfaces else ""
                fields = [
                    self._field(field, number == 0) for number, field in enumerate(type_.fields.values())
                ]
                return f"{head}{keyword} {type_.name}{implements}{lines}{_block(fields, directives)}"
            case UnionType():
                line = "\n" if directives else ""
                return f"{head}union {type_.name}{lines}{line} = {' | '.join(type_.members)}"
            case EnumType():
                values = [
                    self._enum_value(value, number == 0) for number, value in enumerate(type_.values.values())
                ]
                return f"{head}enum {type_.name}{lines}{_block(values, directives)}"
            case InputType():
                inputs = [
                    self._input(value, number == 0) for number, value in enumerate(type_.fields.values())
                ]
                return f"{head}input {type_.name}{lines}{_block(inputs, directives)}"

    def _field(self, field: Field, first: bool) -> str:
        arguments = self._arguments(field.arguments, "  ")
        directives = self._directives(field.directives)
        head = _description(field.description, "  ", first)
        return f"{head}  {field.name}{arguments}: {field.type}{directives}"

    def _enum_value(self, value: EnumValue, first: bool) -> str:
        head = _description(value.description, "  ", first)
        return f"{head}  {value.name}{self._directives(value.directives)}"

    def _input(self, value: InputValue, first: bool) -> str:
        return f"{_description(value.description, '  ', first)}  {self._input_value(value)}"

    def _arguments(self, arguments: Mapping[str, InputValue], indent: str) -> str:
        if not arguments:
            return ""
        if all(not argument.description for argument in arguments.values()):
            return "(" + ", ".join(self._input_value(argument) for argument in arguments.values()) + ")"
        inner = indent + "  "
        lines = (
            f"{_description(argument.description, inner, number == 0)}{inner}{self._input_value(argument)}"
            for number, argument in enumerate(arguments.values())
        )
        return "(\n" + "\n".join(lines) + f"\n{indent})"

    def _input_value(self, value: InputValue) -> str:
        default = f" = {print_value(value.default, value.type, self._types)}" if value.has_default else ""
        return f"{value.name}: {value.type}{default}{self._directives(value.directives)}"

    def _directives(self, directives: Iterable[Directive]) -> str:
        return "".join(f" {self._directive(directive)}" for directive in directives)

    def _directive_lines(self, directives: Iterable[Directive]) -> str:
        return "".join(f"\n  {self._directive(directive)}" for directive in directives)

    def _directive(self, directive: Directive) -> str:
        if not directive.arguments:
            return f"@{directive.name}"
        definition = self._schema.directives.get(directive.name) or BUILT_IN_DIRECTIVES.get(directive.name)
        known = definition.arguments if definition is not None else {}
        arguments = (
            f"{name}: {print_value(value, known[name].type if name in known else None, self._types)}"
            for name, value in directive.arguments.items()
        )
        return f"@{directive.name}({', '.join(arguments)})"


def _block(lines: list[str], after_directives: bool) -> str:
    if not lines:
        return ""
    return ("\n{\n" if after_directives else " {\n") + "\n".join(lines) + "\n}"


def _description(text: str | None, indent: str = "", first: bool = True) -> str:
    """A description as a block string, set off from the member before it."""
    if text is None:
        return ""
    one_line = "\n" not in text
    if _reads_back_otherwise(text):
        printed = print_string(text)
    else:
        printed = text.replace(_QUOTES, f"\\{_QUOTES}")
        if not one_line or len(text) > 70 or text[-1:] in ('"', "\\"):
            start = "" if one_line and text.startswith((" ", "\t")) else "\n"
            printed = f"{start}{printed}\n"
        printed = f"{_QUOTES}{printed}{_QUOTES}".replace("\n", f"\n{indent}")
    return f"{chr(10) if indent and not first else ''}{indent}{printed}\n"


_QUOTES = '"""'


def _reads_back_otherwise(text: str) -> bool:
    """Would a block string lose some of the text: control characters, blank ends, common indentation?"""
    if not text:
        return False
    if any(character < " " and character not in "\t\n" for character in text):
        return True
    lines = text.split("\n")
    if not lines[0].strip(" \t") or not lines[-1].strip(" \t"):
        return True
    return len(lines) > 1 and all(line[:1] in ("", " ", "\t") for line in lines)
