"""Keyset pages in SQL: one page of a list, or the same page of many parents' lists in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    true,
    tuple_,
)

from db.arrays import array_of


class Window(Protocol):
    """Where in the list: positions are tuples of the ordering's columns."""

    @property
    def limit(self) -> int: ...
    @property
    def after(self) -> Sequence[object] | None: ...
    @property
    def before(self) -> Sequence[object] | None: ...
    @property
    def backward(self) -> bool: ...


Columns = Sequence[ColumnElement[Any]]
PARENT = "parent_id"


def page(statement: Select[Any], columns: Columns, window: Window, *, descending: bool) -> Select[Any]:
    """Up to `limit + 1` rows from the window's start; all columns run in one direction, so a row comparison
    bounds them.
    """
    row = tuple_(*columns)
    for position, is_after in ((window.after, True), (window.before, False)):
        if position is not None:
            bound = tuple_(*(_bound(column, value) for column, value in zip(columns, position, strict=True)))
            statement = statement.where(row > bound if is_after != descending else row < bound)
    falling = descending != window.backward
    order = [column.desc() if falling else column.asc() for column in columns]
    return statement.order_by(*order).limit(one_more(window.limit))


def pages_of_parents(
    statement: Select[Any],
    parent: ColumnElement[Any],
    parents: Sequence[object],
    columns: Columns,
    window: Window,
    *,
    descending: bool,
    order: Sequence[str] = (),
) -> Select[Any]:
    """`page` for each of `parents` in one statement, each an index scan of `limit + 1` rows; `parent_id` says
    whose row it is.
    """
    wanted = select(func.unnest(array_of(parent, parents)).label(PARENT)).subquery()
    rows = page(statement.where(parent == wanted.c[PARENT]), columns, window, descending=descending).lateral()
    falling = descending != window.backward
    names = order or [str(column.key) for column in columns]
    sorting = [rows.c[name].desc() if falling else rows.c[name].asc() for name in names]
    return select(wanted.c[PARENT], rows).select_from(wanted).join(rows, true()).order_by(*sorting)


def one_more(limit: int | ColumnElement[int]) -> Any:
    """What a page reads: the row more proves that there is more."""
    if isinstance(limit, BindParameter):
        return bindparam(limit.key, type_=Integer()) + literal_column("1")
    return limit + 1


def _bound(column: ColumnElement[Any], value: object) -> ColumnElement[Any]:
    if isinstance(value, BindParameter):
        return bindparam(value.key, type_=column.type)
    return bindparam(None, value, type_=column.type, unique=True)
