"""Numbers out of the rollups: O(quarters in which something happened), never O(what happened).

Who may see them is the policies' to say: a subject that is not in the copy of events for `who` is not in the
answer. An organization's numbers are those of its events, whoever's they were when they happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, and_, cast, func, select

from db.arrays import among, array_of
from db.postgres import Database
from db.statements import per_shape
from subgraphs.analytics.models import known_events, rollups
from subgraphs.analytics.repository.keeping import EVERYTHING
from subgraphs.analytics.values import Kind, Period, SubjectKind, Sum, Tally
from subgraphs.kit.acting import Acting, reading

ROLLED, EVENTS = rollups.c, known_events.c
SUMS = (
    cast(func.sum(ROLLED.number), BigInteger).label("number"),
    func.sum(ROLLED.amount_minor).label("amount_minor"),
)


class PostgresFunnelRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def tallies(
        self, kind: SubjectKind, ids: Sequence[UUID], period: Period, edges: Sequence[datetime], who: Acting
    ) -> Mapping[UUID, Mapping[int, Tally]]:
        async with reading(self._database, who) as session:
            rows = await session.fetch(_tallies(kind, ids, period, list(edges)))
        found: dict[UUID, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            places = found[row.subject]
            if row.place is not None:
                places[row.place].append(row)
        return {
            subject: {at: _tally(rows) for at, rows in places.items()} for subject, places in found.items()
        }

    async def everything(self, period: Period, who: Acting) -> Tally:
        async with reading(self._database, who) as session:
            return _tally(await session.fetch(_everything(EVERYTHING, period)))


@per_shape
def _tallies(
    kind: SubjectKind, ids: Sequence[UUID], period: Period, edges: Sequence[datetime]
) -> Select[Any]:
    subject = EVENTS.id if kind is SubjectKind.EVENT else EVENTS.tenant_id
    place = func.width_bucket(ROLLED.quarter, array_of(ROLLED.quarter, edges)).label("place")
    its = and_(ROLLED.subject_id == EVENTS.id, *_within(period))
    rows = select(subject.label("subject"), place, ROLLED.kind, ROLLED.currency, *SUMS)
    joined = rows.select_from(known_events.outerjoin(rollups, its)).where(among(subject, ids))
    return joined.group_by("subject", "place", ROLLED.kind, ROLLED.currency)


@per_shape
def _everything(subject: UUID, period: Period) -> Select[Any]:
    rows = select(ROLLED.kind, ROLLED.currency, *SUMS).where(ROLLED.subject_id == subject, *_within(period))
    return rows.group_by(ROLLED.kind, ROLLED.currency)


def _within(period: Period) -> tuple[Any, Any]:
    return ROLLED.quarter >= period.since, ROLLED.quarter < period.until


def _tally(rows: Iterable[Any]) -> Tally:
    """Kinds that only a newer version knows are left out."""
    known = Kind._value2member_map_
    return Tally(
        {
            (Kind(row.kind), row.currency): Sum(row.number, int(row.amount_minor))
            for row in rows
            if row.kind in known
        }
    )
