"""Values in the place they stand in: are two equal, does one fit a type, how is one written.

A value is read without knowing its type (`schema.language.values`); here the type of the place decides,
because `A` in the place of a custom scalar is the string "A", and "1" in the place of an ID may be written
1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from schema.language.values import EnumLiteral, Value
from schema.model.definitions import BUILT_IN_SCALARS, EnumType, InputType, ScalarType, TypeDefinition
from schema.model.type_references import base_name, is_list, is_non_null, item_type, nullable

_INTS = range(-(2**31), 2**31)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)


def values_equal(first: Value, second: Value) -> bool:
    """Equal as GraphQL values: 1 and true differ, the order of an object's fields does not matter."""
    if isinstance(first, list):
        return (
            isinstance(second, list) and len(first) == len(second) and all(map(values_equal, first, second))
        )
    if isinstance(first, dict):
        return (
            isinstance(second, dict)
            and first.keys() == second.keys()
            and all(values_equal(value, second[key]) for key, value in first.items())
        )
    return first == second and isinstance(first, bool) == isinstance(second, bool)


def fits(value: Value, type_: str, types: Mapping[str, TypeDefinition], *, complete: bool = True) -> bool:
    """Is the value one of the type? (GraphQL 5.6.1, as far as a schema can tell: custom scalars take
    anything.) Unless it must be `complete`, required fields of input objects may be left out.
    """
    if is_non_null(type_):
        return value is not None and fits(value, type_[:-1], types, complete=complete)
    if value is None:
        return True
    if is_list(type_):
        items = value if isinstance(value, list) else [value]
        return all(fits(item, item_type(type_), types, complete=complete) for item in items)
    if type_ in BUILT_IN_SCALARS and type_ not in types:
        return _fits_built_in(value, type_)
    match types.get(type_):
        case EnumType(values=values):
            return isinstance(value, str) and value in values
        case InputType() as definition:
            return isinstance(value, dict) and _fits_input(value, definition, types, complete)
    return True


def _fits_input(
    value: dict[str, Value], definition: InputType, types: Mapping[str, TypeDefinition], complete: bool
) -> bool:
    fields = definition.fields
    if complete and any(field.required and name not in value for name, field in fields.items()):
        return False
    return all(
        name in fields and fits(item, fields[name].type, types, complete=complete)
        for name, item in value.items()
    )


def _fits_built_in(value: Value, scalar: str) -> bool:
    match value:
        case bool():
            return scalar == "Boolean"
        case int():
            return scalar in ("Float", "ID") or (scalar == "Int" and value in _INTS)
        case float():
            whole = value.is_integer()
            return scalar == "Float" or (whole and _fits_built_in(int(value), scalar))
        case str():
            return scalar in ("String", "ID")
    return False


def print_value(
    value: Value, type_: str | None = None, types: Mapping[str, TypeDefinition] | None = None
) -> str:
    """The value as SDL: for a place of type `type_`, or as it was written when that is None."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _print_float(value)
    types = types or {}
    if type_ is not None:
        type_ = nullable(type_) if type_ else _CUSTOM
        if isinstance(types.get(type_), ScalarType):
            type_ = _CUSTOM
    match value:
        case str():
            return _print_text(value, type_, types)
        case list():
            item = item_type(type_) if type_ and is_list(type_) else type_
            return "[" + ", ".join(print_value(element, item, types) for element in value) + "]"
        case dict():
            return _print_object(value, type_, types)
    raise AssertionError(value)


_CUSTOM = ""
"""Stands for the type of a place inside a custom scalar, where a bare name means a string."""


def _print_object(value: dict[str, Value], type_: str | None, types: Mapping[str, TypeDefinition]) -> str:
    definition = types.get(type_) if type_ else None
    fields = definition.fields if isinstance(definition, InputType) else {}
    printed = (
        f"{name}: {print_value(item, fields[name].type if name in fields else type_, types)}"
        for name, item in value.items()
    )
    return "{" + ", ".join(printed) + "}"


def _print_text(value: str, type_: str | None, types: Mapping[str, TypeDefinition]) -> str:
    if type_ is None:
        return str(value) if isinstance(value, EnumLiteral) else print_string(value)
    base = base_name(type_)
    definition = types.get(base)
    if isinstance(definition, EnumType) and value in definition.values:
        return str(value)
    if base == "ID" and _INTEGER.fullmatch(value):
        return value
    return print_string(value)


def print_string(text: str) -> str:
    """A GraphQL string literal."""
    return json.dumps(text, ensure_ascii=False)


def _print_float(value: float) -> str:
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    mantissa, exponent, digits = repr(value).partition("e")
    return mantissa + (exponent + digits[0] + digits[1:].lstrip("0") if exponent else "")
