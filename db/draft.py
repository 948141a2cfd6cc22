"""What a new revision would have to do: the models compared with a schema at its newest revision.

    draft = await draft_revision(store, metadata)        draft.up, draft.down: SQL, statement by statement

Models say what is queried, so tables and columns are compared; indexes, constraints, policies and triggers
are written by hand, and the tables of the kit are not a domain's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations.ops import DowngradeOps, MigrateOperation, ModifyTableOps, UpgradeOps
from sqlalchemy import Connection, MetaData, text

from db.config import DomainStore
from db.histories import HISTORIES, VERSIONS
from db.migrate import migrating, require_usable

PARTITIONS = text("SELECT relname FROM pg_class WHERE relispartition")
"""They are their table's, and made and dropped by a job."""
END = ";\n\n"
"""How Alembic ends each statement that it writes instead of sending."""


@dataclass(frozen=True, slots=True)
class Draft:
    up: tuple[str, ...]
    down: tuple[str, ...]

    @property
    def takes_away(self) -> bool:
        """Older code may miss what it drops."""
        return any("DROP" in statement for statement in self.up)


async def draft_revision(
    store: DomainStore, metadata: MetaData, *, without: Collection[str] = (), histories: Path = HISTORIES
) -> Draft:
    """`without`: tables that are not the domain's. Raises MigrationNeeded when the schema is behind."""
    await require_usable(store, histories)
    async with migrating(store) as connection:
        return await connection.run_sync(_compared, metadata, frozenset(without) | {VERSIONS})


def _compared(connection: Connection, metadata: MetaData, without: frozenset[str]) -> Draft:
    left_out = without | set(connection.execute(PARTITIONS).scalars())

    def is_compared(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
        return kind in {"table", "column"} and name not in left_out

    options = {"compare_type": True, "include_object": is_compared}
    context = MigrationContext.configure(connection, opts=options)
    up = produce_migrations(context, metadata).upgrade_ops or UpgradeOps([])
    down = up.reverse_into(DowngradeOps([]))
    return Draft(_written(up.ops), _written(down.ops))


def _written(operations: Iterable[MigrateOperation]) -> tuple[str, ...]:
    output = StringIO()
    options = {"as_sql": True, "output_buffer": output, "literal_binds": True}
    writer = Operations(MigrationContext.configure(dialect_name="postgresql", opts=options))
    for operation in _each(operations):
        writer.invoke(operation)
    return tuple(part.strip() for part in output.getvalue().split(END) if part.strip())


def _each(operations: Iterable[MigrateOperation]) -> Iterator[MigrateOperation]:
    for operation in operations:
        if isinstance(operation, ModifyTableOps):
            yield from _each(operation.ops)
        else:
            yield operation
