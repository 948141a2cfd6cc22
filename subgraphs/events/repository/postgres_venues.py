"""Venues in PostgreSQL, ordered as people order names (decision 13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextClause, func, insert, select, text, update

from db.arrays import among
from db.migrations.sorting import sort_expression
from db.pages import page
from db.postgres import Database
from db.statements import per_shape
from subgraphs.events.models import venues
from subgraphs.events.values import NewVenue, Venue, VenueFilter, VenueId, VenueOrder
from subgraphs.kit import repeats
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt

COLUMNS = [venues.c[name] for name in Venue.__dataclass_fields__]
IN_CITY = f"venues.city_sort = {sort_expression('CAST(:wanted_city AS text)')}"
"""The placeholder of `wanted.city` (db/statements.py), by its name."""
BY_TIME = [venues.c.created_at, venues.c.id]
COLUMNS_OF = {
    VenueOrder.NAME: [venues.c.name_sort, venues.c.id],
    VenueOrder.CITY: [venues.c.city_sort, venues.c.name_sort, venues.c.id],
    VenueOrder.NEWEST: BY_TIME,
    VenueOrder.OLDEST: BY_TIME,
}


class PostgresVenueRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, venue: NewVenue, attempt: Attempt | None) -> Venue:
        values = {name: getattr(venue, name) for name in NewVenue.__dataclass_fields__}
        async with self._database.write() as session:
            made = await repeats.earlier(session, attempt, venue.id)
            statement: Any = (
                insert(venues).values(values).returning(*COLUMNS)
                if made is None
                else select(*COLUMNS).where(venues.c.id == made)
            )
            row = (await session.execute(statement)).one()
        return Venue(**row._mapping)

    async def find_by_ids(self, ids: Sequence[VenueId]) -> Mapping[VenueId, Venue]:
        async with self._database.read() as session:
            rows = await session.fetch(_found(ids))
            return {row.id: Venue(**row._mapping) for row in rows}

    async def update(
        self, venue_id: VenueId, columns: Mapping[str, object], maker: UUID | None
    ) -> Venue | None:
        statement = update(venues).where(venues.c.id == venue_id)
        if maker is not None:
            statement = statement.where(venues.c.created_by == maker)
        values = dict(columns) or {"name": venues.c.name}
        async with self._database.write() as session:
            row = (await session.execute(statement.values(values).returning(*COLUMNS))).first()
        return None if row is None else Venue(**row._mapping)

    async def list_venues(self, order: VenueOrder, wanted: VenueFilter, request: PageRequest) -> Page[Venue]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(order, wanted, request))
        return Page.cut([Venue(**row._mapping) for row in rows], request)

    async def count(self, wanted: VenueFilter) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(wanted)))


@per_shape
def _found(ids: Sequence[VenueId]) -> Select[Any]:
    return select(*COLUMNS).where(among(venues.c.id, ids))


@per_shape
def _listed(order: VenueOrder, wanted: VenueFilter, request: PageRequest) -> Select[Any]:
    listed = select(*COLUMNS).where(*_filtered(wanted))
    return page(listed, COLUMNS_OF[order], request, descending=request.ordering.descending)


@per_shape
def _counted(wanted: VenueFilter) -> Select[Any]:
    return select(func.count()).select_from(venues).where(*_filtered(wanted))


def _filtered(wanted: VenueFilter) -> Iterator[ColumnElement[bool] | TextClause]:
    if wanted.city is not None:
        yield text(IN_CITY)
