"""Checks of input values, made once per input type of the schema (GraphQL specification, section 3).

Values are checked, never changed: the subgraph gets what the client sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    is_required_input_field,
)

from router.json import dumps
from router.transport.uploads import Upload

Check = Callable[[Any, str], None]
"""Raises `InvalidValue` for a value that does not fit, with the place given as second argument."""

SHOWN_CHARACTERS = 60
INT_MAX = 2**31 - 1
INT_MIN = -(2**31)


class InvalidValue(Exception):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


class InputChecks:
    """The checks of one schema; types may refer to themselves, so objects are looked up when run."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def of(self, type_: GraphQLInputType) -> Check:
        name = str(type_)
        check = self._checks.get(name)
        if check is None:
            check = self._checks[name] = self._make(type_)
        return check

    def _make(self, type_: GraphQLInputType) -> Check:
        match type_:
            case GraphQLNonNull():
                return self._non_null(type_)
            case GraphQLList():
                return self._list(type_)
            case GraphQLInputObjectType():
                return self._object(type_)
            case GraphQLEnumType():
                return _enum(type_)
            case GraphQLScalarType():
                return _scalar(type_)
            case _:
                raise AssertionError(f"not an input type: {type_}")

    def _non_null(self, type_: GraphQLNonNull[Any]) -> Check:
        inner = self.of(type_.of_type)
        reason = f'Expected non-nullable type "{type_}" not to be null.'

        def check(value: Any, place: str) -> None:
            if value is None:
                raise InvalidValue(place, reason)
            inner(value, place)

        return check

    def _list(self, type_: GraphQLList[Any]) -> Check:
        item = self.of(type_.of_type)

        def check(value: Any, place: str) -> None:
            if isinstance(value, list | tuple):
                for index, element in enumerate(value):
                    item(element, f"{place}[{index}]")
            elif value is not None:
                item(value, place)

        return check

    def _object(self, type_: GraphQLInputObjectType) -> Check:
        # The library's own word: where it keeps a field's default differs between its versions.
        required = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        is_one_of = getattr(type_, "is_one_of", False)

        def check(value: Any, place: str) -> None:
            if value is None:
                return
            if not isinstance(value, dict):
                raise InvalidValue(place, f'Expected type "{type_.name}" to be an object.')
            for name in required:
                if name not in value:
                    raise InvalidValue(
                        place,
                        f'Field "{name}" of required type "{type_.fields[name].type}" was not provided.',
                    )
            for name, child in value.items():
                field = type_.fields.get(name)
                if field is None:
                    raise InvalidValue(place, f'Field "{name}" is not defined by type "{type_.name}".')
                self.of(field.type)(child, f"{place}.{name}")
            if is_one_of and (len(value) != 1 or None in value.values()):
                raise InvalidValue(place, f'Exactly one key must be specified for "{type_.name}".')

        return check


def _enum(type_: GraphQLEnumType) -> Check:
    values = frozenset(type_.values)

    def check(value: Any, place: str) -> None:
        if value is not None and not (isinstance(value, str) and value in values):
            raise InvalidValue(place, f'Value {_shown(value)} does not exist in "{type_.name}" enum.')

    return check


def _scalar(type_: GraphQLScalarType) -> Check:
    fits = _SCALARS.get(type_.name)
    if fits is None:
        return lambda value, place: None

    def check(value: Any, place: str) -> None:
        if value is not None and not fits(value):
            raise InvalidValue(place, f"{type_.name} cannot represent value: {_shown(value)}")

    return check


def _is_int(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return value.is_integer() and INT_MIN <= value <= INT_MAX
    return isinstance(value, int) and INT_MIN <= value <= INT_MAX


_SCALARS: dict[str, Callable[[Any], bool]] = {
    "Int": _is_int,
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "ID": lambda value: isinstance(value, str | int) and not isinstance(value, bool),
}


def _shown(value: Any) -> str:
    """A scalar as its JSON, cut short; of lists and objects only the kind, however large they are."""
    match value:
        case dict():
            return "an object"
        case list() | tuple():
            return "a list"
        case str() if len(value) > SHOWN_CHARACTERS:
            value = f"{value[: SHOWN_CHARACTERS - 1]}…"
        case Upload():
            return "a file"
    text = dumps(value).decode()
    return text if len(text) <= 2 * SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
