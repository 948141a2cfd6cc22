"""Inserting many rows that may be there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession

ROWS_IN_A_STATEMENT = 500
"""With a dozen columns each, well under PostgreSQL's 65 535 parameters."""


async def insert_missing(session: WriteSession, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert the rows that violate no unique constraint; how many that were. Rows of one call have the same
    columns.
    """
    source = iter(rows)
    added = 0
    while batch := list(islice(source, ROWS_IN_A_STATEMENT)):
        statement = insert(table).values(batch).on_conflict_do_nothing()
        added += (await session.execute(statement)).rowcount
    return added
