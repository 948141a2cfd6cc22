"""Artists and their managers in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update

from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database
from subgraphs.catalog.models import artist_managers, artists
from subgraphs.catalog.values import Artist, ArtistChange, ArtistId, Manager, ManagerId, Permission
from subgraphs.kit.pages import Page, PageRequest, pages_of

COLUMNS = [artists.c.id, artists.c.name, artists.c.bio, artists.c.avatar_url, artists.c.is_verified]
ARTISTS = select(*COLUMNS)
BY_NAME = [artists.c.name, artists.c.id]


class PostgresArtistRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, artist: Artist, manager: Manager) -> Artist:
        managed = {
            "artist_id": artist.id,
            "user_id": manager.user_id,
            "permissions": sorted(permission.value for permission in manager.permissions),
        }
        values = {name: getattr(artist, name) for name in Artist.__dataclass_fields__}
        async with self._database.write() as session:
            row = (await session.execute(insert(artists).values(values).returning(*COLUMNS))).one()
            await session.execute(insert(artist_managers).values(managed))
        return _artist(row)

    async def find_by_ids(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, Artist]:
        async with self._database.read() as session:
            found = [_artist(row) for row in await session.execute(ARTISTS.where(artists.c.id.in_(ids)))]
        return {artist.id: artist for artist in found}

    async def list_by_name(self, request: PageRequest) -> Page[Artist]:
        async with self._database.read() as session:
            rows = (await session.execute(page(ARTISTS, BY_NAME, request, descending=False))).all()
        return Page.cut([_artist(row) for row in rows], request)

    async def list_managed(
        self, managers: Sequence[ManagerId], request: PageRequest
    ) -> Mapping[ManagerId, Page[Artist]]:
        managed = select(*COLUMNS).join_from(artist_managers, artists)
        statement = pages_of_parents(
            managed, artist_managers.c.user_id, managers, BY_NAME, request, descending=False
        )
        async with self._database.read() as session:
            rows = await session.execute(statement)
            found = ((row._mapping[PARENT], _artist(row)) for row in rows)
            return pages_of(managers, found, request)

    async def list_managers(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, tuple[Manager, ...]]:
        statement = (
            select(artist_managers.c.artist_id, artist_managers.c.user_id, artist_managers.c.permissions)
            .where(artist_managers.c.artist_id.in_(ids))
            .order_by(artist_managers.c.id)
        )
        found: dict[ArtistId, list[Manager]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.execute(statement):
                found[row.artist_id].append(Manager(row.user_id, frozenset(map(Permission, row.permissions))))
        return {artist_id: tuple(managers) for artist_id, managers in found.items()}

    async def update(self, artist_id: ArtistId, change: ArtistChange) -> Artist | None:
        async with self._database.write() as session:
            if change.columns:
                await session.execute(update(artists).where(artists.c.id == artist_id).values(change.columns))
            row = (await session.execute(ARTISTS.where(artists.c.id == artist_id))).first()
        return None if row is None else _artist(row)


def _artist(row: Row[Any]) -> Artist:
    return Artist(row.id, row.name, row.bio, row.avatar_url, row.is_verified)
