"""Venues in PostgreSQL, ordered as people order names (kit/text.py's sort key is stored beside the name)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update

from db.arrays import among
from db.pages import page
from db.postgres import Database
from subgraphs.events.models import venues
from subgraphs.events.values import Venue, VenueFilter, VenueId
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.text import sort_key

COLUMNS = [venues.c[name] for name in Venue.__dataclass_fields__]
BY_NAME = [venues.c.name_key, venues.c.id]


class PostgresVenueRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, venue: Venue) -> Venue:
        values = {name: getattr(venue, name) for name in Venue.__dataclass_fields__}
        async with self._database.write() as session:
            await session.execute(insert(venues).values(values | _keys(values)))
        return venue

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
        values = {**columns, **_keys(columns)} or {"name": venues.c.name}
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


def _keys(columns: Mapping[str, object]) -> dict[str, str]:
    return {f"{name}_key": sort_key(str(columns[name])) for name in ("name", "city") if name in columns}


def _filtered(wanted: VenueFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.city is not None:
        yield venues.c.city_key == sort_key(wanted.city)
