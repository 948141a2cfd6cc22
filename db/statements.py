"""Statements that are built and compiled once per shape, and from then on only sent.

    @per_shape
    def _found(ids: Sequence[UserId], reader: Reader) -> Select[Any]:
        return select(users).where(among(users.c.id, ids), visible_to(reader))

    rows = await session.fetch(_found(ids, reader))

The first call of a shape runs the function with a placeholder for every value that can differ, and compiles
what it returns; every other call looks the text up and hands over the values. What belongs to the shape:

    None, bool, an enum's member, a set of them, a type, a column      as they are
    a dataclass (Reader, PageRequest, a filter)                        each field, and a tuple's entries, so
    a list or tuple that is an argument                                one array, whatever its length
    anything else (an id, a time, a text, a number)                    a value: a placeholder stands for it

The function may therefore ask whether a value is None, and compare columns with it, but not calculate with
it. A time or an id that it makes itself would be frozen into the text: that is refused (FrozenValue). O(size
of the arguments) per call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import wraps
from inspect import signature
from operator import itemgetter
from typing import Any, ParamSpec

import asyncpg
from sqlalchemy import ARRAY, ColumnElement, Executable, Float, Numeric, Table, bindparam
from sqlalchemy.dialects.postgresql import asyncpg as driver
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Arguments = ParamSpec("Arguments")
Convert = Callable[[Any], Any]
Values = dict[str, Any]

DIALECT: Any = driver.dialect()  # type: ignore[no-untyped-call]
MOST_SHAPES = 500
"""Of one statement. More are forgotten and built again: it was given expressions that are new each time."""
STATIC = (type(None), bool, Enum, type, frozenset)
VALUE = "a value"
FLOAT8, NUMERIC = 701, 1700
FREEZABLE = (str, int, bool, type(None))


class FrozenValue(TypeError):
    """A statement that would be sent with the value of its first call for ever: a mistake in our code."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name} makes a {type(value).__name__} itself: give it the value as an argument")


class Row(asyncpg.Record):  # type: ignore[misc]  # the driver has no types
    """A row, by name (`row.id`, `row["id"]`) and by position."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def _mapping(self) -> Mapping[str, Any]:
        return self


def row_of(names: Iterable[str]) -> type[Row]:
    """Rows of one statement: a column by its name costs what an attribute costs, not a failed one first."""
    taken = dir(Row)
    columns = {name: property(itemgetter(at)) for at, name in enumerate(names) if name not in taken}
    return type("Row", (Row,), {"__slots__": (), **columns})


class ConvertedRow(dict[str, Any]):
    """A row with values that the driver gives in another form (JSON)."""

    __getattr__ = dict.__getitem__

    @property
    def _mapping(self) -> Mapping[str, Any]:
        return self


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `$1`, `$2`, …, and what each of them is."""

    text: str
    parameters: tuple[tuple[str, Convert | None], ...]
    constants: Mapping[str, Any]
    converters: Mapping[str, Convert]
    row: type[Row] = Row

    def values(self, given: Values) -> list[Any]:
        everything = {**self.constants, **given} if self.constants else given
        return [
            everything[name] if convert is None else convert(everything[name])
            for name, convert in self.parameters
        ]

    def converted(self, rows: Sequence[Any]) -> Sequence[Any]:
        if not self.converters:
            return rows
        made = [ConvertedRow(row._mapping) for row in rows]
        for row in made:
            for name, convert in self.converters.items():
                row[name] = convert(row[name])
        return made


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement and the values of one call of it: what a session fetches."""

    statement: Statement
    values: list[Any]


def per_shape(build: Callable[Arguments, Executable]) -> Callable[Arguments, Ready]:
    names = tuple(signature(build).parameters)
    shapes: dict[tuple[object, ...], Statement] = {}

    @wraps(build)
    def ready(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Ready:
        given: Values = {}
        shape = [_shape(name, value, given) for name, value in zip(names, args, strict=False)]
        for name, value in kwargs.items():
            shape.append((name, _shape(name, value, given)))
        key = tuple(shape)
        statement = shapes.get(key)
        if statement is None:
            if len(shapes) >= MOST_SHAPES:
                shapes.clear()
            placed: Any = [_placeholder(name, value) for name, value in zip(names, args, strict=False)]
            named: Any = {name: _placeholder(name, value) for name, value in kwargs.items()}
            statement = shapes[key] = compile_statement(build(*placed, **named), build.__qualname__)
        return Ready(statement, statement.values(given))

    return ready


def compile_statement(statement: Executable, name: str) -> Statement:
    """Raises FrozenValue for a parameter with a value that can hardly be meant for ever."""
    compiled: Any = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    constants = {
        key: value
        for key, value in compiled.params.items()
        if compiled.binds[key].value is not None or not compiled.binds[key].required
    }
    for value in constants.values():
        _require_constant(name, value)
    processors: Any = compiled._bind_processors
    parameters = tuple((key, processors.get(key)) for key in compiled.positiontup or ())
    row = row_of(entry.keyname for entry in compiled._result_columns)
    return Statement(str(compiled), parameters, constants, _converters(compiled), row)


def _require_constant(name: str, value: object) -> None:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, FREEZABLE):
            raise FrozenValue(name, each)


def _converters(compiled: Any) -> Mapping[str, Convert]:
    found = {entry.keyname: _converter(entry.type) for entry in compiled._result_columns}
    return {name: convert for name, convert in found.items() if convert is not None}


def _converter(kind: TypeEngine[Any]) -> Convert | None:
    """None for what the driver gives in our form. It makes lists of arrays; SQLAlchemy would copy them."""
    if isinstance(kind, ARRAY) and _converter(kind.item_type) is None:
        return None
    converter: Convert | None = kind.dialect_impl(DIALECT).result_processor(DIALECT, _wire_type(kind))
    return converter


def _wire_type(kind: TypeEngine[Any]) -> int | None:
    """What the driver would say of the column, where SQLAlchemy asks: how a number arrives."""
    if isinstance(kind, Float):
        return FLOAT8
    return NUMERIC if isinstance(kind, Numeric) else None


def _shape(name: str, value: Any, given: Values) -> object:
    """The hashable shape of an argument; its values are put into `given`."""
    kind = type(value)
    match _KINDS.get(kind) or _classify(kind):
        case Kind.STATIC:
            return value
        case Kind.EXPRESSION:
            return id(value)
        case Kind.FIELDS:
            return kind, *[_inner(path, getattr(value, each), given) for each, path in _paths(name, kind)]
        case _:
            given[name] = value
            return VALUE


def _inner(name: str, value: Any, given: Values) -> object:
    if type(value) is tuple:
        return tuple(_shape(f"{name}_{at}", each, given) for at, each in enumerate(value))
    return _shape(name, value, given)


def _placeholder(name: str, value: Any) -> Any:
    kind: Any = type(value)
    match _classify(kind):
        case Kind.STATIC | Kind.EXPRESSION:
            return value
        case Kind.FIELDS:
            return kind(
                **{each: _place_inner(path, getattr(value, each)) for each, path in _paths(name, kind)}
            )
        case _:
            return bindparam(name)


def _place_inner(name: str, value: Any) -> Any:
    if type(value) is tuple:
        return tuple(_placeholder(f"{name}_{at}", each) for at, each in enumerate(value))
    return _placeholder(name, value)


class Kind(Enum):
    STATIC = 1
    EXPRESSION = 2
    FIELDS = 3
    VALUE = 4


_KINDS: dict[type, Kind] = {}
_PATHS: dict[tuple[str, type], tuple[tuple[str, str], ...]] = {}


def _classify(kind: type) -> Kind:
    if issubclass(kind, ColumnElement | Table):
        found = Kind.EXPRESSION
    elif issubclass(kind, STATIC):
        found = Kind.STATIC
    else:
        found = Kind.FIELDS if is_dataclass(kind) else Kind.VALUE
    return _KINDS.setdefault(kind, found)


def _paths(name: str, kind: Any) -> tuple[tuple[str, str], ...]:
    """Its fields, and what the placeholders in them are called."""
    found = _PATHS.get((name, kind))
    if found is None:
        found = tuple((each.name, f"{name}_{each.name}") for each in fields(kind) if each.init)
        _PATHS[name, kind] = found
    return found
