"""Nulls and errors where something was not granted.

The answer was made from the document without it. The shape of the client's own document says where a null
belongs, whatever data has the same name there; a null that may not be takes what is around it with it
(specification, section 6.4.4). The client's order of fields is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode

from router.authorization.deny import TYPENAME
from router.errors import GraphQLErrorDict
from router.executor.projection.projection import condition_variables
from router.executor.projection.shape import FieldShape, ListShape, ObjectShape, TypeShape, build_shape

UNAUTHORIZED = "UNAUTHORIZED_FIELD_OR_TYPE"
MAX_ERRORS: Final = 100
MAX_VARIANTS: Final = 16
NULL: Final = object()
"""A null that may not be."""


@dataclass(frozen=True, slots=True)
class DenialVariant:
    """For one set of values of the condition variables. Without `errors` nothing is missing."""

    shape: ObjectShape
    errors: tuple[GraphQLErrorDict, ...]
    _type_key: str

    def restore(self, data: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """The answer with its nulls. O(answer)."""
        if data is None:
            return None
        restored = self._object(self.shape, data)
        return None if restored is NULL else restored

    def _object(self, shape: ObjectShape, data: Mapping[str, Any]) -> Any:
        type_name = data.get(self._type_key) if shape.is_abstract else shape.name
        if type_name is None:
            return data  # Nobody asked for its type, so nothing is gone below.
        fields = shape.variants.get(type_name, shape.unknown)
        restored: dict[str, Any] = {}
        for field in fields:
            value = self._field(field, data, type_name)
            if value is NULL:
                return NULL
            restored[field.key] = value
        return restored

    def _field(self, field: FieldShape, data: Mapping[str, Any], type_name: str) -> Any:
        if field.denied:
            assert field.type is not None
            return None if field.type.nullable else NULL
        if field.name == TYPENAME:
            return data.get(field.key, type_name)
        value = data.get(field.key)
        if value is None or field.type is None:
            return value
        return self._value(field.type, value)

    def _value(self, type_: TypeShape, value: Any) -> Any:
        """Of a value that is not null."""
        if isinstance(type_, ListShape):
            restored: Any = self._list(type_, value)
        elif isinstance(type_.named, ObjectShape):
            restored = self._object(type_.named, value)
        else:
            return value
        return None if restored is NULL and type_.nullable else restored

    def _list(self, type_: ListShape, values: list[Any]) -> Any:
        restored = [None if value is None else self._value(type_.of, value) for value in values]
        return NULL if any(value is NULL for value in restored) else restored


class Denial:
    """What one operation was not granted: `denied` are the ids of the selections that are gone."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        denied: frozenset[int],
        type_key: str,
    ) -> None:
        self._schema = schema
        self._operation = operation  # Kept: the ids are those of its selections.
        self._fragments = fragments
        self._denied = denied
        self._type_key = type_key
        self._condition_variables = condition_variables(operation, fragments)
        self._variants: dict[tuple[Any, ...], DenialVariant] = {}
        if not self._condition_variables:
            self._variants[()] = self._variant({})

    async def variant(self, variables: Mapping[str, Any]) -> DenialVariant:
        """Worked out in a thread when it is new. Raises `OperationError`."""
        key = tuple(variables.get(name) for name in self._condition_variables)
        found = self._variants.get(key)
        if found is None:
            found = await asyncio.to_thread(self._variant, variables)
            if len(self._variants) >= MAX_VARIANTS:
                del self._variants[next(iter(self._variants))]
            self._variants[key] = found
        return found

    def _variant(self, variables: Mapping[str, Any]) -> DenialVariant:
        shape = build_shape(self._schema, self._operation, self._fragments, variables, self._denied)
        return DenialVariant(shape, tuple(_errors(shape)), self._type_key)


def _errors(shape: ObjectShape) -> Iterator[GraphQLErrorDict]:
    """One for each place, up to `MAX_ERRORS`. Only ways that lead to one are gone: O(shape + errors)."""
    told: set[tuple[str, ...]] = set()
    for path in _Places().below(shape, ()):
        if len(told) == MAX_ERRORS and path not in told:
            yield _error("More fields of the operation are not authorized", None)
            return
        if path not in told:
            told.add(path)
            yield _error("Unauthorized field or type", path)


def _error(message: str, path: tuple[str, ...] | None) -> GraphQLErrorDict:
    error: GraphQLErrorDict = {"message": message}
    if path is not None:
        error["path"] = list(path)
    return {**error, "extensions": {"code": UNAUTHORIZED}}


class _Places:
    """The paths of denied fields; `@` stands for the indices of a list."""

    def __init__(self) -> None:
        self._leads: dict[int, bool] = {}
        self._been: set[tuple[int, tuple[str, ...]]] = set()

    def below(self, shape: ObjectShape, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if (id(shape), path) in self._been or not self._leads_to_one(shape):
            return
        self._been.add((id(shape), path))
        for field in _fields(shape):
            here = (*path, field.key)
            if field.denied or field.lacks:
                yield here
            if not field.denied and (inner := _object_of(field)) is not None:
                yield from self.below(inner, (*here, *_indices(field)))

    def _leads_to_one(self, shape: ObjectShape) -> bool:
        known = self._leads.get(id(shape))
        if known is None:
            known = any(map(self._is_or_leads_to_one, _fields(shape)))
            self._leads[id(shape)] = known
        return known

    def _is_or_leads_to_one(self, field: FieldShape) -> bool:
        inner = _object_of(field)
        return field.denied or field.lacks or (inner is not None and self._leads_to_one(inner))


def _fields(shape: ObjectShape) -> Iterator[FieldShape]:
    """Of every type that an object may have, each once."""
    seen: set[int] = set()
    for fields in (shape.unknown, *shape.variants.values()):
        for field in fields:
            if id(field) not in seen:
                seen.add(id(field))
                yield field


def _object_of(field: FieldShape) -> ObjectShape | None:
    type_ = field.type
    while isinstance(type_, ListShape):
        type_ = type_.of
    return type_.named if type_ is not None and isinstance(type_.named, ObjectShape) else None


def _indices(field: FieldShape) -> Iterator[str]:
    type_ = field.type
    while isinstance(type_, ListShape):
        yield "@"
        type_ = type_.of
