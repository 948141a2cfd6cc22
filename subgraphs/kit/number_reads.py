"""Notes of reads (`subgraphs/kit/audit_reads.py`) in a service of the school that knows people by their
number on Telegram: whose a number is comes from its copies of who is a teacher and who a student.

    reads = NumberReads(database, known_teachers, known_students)      # app.py
    await reads.of(request).note("student", numbers, "attendance")     # the resolver, before it answers

Somebody whom the copies do not know yet is taken for another: a note too many, never one too few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Table, select, union

from db.arrays import among
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit.audit_reads import Noting, Read, ReadNotes, noting
from subgraphs.kit.loading import Loader, loader
from subgraphs.kit.request import Request

Numbers = frozenset[int]


@dataclass(frozen=True, slots=True)
class RequestReads:
    """Those of one request."""

    request: Request
    noted: Noting
    own: Loader[UUID, Numbers | None]

    async def note(self, entity: str, numbers: Iterable[int], field: str) -> None:
        """That the field is shown of all of these people but the viewer. One statement asks who the viewer
        is, once in a request, and one notes.
        """
        people = list(numbers)
        own = await self._own_numbers() if people else frozenset()
        await self.noted.load_many(Read(entity, str(each), field) for each in people if each not in own)

    async def _own_numbers(self) -> Numbers:
        viewer = self.request.known_viewer
        return frozenset() if viewer is None else await self.own.load(viewer.id) or frozenset()


class NumberReads:
    def __init__(self, database: Database, *people: Table) -> None:
        """`people` are copies with `user_id` and `telegram_id`."""
        self._database, self._notes = database, ReadNotes(database)

        @per_shape
        def numbers_of(users: Sequence[UUID]) -> CompoundSelect[Any]:
            known = (
                select(each.c.user_id, each.c.telegram_id).where(among(each.c.user_id, users))
                for each in people
            )
            return union(*known)

        self._numbers_of = numbers_of

    def of(self, request: Request) -> RequestReads:
        return RequestReads(request, noting(self._notes, request), loader(self._find))

    async def _find(self, users: Sequence[UUID]) -> Mapping[UUID, Numbers]:
        async with self._database.read() as session:
            rows = await session.fetch(self._numbers_of(users))
        return {user: frozenset(row.telegram_id for row in rows if row.user_id == user) for user in users}
