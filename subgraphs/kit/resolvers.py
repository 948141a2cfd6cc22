"""What a field costs when it is resolved is settled once per schema, not once per field of every answer.

Strawberry wraps each resolver: an `Info`, the arguments' names and types looked up again, a chain of
extensions, and a second coroutine around an asynchronous one. Here a field that has no extension calls its
function directly, and a field that is an attribute of a leaf type is an `Attribute`, which the executor
reads without calling anything (execution.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_nullable_type,
    is_enum_type,
    is_leaf_type,
    is_non_null_type,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

DEFINITION = "strawberry-definition"
KINDS = frozenset({str, int, float, bool, datetime, date, UUID})
"""What an attribute may hold to be written as it is; anything else goes the whole way."""

Coerce = Callable[[Any], Any]
Convert = Callable[[Any, Info], Any]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field whose value is its object's attribute, of a scalar or enum type."""

    name: str
    nullable: bool
    kinds: frozenset[type]
    coerce: Coerce

    def read(self, source: object) -> object:
        """As it is answered; Undefined when it cannot be read so simply."""
        try:
            value = getattr(source, self.name)
            if type(value) in self.kinds:
                return self.coerce(value)
        except Exception:  # noqa: BLE001 -- told, with its place, by whoever reads it the whole way
            return Undefined
        return None if value is None and self.nullable else Undefined


Attributes = Mapping[str, Mapping[str, Attribute]]
"""Type name → field name → the attribute it is. Fields that are none are left out."""


def attributes_of(schema: GraphQLSchema) -> Attributes:
    objects = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType)]
    return {
        kind.name: {
            name: found for name, field in kind.fields.items() if (found := _attribute(field)) is not None
        }
        for kind in objects
    }


def call_directly(schema: GraphQLSchema, config: StrawberryConfig, scalars: Mapping[object, Any]) -> None:
    """Give every field that has a function of its own, and no extension, that function as its resolver."""
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field in kind.fields.values():
            definition = _definition(field)
            if definition is not None and definition.base_resolver and not definition.extensions:
                field.resolve = _direct(definition, field, config, scalars)


def _definition(field: GraphQLField) -> StrawberryField | None:
    found = field.extensions.get(DEFINITION)
    return found if isinstance(found, StrawberryField) else None


def _attribute(field: GraphQLField) -> Attribute | None:
    definition, kind = _definition(field), get_nullable_type(field.type)
    if definition is None or not definition.is_basic_field or not is_leaf_type(kind):
        return None
    nullable = not is_non_null_type(field.type)
    if is_enum_type(kind):
        names = {entry.value: name for name, entry in kind.values.items()}
        members = frozenset(type(value) for value in names if isinstance(value, Enum))
        return Attribute(definition.python_name, nullable, members, names.__getitem__)
    return Attribute(definition.python_name, nullable, KINDS, kind.coerce_output_value)


def _direct(
    definition: StrawberryField, field: GraphQLField, config: StrawberryConfig, scalars: Mapping[object, Any]
) -> Callable[..., Any]:
    resolver = definition.base_resolver
    assert resolver is not None
    call: Any = resolver.wrapped_func
    converted = tuple(_arguments(definition, field, config, scalars))
    takes_source = resolver.self_parameter is not None
    named_source = resolver.parent_parameter or resolver.root_parameter
    source_name = None if named_source is None else named_source.name
    info_name = None if resolver.info_parameter is None else resolver.info_parameter.name

    def resolve(source: Any, raw_info: Any, **given: Any) -> Any:
        info = Info(_raw_info=raw_info, _field=definition)
        values = {
            python: given[name] if convert is None else convert(given[name], info)
            for name, python, convert in converted
            if name in given
        }
        if info_name is not None:
            values[info_name] = info
        if source_name is not None:
            values[source_name] = source
        return call(source, **values) if takes_source else call(**values)

    return resolve


def _arguments(
    definition: StrawberryField, field: GraphQLField, config: StrawberryConfig, scalars: Mapping[object, Any]
) -> Iterator[tuple[str, str, Convert | None]]:
    """GraphQL's name, Python's, and how the value is made Python's: None where it is already."""
    for argument in definition.arguments:
        name = config.name_converter.from_argument(argument)
        leaf = _is_leaf(field.args[name])
        convert = None if leaf else partial(_convert, argument, name, config, scalars)
        yield name, argument.python_name, convert


def _is_leaf(argument: GraphQLArgument) -> bool:
    return is_leaf_type(get_nullable_type(argument.type))


def _convert(
    argument: StrawberryArgument,
    name: str,
    config: StrawberryConfig,
    scalars: Mapping[object, Any],
    value: object,
    info: Info,
) -> object:
    return convert_argument(value, argument.type, scalars, config, info, path=(name,))
