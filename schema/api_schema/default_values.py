"""Default values beside their types: what they mention, and what a server makes of them.

A default such as `{state: OPEN}` stops working when `Filter.state` or `State.OPEN` is hidden, so the rules of
@inaccessible must know what it uses. And clients that read the schema should see the value a server would
use: `[Int] = 1` is `[1]`, and `Filter = {}` has the defaults of Filter's own fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql.pyutils import natural_comparison_key

from schema.language.values import Value
from schema.model.definitions import EnumType, InputType, InputValue, TypeDefinition
from schema.model.type_references import base_name, is_list, item_type, nullable

Types = Mapping[str, TypeDefinition]


def used_by_default(element: InputValue, types: Types) -> Iterator[str]:
    """The coordinates of input fields and enum values in the default of an argument or input field. A part
    that does not fit its type is somebody else's error and mentions nothing.
    """
    if element.has_default:
        yield from _used(element.default, element.type, types)


def _used(value: Value, type_: str, types: Types) -> Iterator[str]:
    type_ = nullable(type_)
    if isinstance(value, list):
        if is_list(type_):
            for item in value:
                yield from _used(item, item_type(type_), types)
        return
    definition = types.get(base_name(type_))
    if isinstance(definition, EnumType):
        if isinstance(value, str) and value in definition.values:
            yield f"{definition.name}.{value}"
    elif isinstance(definition, InputType) and isinstance(value, dict):
        for name, item in value.items():
            if name in definition.fields:
                yield f"{definition.name}.{name}"
                yield from _used(item, definition.fields[name].type, types)


def coerce_default(element: InputValue, types: Types) -> Value:
    """The default as a server would use it, input fields in the order a sorted schema has them."""
    return _coerced(element.default, element.type, types, frozenset())


def _coerced(value: Value, type_: str, types: Types, filling: frozenset[tuple[str, str]]) -> Value:
    """`filling` has the input fields whose own default is being filled in: a default that contains itself
    stops there.
    """
    type_ = nullable(type_)
    if value is None:
        return None
    if is_list(type_):
        items = value if isinstance(value, list) else [value]
        return [_coerced(item, item_type(type_), types, filling) for item in items]
    definition = types.get(type_)
    if isinstance(definition, InputType) and isinstance(value, dict):
        return dict(_input_object(value, definition, types, filling))
    return value


def _input_object(
    value: dict[str, Value], definition: InputType, types: Types, filling: frozenset[tuple[str, str]]
) -> Iterator[tuple[str, Value]]:
    for name in sorted(definition.fields, key=natural_comparison_key):
        field = definition.fields[name]
        if name in value:
            yield name, _coerced(value[name], field.type, types, filling)
        elif field.has_default and (definition.name, name) not in filling:
            inner = filling | {(definition.name, name)}
            yield name, _coerced(field.default, field.type, types, inner)
