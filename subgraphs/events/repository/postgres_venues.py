"""Venues in PostgreSQL, ordered as people order names (decision 13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, TextClause, func, insert, select, text, update

from db.arrays import among
from db.migrations.sorting import sort_expression
from db.pages import page
from db.postgres import Database
from subgraphs.events.models import venues
from subgraphs.events.values import Venue, VenueFilter, VenueId
from subgraphs.kit.pages import Page, PageRequest

COLUMNS = [venues.c[name] for name in Venue.__dataclass_fields__]
MADE = "name_sort"
"""Made by the store."""
IN_CITY = text(f"venues.city_sort = {sort_expression('CAST(:city AS text)')}")
BY_NAME = [venues.c.name_sort, venues.c.id]


class PostgresVenueRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, venue: Venue) -> Venue:
        values = {name: getattr(venue, name) for name in Venue.__dataclass_fields__ if name != MADE}
        async with self._database.write() as session:
            row = (await session.execute(insert(venues).values(values).returning(*COLUMNS))).one()
        return Venue(**row._mapping)

    async def find_by_ids(self, ids: Sequence[VenueId]) -> Mapping[VenueId, Venue]:
        async with self._database.read() as session:
            rows = await session.execute(select(*COLUMNS).where(among(venues.c.id, ids)))
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

    async def list_by_name(self, wanted: VenueFilter, request: PageRequest) -> Page[Venue]:
        listed = select(*COLUMNS).where(*_filtered(wanted))
        statement = page(listed, BY_NAME, request, descending=request.ordering.descending)
        async with self._database.read() as session:
            rows = (await session.execute(statement)).all()
        return Page.cut([Venue(**row._mapping) for row in rows], request)

    async def count(self, wanted: VenueFilter) -> int:
        statement = select(func.count()).select_from(venues).where(*_filtered(wanted))
        async with self._database.read() as session:
            return int((await session.execute(statement)).scalar_one())


def _filtered(wanted: VenueFilter) -> Iterator[ColumnElement[bool] | TextClause]:
    if wanted.city is not None:
        yield IN_CITY.bindparams(city=wanted.city)
