"""Value completion step by step (GraphQL specification, section 6.4.3): slower than generated code, and
able to say what is wrong where.

A value that does not fit its type becomes null with an error at its path; a null where there may be none
takes the nearest nullable object or list with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from router.executor.errors import CompletionError
from router.executor.hidden import NOTHING_HIDDEN, Hidden
from router.executor.paths import ResponsePath
from router.executor.projection.shape import (
    EnumLeaf,
    FieldShape,
    Leaf,
    ListShape,
    NamedShape,
    ObjectShape,
    TypeShape,
)

INT_MAX = 2**31 - 1
INT_MIN = -(2**31)
MISSING = object()
NULL = object()
"""A null that may not be: the caller becomes null itself, or passes it on when it may not either."""


class Completion:
    """One answer. `errors` fills as values are completed."""

    def __init__(self, hidden: Hidden = NOTHING_HIDDEN) -> None:
        self.errors: list[CompletionError] = []
        self._hidden = hidden

    def root(self, shape: ObjectShape, data: dict[str, Any]) -> dict[str, Any] | None:
        completed = self._fields(shape.unknown, shape.name, data, ())
        return None if completed is NULL else completed

    def _fields(
        self, fields: tuple[FieldShape, ...], typename: str | None, obj: dict[str, Any], path: ResponsePath
    ) -> Any:
        completed: dict[str, Any] = {}
        for field in fields:
            here = (*path, field.key)
            value: Any
            if field.type is None:
                value = obj.get(field.key)
            elif field.name == "__typename":
                value = typename if typename is not None else NULL
            else:
                value = self._value(field.type, obj.get(field.key), here, field)
            if value is NULL:
                return NULL
            completed[field.key] = value
        return completed

    def _value(self, type_: TypeShape, value: Any, path: ResponsePath, field: FieldShape) -> Any:
        if value is None:
            return self._null(type_, path, field)
        completed = (
            self._list(type_, value, path, field)
            if isinstance(type_, ListShape)
            else self._named(type_, value, path, field)
        )
        if completed is NULL and type_.nullable:
            self.errors[-1] = replace(self.errors[-1], null_at=path)  # what it returned NULL for, just now
            return None
        return completed

    def _null(self, type_: TypeShape, path: ResponsePath, field: FieldShape) -> Any:
        if type_.nullable:
            return None
        message = f"Cannot return null for non-nullable field {field.parent}.{field.name}."
        self._report(message, path, may_follow=True)
        return NULL

    def _list(self, type_: ListShape, value: Any, path: ResponsePath, field: FieldShape) -> Any:
        if not isinstance(value, list):
            return self._invalid(type_.name, path)
        completed = []
        for index, element in enumerate(value):
            item = self._value(type_.of, element, (*path, index), field)
            if item is NULL:
                return NULL
            completed.append(item)
        return completed

    def _named(self, type_: NamedShape, value: Any, path: ResponsePath, field: FieldShape) -> Any:
        if isinstance(type_.named, ObjectShape):
            if isinstance(value, dict) and self._is_hidden(value.get("__typename")):
                return self._null(type_, path, field)
            return self._object(type_.named, value, path, field)
        hidden_values = self._hidden.enum_values.get(type_.name)
        if hidden_values and isinstance(value, str) and value in hidden_values:
            return self._null(type_, path, field)
        return value if leaf_fits(type_.named, value) else self._invalid(type_.name, path)

    def _is_hidden(self, typename: Any) -> bool:
        return isinstance(typename, str) and typename in self._hidden.types

    def _object(self, shape: ObjectShape, value: Any, path: ResponsePath, field: FieldShape) -> Any:
        if not isinstance(value, dict):
            return self._invalid(shape.name, path)
        if not shape.is_abstract:
            return self._fields(shape.unknown, shape.name, value, path)
        typename = value.get("__typename")
        fields = shape.variants.get(typename) if isinstance(typename, str) else None
        if fields is not None:
            return self._fields(fields, typename, value, path)
        if typename is None or (typename == shape.name and not shape.asks_typename):
            return self._of_unknown_type(shape, value, path, field)
        message = f"Invalid __typename found for object at field {field.parent}.{field.name}."
        self._report(message, path, may_follow=True)
        return NULL

    def _of_unknown_type(
        self, shape: ObjectShape, value: dict[str, Any], path: ResponsePath, field: FieldShape
    ) -> Any:
        """An abstract type without a runtime type: only what every such object has can be answered."""
        if any(f.name == "__typename" for f in shape.unknown):
            message = f"Missing __typename for object at field {field.parent}.{field.name}."
            self._report(message, path, may_follow=True)
            return NULL
        if not shape.is_uniform:
            message = f"The type of the object at field {field.parent}.{field.name} is not known."
            self._report(message, path, may_follow=True, leaves_out=True)
        return self._fields(shape.unknown, None, value, path)

    def _invalid(self, type_name: str, path: ResponsePath) -> Any:
        self._report(f"Invalid value found for the type {type_name}.", path)
        return NULL

    def _report(
        self, message: str, path: ResponsePath, *, may_follow: bool = False, leaves_out: bool = False
    ) -> None:
        self.errors.append(CompletionError(message, path, may_follow, leaves_out))


def leaf_fits(leaf: Leaf | EnumLeaf, value: Any) -> bool:
    if isinstance(leaf, EnumLeaf):
        return isinstance(value, str) and value in leaf.values
    match leaf.scalar:
        case None:
            return True
        case "Int":
            return value.__class__ is int and INT_MIN <= value <= INT_MAX
        case "Float":
            return value.__class__ is float or value.__class__ is int
        case "String":
            return isinstance(value, str)
        case "Boolean":
            return isinstance(value, bool)
        case _:
            raise AssertionError(f"not a checked scalar: {leaf.scalar}")
