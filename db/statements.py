"""Statements that are built and compiled once per shape, and from then on only sent.

    @per_shape
    def _found(ids: Sequence[UserId], reader: Reader) -> Select[Any]:
        return select(users).where(among(users.c.id, ids), visible_to(reader))

    rows = await session.fetch(_found(ids, reader))

The first call of a shape runs the function with a placeholder for every value that can differ, and compiles
what it returns; every other call looks the text up and hands over the values. What belongs to the shape:

    None, bool, an enum's member, a set of them, a type, a column      as they are
    a dataclass of which there are few (OfTheShape)                    as it is
    a dataclass (Reader, PageRequest, a filter)                        each field, and a tuple's entries, so
    a list or tuple that is an argument                                one array, whatever its length
    anything else (an id, a time, a text, a number)                    a value: a placeholder stands for it

The function may therefore ask whether a value is None, and compare columns with it, but not calculate with
it. A time or an id that it makes itself would be frozen into the text: that is refused (FrozenValue). O(size
of the arguments) per call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from operator import itemgetter
from typing import Any, ParamSpec

import asyncpg
from sqlalchemy import ARRAY, Executable, Float, Numeric
from sqlalchemy.dialects.postgresql import asyncpg as driver
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from db.shapes import placed, taken

Arguments = ParamSpec("Arguments")
Convert = Callable[[Any], Any]

DIALECT: Any = driver.dialect()  # type: ignore[no-untyped-call]
MOST_SHAPES = 500
"""Of one statement. More are forgotten and built again: it was given expressions that are new each time."""
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
    places: Callable[[Sequence[Any]], Sequence[Any]]
    """From the values that differ and the constants behind them, what is sent."""
    converts: Sequence[tuple[int, Convert]]
    """Which of them the driver takes in another form."""
    constants: list[Any]
    converters: Mapping[str, Convert]
    row: type[Row] = Row

    def values(self, given: list[Any]) -> Sequence[Any]:
        placed = self.places(given + self.constants if self.constants else given)
        if not self.converts:
            return placed
        made = list(placed)
        for at, convert in self.converts:
            made[at] = convert(made[at])
        return made

    def converted(self, rows: Sequence[Any]) -> Sequence[Any]:
        if not self.converters:
            return rows
        made = [ConvertedRow(row._mapping) for row in rows]
        for row in made:
            for name, convert in self.converters.items():
                row[name] = convert(row[name])
        return made


@dataclass(slots=True)
class Ready:
    """A statement and the values of one call of it: what a session fetches."""

    statement: Statement
    values: Sequence[Any]


def per_shape(build: Callable[Arguments, Executable]) -> Callable[Arguments, Ready]:
    names = tuple(signature(build).parameters)
    shapes: dict[tuple[object, ...], Statement] = {}

    @wraps(build)
    def ready(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Ready:
        given: tuple[Any, ...] = (*args, *kwargs.values()) if kwargs else args
        shape: list[Any] = list(kwargs)
        values: list[Any] = []
        taken(given, shape, values)
        key = tuple(shape)
        statement = shapes.get(key)
        if statement is None:
            if len(shapes) >= MOST_SHAPES:
                shapes.clear()
            replaced, called = placed([*names[: len(args)], *map(str, kwargs)], given)
            by_name: Any = dict(zip(kwargs, replaced[len(args) :], strict=True))
            by_place: Any = replaced[: len(args)]
            built = build(*by_place, **by_name)
            statement = shapes[key] = compile_statement(built, build.__qualname__, called)
        return Ready(statement, statement.values(values))

    return ready


def compile_statement(statement: Executable, name: str, called: Sequence[str]) -> Statement:
    """`called`: the placeholders' names, in the order in which their values are given. Raises FrozenValue for
    a parameter with a value that can hardly be meant for ever.
    """
    compiled: Any = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    constants = {
        key: value
        for key, value in compiled.params.items()
        if compiled.binds[key].value is not None or not compiled.binds[key].required
    }
    for value in constants.values():
        _require_constant(name, value)
    sent = compiled.positiontup or ()
    fixed = {key: value for key, value in constants.items() if key not in called}
    at = {key: place for place, key in enumerate((*called, *fixed))}
    converts = ((place, _sent_as(compiled, key)) for place, key in enumerate(sent))
    return Statement(
        str(compiled),
        _places([at[key] for key in sent]),
        [(place, convert) for place, convert in converts if convert is not None],
        list(fixed.values()),
        _converters(compiled),
        row_of(entry.keyname for entry in compiled._result_columns),
    )


def _places(at: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    if len(at) > 1:
        return itemgetter(*at)
    return itemgetter(slice(at[0], at[0] + 1)) if at else lambda _: ()


def _sent_as(compiled: Any, key: str) -> Convert | None:
    """None for what the driver takes as it is. It takes lists of that too; SQLAlchemy would copy them."""
    kind = compiled.binds[key].type
    if isinstance(kind, ARRAY) and kind.item_type.dialect_impl(DIALECT).bind_processor(DIALECT) is None:
        return None
    convert: Convert | None = compiled._bind_processors.get(key)
    return convert


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
