"""`column = ANY(array)`: one statement to prepare, however many values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether the column's value is one of `values`, sent as one parameter."""
    return column == any_(bindparam(None, list(values), ARRAY(column.type), unique=True))
