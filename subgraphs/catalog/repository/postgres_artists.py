"""Artists in PostgreSQL, ordered as people order names (decision 13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update

from db.arrays import among
from db.pages import page
from db.postgres import Database
from db.statements import per_shape
from subgraphs.catalog.models import artist_managers, artists
from subgraphs.catalog.repository.permissions import may, written
from subgraphs.catalog.repository.records import as_it_is, differences, note
from subgraphs.catalog.values import (
    Actor,
    Artist,
    ArtistFilter,
    ArtistId,
    ArtistOrder,
    Change,
    NewArtist,
    Permission,
)
from subgraphs.kit import repeats
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt

COLUMNS = [artists.c[name] for name in Artist.__dataclass_fields__]
ARTISTS = select(*COLUMNS)
ORDER_COLUMNS: Mapping[ArtistOrder, ColumnElement[Any]] = {
    ArtistOrder.NAME: artists.c.name_sort,
    ArtistOrder.NEWEST: artists.c.created_at,
}


class PostgresArtistRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, artist: NewArtist, actor: Actor, attempt: Attempt | None) -> Artist:
        values = {name: getattr(artist, name) for name in NewArtist.__dataclass_fields__}
        office = {"user_id": actor.user_id, "permissions": written(frozenset({Permission.ALL}))}
        async with self._database.write() as session:
            made = await repeats.earlier(session, attempt, artist.id)
            if made is not None:
                again = select(*COLUMNS).where(artists.c.id == made)
                return artist_of((await session.execute(again)).one())
            row = (await session.execute(insert(artists).values(values).returning(*COLUMNS))).one()
            await session.execute(insert(artist_managers).values(artist_id=artist.id, **office))
            await note(session, actor, "create", "artist", artist.id, {"name": [None, artist.name]})
        return artist_of(row)

    async def find_by_ids(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, Artist]:
        async with self._database.read() as session:
            rows = await session.fetch(_found(ids))
            return {row.id: artist_of(row) for row in rows}

    async def list_artists(
        self, order: ArtistOrder, wanted: ArtistFilter, request: PageRequest
    ) -> Page[Artist]:
        async with self._database.read() as session:
            rows = await session.fetch(_listed(order, wanted, request))
        return Page.cut([artist_of(row) for row in rows], request)

    async def count_artists(self, wanted: ArtistFilter) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted(wanted)))

    async def update(self, artist_id: ArtistId, change: Change, actor: Actor) -> Artist | None:
        values: dict[str, Any] = dict(change.columns)
        allowed = may(actor, artists.c.id, Permission.EDIT_PROFILE)
        statement = update(artists).where(artists.c.id == artist_id, allowed)
        changed = statement.values(values or {"name": artists.c.name}).returning(*COLUMNS)
        async with self._database.write() as session:
            before = (await session.execute(as_it_is(artists, artist_id))).first()
            row = (await session.execute(changed)).first()
            if row is not None and before is not None:
                await note(session, actor, "update", "artist", artist_id, differences(before, values))
        return None if row is None else artist_of(row)


@per_shape
def _found(ids: Sequence[ArtistId]) -> Select[Any]:
    return ARTISTS.where(among(artists.c.id, ids))


@per_shape
def _listed(order: ArtistOrder, wanted: ArtistFilter, request: PageRequest) -> Select[Any]:
    columns = [ORDER_COLUMNS[order], artists.c.id]
    listed = ARTISTS.where(*_filtered(wanted))
    return page(listed, columns, request, descending=request.ordering.descending)


@per_shape
def _counted(wanted: ArtistFilter) -> Select[Any]:
    return select(func.count()).select_from(artists).where(*_filtered(wanted))


def artist_of(row: Row[Any]) -> Artist:
    return Artist(**{name: row._mapping[name] for name in Artist.__dataclass_fields__})


def _filtered(wanted: ArtistFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.is_verified is not None:
        yield artists.c.is_verified.is_(wanted.is_verified)
