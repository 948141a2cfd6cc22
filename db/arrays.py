"""`column = ANY(array)`: one statement to prepare, however many values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether the column's value is one of `values`, sent as one parameter."""
    return column == any_(array_of(column, values))


def array_of(column: ColumnElement[Any], values: Iterable[Any]) -> BindParameter[Any]:
    """The values as one parameter. A placeholder (db/statements.py) becomes one of an array."""
    if isinstance(values, BindParameter):
        return bindparam(values.key, type_=ARRAY(column.type))
    return bindparam(None, list(dict.fromkeys(values)), ARRAY(column.type), unique=True)
