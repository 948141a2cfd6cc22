"""Default values as every GraphQL server prints them: coerced to their type first.

`[Int] = 1` becomes `[1]`, `Float = 1.0` becomes `1`, `ID = "7"` becomes `7`, and `Filter = {}` gains the
defaults of Filter's own fields, because clients that read the schema must see the value a server would use.
Values that do not fit their type, and objects given to custom scalars, are printed as written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from graphql import (
    BooleanValueNode,
    ConstValueNode,
    EnumValueNode,
    FloatValueNode,
    InputValueDefinitionNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    TypeNode,
    ValueNode,
    VariableNode,
)
from graphql.language.print_string import print_string
from graphql.pyutils import natural_comparison_key

_INTEGER = re.compile(r"^-?(?:0|[1-9][0-9]*)$")
_BUILT_IN_SCALARS = frozenset({"Int", "Float", "String", "Boolean", "ID"})

Path = frozenset[tuple[str, str]]
"""The input fields whose own default is being filled in: a default that contains itself stops there."""


@dataclass(frozen=True, slots=True)
class InputTypes:
    """What coercion must know of a schema's input types."""

    objects: Mapping[str, Mapping[str, InputValueDefinitionNode]]
    enums: frozenset[str]


def print_default(value: ValueNode, declared: TypeNode, types: InputTypes) -> str:
    """The text of a default value of the declared type."""
    return _coerced(value, declared, types, frozenset())


def _coerced(value: ValueNode, declared: TypeNode, types: InputTypes, filling: Path) -> str:
    match declared:
        case NonNullTypeNode():
            return _coerced(value, declared.type, types, filling)
        case _ if isinstance(value, NullValueNode | VariableNode):
            return _literal(value)
        case ListTypeNode():
            items = value.values if isinstance(value, ListValueNode) else (value,)
            return f"[{', '.join(_coerced(item, declared.type, types, filling) for item in items)}]"
        case NamedTypeNode():
            name = declared.name.value
            fields = types.objects.get(name)
            if fields is not None and isinstance(value, ObjectValueNode):
                return _input_object(name, value, fields, types, filling)
            return _leaf(value, name, types)
    return _literal(value)


def _input_object(
    name: str,
    value: ObjectValueNode,
    fields: Mapping[str, InputValueDefinitionNode],
    types: InputTypes,
    filling: Path,
) -> str:
    given: dict[str, ConstValueNode | ValueNode] = {f.name.value: f.value for f in value.fields}
    parts = []
    for field_name in sorted(fields, key=natural_comparison_key):
        field = fields[field_name]
        if field_name in given:
            parts.append(f"{field_name}: {_coerced(given[field_name], field.type, types, filling)}")
        elif field.default_value is not None and (name, field_name) not in filling:
            inner = filling | {(name, field_name)}
            parts.append(f"{field_name}: {_coerced(field.default_value, field.type, types, inner)}")
    return f"{{{', '.join(parts)}}}"


def _leaf(value: ValueNode, type_name: str, types: InputTypes) -> str:
    match value:
        case FloatValueNode() | IntValueNode():
            return _number(value.value)
        case StringValueNode() if type_name == "ID" and _INTEGER.match(value.value):
            return value.value
        case EnumValueNode() if type_name not in types.enums and type_name not in _BUILT_IN_SCALARS:
            return print_string(value.value)  # a custom scalar reads a bare name as text
    return _literal(value)


def _number(text: str) -> str:
    """The shortest decimal text of the number a JSON reader makes of it; integers keep every digit."""
    if _INTEGER.match(text):
        return text
    exact = Decimal(repr(float(text)))
    if not exact.is_finite():
        return text
    exponent = exact.adjusted() if exact else 0
    if -7 <= exponent < 21:
        plain = f"{exact:f}"
        return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"
    sign, digits, _ = exact.as_tuple()
    significant = "".join(map(str, digits)).rstrip("0")
    mantissa = significant[0] + (f".{significant[1:]}" if len(significant) > 1 else "")
    return f"{'-' if sign else ''}{mantissa}e{exponent:+d}"


def _literal(value: ValueNode) -> str:
    """A value as written, in the spacing of the GraphQL specification's examples."""
    match value:
        case StringValueNode():
            return print_string(value.value)
        case IntValueNode() | FloatValueNode() | EnumValueNode():
            return value.value
        case BooleanValueNode():
            return "true" if value.value else "false"
        case NullValueNode():
            return "null"
        case ListValueNode():
            return f"[{', '.join(map(_literal, value.values))}]"
        case ObjectValueNode():
            return f"{{{', '.join(f'{f.name.value}: {_literal(f.value)}' for f in value.fields)}}}"
        case VariableNode():
            return f"${value.name.value}"
    raise TypeError(f"not a GraphQL value: {value!r}")
