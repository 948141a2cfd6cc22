"""A copy of what another domain says about its entities, kept by its messages.

    Copied(known_teachers, "TeacherKnown", "TeacherGone").hear      a Consumer's handler

A message of the first type carries a value for each column and adds or replaces a row; one of the second
carries the key and takes the row away. Messages of one key come in order, and may come twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Table, Uuid, and_, delete
from sqlalchemy.dialects.postgresql import insert

from db.postgres import WriteSession
from subgraphs.kit.outbox import Message


@dataclass(frozen=True, slots=True)
class Copied:
    table: Table
    said: str
    gone: str

    async def hear(self, session: WriteSession, message: Message) -> None:
        if message.type == self.said:
            await self._keep(session, message.payload)
        elif message.type == self.gone:
            await session.execute(delete(self.table).where(self._is(message.payload)))

    async def _keep(self, session: WriteSession, payload: Mapping[str, Any]) -> None:
        row = {column.name: _read(column.type, payload[column.name]) for column in self.table.columns}
        keys = [column.name for column in self.table.primary_key]
        rest = {name: value for name, value in row.items() if name not in keys}
        added = insert(self.table).values(row)
        kept = added.on_conflict_do_update(index_elements=keys, set_=rest)
        await session.execute(kept if rest else added.on_conflict_do_nothing())

    def _is(self, payload: Mapping[str, Any]) -> Any:
        return and_(*(key == _read(key.type, payload[key.name]) for key in self.table.primary_key))


def _read(kind: object, value: Any) -> Any:
    """A value of JSON as the column has it."""
    match kind:
        case Uuid() if value is not None:
            return UUID(str(value))
        case DateTime() if value is not None:
            return datetime.fromisoformat(str(value))
        case BigInteger() if value is not None:
            return int(value)
        case _:
            return value
