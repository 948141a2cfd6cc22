"""A request's variables (section 6.1.2): the usual ones at once, all others by graphql-core.

What a router sends is mostly `[_Any!]!` and texts, and graphql-core asks each item of each list several times
what kind of type it has. Here it is asked once per operation; a value of any other kind than the usual one
sends all of them to graphql-core, which also says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from graphql import (
    GraphQLError,
    GraphQLInputType,
    GraphQLScalarType,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    get_variable_values,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource

MOST_ERRORS = 50
UNUSUAL: Final = object()
SAME: Final[Mapping[str, type]] = {"String": str, "ID": str, "Boolean": bool, "_Any": dict}
"""Scalars that take these as they are; `_Any` is a representation."""
Take = Callable[[Any], Any]
"""A value as GraphQL's, or UNUSUAL."""


class Variables:
    """Those that an operation declares."""

    def __init__(self, schema: GraphQLSchema, declared: Sequence[VariableDefinitionNode]) -> None:
        self._schema = schema
        self._declared = declared
        self._usual = _all_usual(schema, declared)

    def coerce(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """Or why they do not fit. O(size of what is given)."""
        if not self._declared:
            return VariableValues({}, {})
        if self._usual is not None and (values := _taken(self._usual, given)) is not None:
            return values
        return get_variable_values(self._schema, self._declared, dict(given), max_errors=MOST_ERRORS)


Usual = Sequence[tuple[GraphQLVariableSignature, Take]]


def _taken(usual: Usual, given: Mapping[str, Any]) -> VariableValues | None:
    sources, coerced = {}, {}
    for signature, take in usual:
        value = given.get(signature.name, Undefined)
        taken = UNUSUAL if value is Undefined else take(value)
        if taken is UNUSUAL:
            return None
        sources[signature.name], coerced[signature.name] = VariableValueSource(signature, value), taken
    return VariableValues(sources, coerced)


def _all_usual(schema: GraphQLSchema, declared: Sequence[VariableDefinitionNode]) -> Usual | None:
    """None when one of them is of a kind that is left to graphql-core."""
    usual = []
    for node in declared:
        signature = get_variable_signature(schema, node)
        take = None if isinstance(signature, GraphQLError) else _take(signature.type)
        if take is None or isinstance(signature, GraphQLError):
            return None
        usual.append((signature, take))
    return usual


def _take(kind: GraphQLInputType) -> Take | None:
    if not is_non_null_type(kind):
        inner = _take_plain(kind)
        return None if inner is None else _or_null(inner)
    return _take_plain(kind.of_type)


def _take_plain(kind: Any) -> Take | None:
    if is_list_type(kind):
        return _take_list(kind.of_type)
    python = SAME.get(kind.name) if isinstance(kind, GraphQLScalarType) else None
    return None if python is None else _of_kind(python)


def _take_list(item: Any) -> Take | None:
    """Of scalars that may not be null: anything else is rare."""
    kind = item.of_type if is_non_null_type(item) else None
    python = SAME.get(kind.name) if isinstance(kind, GraphQLScalarType) else None
    return None if python is None else _list_of(python)


def _of_kind(kind: type) -> Take:
    return lambda value: value if type(value) is kind else UNUSUAL


def _or_null(take: Take) -> Take:
    return lambda value: None if value is None else take(value)


def _list_of(kind: type) -> Take:
    kinds = {kind}
    return lambda value: value if type(value) is list and kinds.issuperset(map(type, value)) else UNUSUAL
