"""Rows of a domain, told to the others as they are. The tables are `db.migrations.news`.

    a write ── trigger ──► posts_news (id)
                               │ News, a batch at a time, with the rows as they are then
                               ▼
                           outbox ──► PostsTold {rows: [{id, author_id, …}], gone: [{id}]}
                                          │
    keep_copy(session, known_posts, message) in another domain

A message says what is and not what changed, so one that comes twice changes nothing, and many changes within
a moment are one message. All of a table's messages have one key: they are heard in the order they were told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, MetaData, Table, bindparam, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import DateTime, Uuid

from db.postgres import Database, WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.outbox import Message

BATCH = 1000
Row = Mapping[str, Any]


def news_table(table: Table, metadata: MetaData, called: str | None = None) -> Table:
    """Beside a domain's table, as the migration leaves it. `called`: as the migration's."""
    keys = [Column(key.name, key.type) for key in table.primary_key.columns]
    return Table(
        f"{called or table.name}_news", metadata, Column("number", BigInteger, primary_key=True), *keys
    )


@dataclass(frozen=True, slots=True)
class News:
    """A task: tells which rows of `table` are new, changed or gone. `told` are the columns beside its key."""

    topic: str
    type: str
    table: Table
    news: Table
    told: Sequence[str]
    database: Database

    @property
    def name(self) -> str:
        return self.news.name

    async def step(self) -> bool:
        """Tell a batch; whether there was any."""
        async with self.database.write() as session:
            taken = await self._take(session)
            if taken:
                facts = await self._as_it_is(session, list(dict.fromkeys(taken)))
                await outbox.add(session, Message(self.topic, self.name, self.type, facts))
        return bool(taken)

    @property
    def _keys(self) -> list[str]:
        return [key.name for key in self.table.primary_key.columns]

    async def _take(self, session: WriteSession) -> list[tuple[Any, ...]]:
        oldest = select(self.news.c.number).order_by(self.news.c.number).limit(BATCH)
        some = oldest.with_for_update(skip_locked=True)
        keys = [self.news.c[name] for name in self._keys]
        gone = delete(self.news).where(self.news.c.number.in_(some)).returning(*keys)
        return [tuple(row) for row in await session.execute(gone)]

    async def _as_it_is(self, session: WriteSession, keys: list[tuple[Any, ...]]) -> dict[str, Any]:
        """Read after the note that it changed, so it is at least as new."""
        columns = [self.table.c[name] for name in (*self._keys, *self.told)]
        found = await session.execute(select(*columns).where(_among(self.table, self._keys, keys)))
        rows = {tuple(row)[: len(self._keys)]: row for row in found}
        gone = [dict(zip(self._keys, map(plain, key), strict=True)) for key in keys if key not in rows]
        return {
            "rows": [{name: plain(v) for name, v in row._mapping.items()} for row in rows.values()],
            "gone": gone,
        }


async def keep_copy(
    session: WriteSession, copy: Table, message: Message, wanted: Callable[[Row], bool] = lambda _row: True
) -> None:
    """What the message tells, in a table whose columns are among those told. A row that is not `wanted` is
    taken out as one that is gone.
    """
    rows = [row for row in message.payload["rows"] if wanted(row)]
    out = [row for row in message.payload["rows"] if not wanted(row)] + list(message.payload["gone"])
    keys = [key.name for key in copy.primary_key.columns]
    if out:
        gone = [tuple(read(copy.c[name].type, row[name]) for name in keys) for row in out]
        await session.execute(delete(copy).where(_among(copy, keys, gone)))
    if rows:
        told = [{c.name: read(c.type, row[c.name]) for c in copy.columns if c.name in row} for row in rows]
        added = insert(copy).values(told)
        rest = {name: added.excluded[name] for name in told[0] if name not in keys}
        await session.execute(
            added.on_conflict_do_update(index_elements=keys, set_=rest)
            if rest
            else added.on_conflict_do_nothing()
        )


def _among(table: Table, names: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> Any:
    """Whether a row's key is one of `keys`: an array for each column, whatever their number."""
    columns = [table.c[name] for name in names]
    arrays = [
        bindparam(None, list(values), ARRAY(column.type), unique=True)
        for column, values in zip(columns, zip(*keys, strict=True), strict=True)
    ]
    wanted = func.unnest(*arrays).table_valued(*names).render_derived()
    same = [column == wanted.c[name] for name, column in zip(names, columns, strict=True)]
    return select(literal_column("1")).select_from(wanted).where(*same).correlate(table).exists()


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.isoformat()
        case _:
            return value


def read(kind: object, value: Any) -> Any:
    """A value of JSON as the column has it."""
    match kind:
        case Uuid() if value is not None:
            return UUID(str(value))
        case DateTime() if value is not None:
            return datetime.fromisoformat(str(value))
        case _:
            return value
