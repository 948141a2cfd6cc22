"""Filling tables with many rows that may be there already.

rows ─ batches, a transaction each ─┬─ COPY            all of a batch is new: the usual case
                                    └─ INSERT … SELECT from arrays, leaving out what is there

COPY is the fastest way in and stops at the first row that is there. Such a batch is sent again the careful
way, which passes over rows that violate a unique constraint or whose parent is missing (somebody else has the
name of the parent). So a filling that was killed can be run again, and a second one adds nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

from asyncpg import exceptions
from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql

from db.postgres import WriteSession

BEGIN = text("SELECT")
ROWS_IN_A_BATCH = 10_000
"""A batch that fails is sent twice; a process that is killed loses one."""

NOT_BY_COPY = (
    exceptions.UniqueViolationError,
    exceptions.ForeignKeyViolationError,
    exceptions.FeatureNotSupportedError,
)
"""Rows are there, a parent is not, or the table has row-level security, which COPY does not know."""

LOST = (
    exceptions.PostgresConnectionError,
    exceptions.OperatorInterventionError,
    exceptions.InsufficientResourcesError,
    exceptions.InterfaceError,
)
"""Gone, told to go, out of room, or closed already."""

Write = Callable[[], AbstractAsyncContextManager[WriteSession]]
"""Opens a transaction: `database.write`, or one that acts as somebody."""


async def add_missing(
    write: Write,
    table: Table,
    rows: Iterable[Mapping[str, Any]],
    *,
    told: Callable[[int], None] = lambda _rows: None,
) -> int:
    """Add the rows that are not there; how many that were. Rows of one call have the same columns; `told`
    hears of every batch that is done, whether or not it was new.
    """
    source = iter(rows)
    added = 0
    while batch := list(islice(source, ROWS_IN_A_BATCH)):
        columns = tuple(batch[0])
        records = [tuple(row[name] for name in columns) for row in batch]
        added += await _add(write, table, columns, records)
        told(len(batch))
    return added


async def _add(write: Write, table: Table, columns: tuple[str, ...], records: list[tuple[Any, ...]]) -> int:
    try:
        async with _driver(write) as connection:
            await connection.copy_records_to_table(table.name, records=records, columns=columns)
        return len(records)
    except NOT_BY_COPY:
        async with _driver(write) as connection:
            status = await connection.execute(_careful(table, columns), *zip(*records, strict=True))
        return int(status.rpartition(" ")[2])


@asynccontextmanager
async def _driver(write: Write) -> AsyncIterator[Any]:
    """asyncpg's connection in a transaction, which SQLAlchemy begins with its first statement. SQLAlchemy
    does not see the errors of this connection: a lost one is told as what `unavailable` understands.
    """
    async with write() as session:
        await session.execute(BEGIN)
        assert session.connection is not None
        raw = await session.connection.get_raw_connection()
        try:
            yield raw.driver_connection
        except LOST as error:
            raise ConnectionError(str(error)) from error


@lru_cache
def _careful(table: Table, columns: tuple[str, ...]) -> str:
    """One array a column, so that any number of rows is the same statement. No array has a collation."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    types = [table.c[name].type.compile(dialect).partition(" COLLATE ")[0] for name in columns]
    arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, 1))
    names = ", ".join(columns)
    parents = [
        f"EXISTS (SELECT FROM {key.column.table.name} p WHERE p.{key.column.name} = new.{key.parent.name})"
        for key in table.foreign_keys
        if key.parent.name in columns
    ]
    where = f" WHERE {' AND '.join(parents)}" if parents else ""
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM unnest({arrays}) AS new({names}){where} "  # noqa: S608
        "ON CONFLICT DO NOTHING"
    )
