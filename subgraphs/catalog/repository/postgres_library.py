"""What people saved, in PostgreSQL. Saving twice is saving once; what is not seen cannot be saved, and is
left out of the lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.pages import page
from db.postgres import Database
from db.statements import per_shape
from subgraphs.catalog.collecting import SavedAlbum, SavedTrack
from subgraphs.catalog.models import albums, saved_albums, saved_tracks, tracks
from subgraphs.catalog.repository.postgres_albums import COLUMNS as ALBUM_COLUMNS
from subgraphs.catalog.repository.postgres_albums import album_of
from subgraphs.catalog.repository.postgres_tracks import TRACK_COLUMNS, track_of
from subgraphs.catalog.repository.released import album_seen_by, track_seen_by
from subgraphs.catalog.values import Actor, AlbumId, ManagerId, Reader, TrackId
from subgraphs.kit.pages import Page, PageRequest


class PostgresLibraryRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_track(self, track_id: TrackId, actor: Actor) -> bool:
        """False when there is none that the actor sees."""
        seen = select(literal(actor.user_id), tracks.c.id)
        return await self._save(
            saved_tracks, "track_id", seen.where(tracks.c.id == track_id, track_seen_by(actor.as_reader))
        )

    async def save_album(self, album_id: AlbumId, actor: Actor) -> bool:
        seen = select(literal(actor.user_id), albums.c.id)
        return await self._save(
            saved_albums, "album_id", seen.where(albums.c.id == album_id, album_seen_by(actor.as_reader))
        )

    async def unsave_track(self, track_id: TrackId, actor: Actor) -> None:
        await self._unsave(saved_tracks, saved_tracks.c.track_id == track_id, actor)

    async def unsave_album(self, album_id: AlbumId, actor: Actor) -> None:
        await self._unsave(saved_albums, saved_albums.c.album_id == album_id, actor)

    async def find_saved_tracks(self, user: ManagerId, ids: Sequence[TrackId]) -> Mapping[TrackId, bool]:
        async with self._database.read() as session:
            found = {row.id for row in await session.fetch(_saved(saved_tracks.c.track_id, user, ids))}
        return {each: each in found for each in ids}

    async def find_saved_albums(self, user: ManagerId, ids: Sequence[AlbumId]) -> Mapping[AlbumId, bool]:
        async with self._database.read() as session:
            found = {row.id for row in await session.fetch(_saved(saved_albums.c.album_id, user, ids))}
        return {each: each in found for each in ids}

    async def list_tracks(self, reader: Reader, user: ManagerId, request: PageRequest) -> Page[SavedTrack]:
        async with self._database.read() as session:
            rows = await session.fetch(_tracks(reader, user, request))
        return Page.cut([SavedTrack(track_of(row), row.since) for row in rows], request)

    async def count_tracks(self, reader: Reader, user: ManagerId) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_track_count(reader, user)))

    async def list_albums(self, reader: Reader, user: ManagerId, request: PageRequest) -> Page[SavedAlbum]:
        async with self._database.read() as session:
            rows = await session.fetch(_albums(reader, user, request))
        return Page.cut([SavedAlbum(album_of(row), row.since) for row in rows], request)

    async def count_albums(self, reader: Reader, user: ManagerId) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_album_count(reader, user)))

    async def _save(self, table: Table, key: str, seen: Select[Any]) -> bool:
        statement = insert(table).from_select(["user_id", key], seen)
        again = {"user_id": statement.excluded.user_id}  # so that what was saved before is told, too
        kept = statement.on_conflict_do_update(index_elements=["user_id", key], set_=again)
        async with self._database.write() as session:
            return (await session.execute(kept.returning(table.c.user_id))).first() is not None

    async def _unsave(self, table: Table, which: ColumnElement[bool], actor: Actor) -> None:
        async with self._database.write() as session:
            await session.execute(delete(table).where(table.c.user_id == actor.user_id, which))


@per_shape
def _saved(key: ColumnElement[Any], user: ManagerId, ids: Sequence[Any]) -> Select[Any]:
    return select(key.label("id")).where(key.table.c.user_id == user, among(key, ids))


@per_shape
def _tracks(reader: Reader, user: ManagerId, request: PageRequest) -> Select[Any]:
    saved = saved_tracks.c
    listed = select(*TRACK_COLUMNS, saved.created_at.label("since")).join_from(saved_tracks, tracks)
    seen = listed.where(saved.user_id == user, track_seen_by(reader))
    return page(seen, [saved.created_at, saved.track_id], request, descending=True)


@per_shape
def _track_count(reader: Reader, user: ManagerId) -> Select[Any]:
    counted = select(func.count()).join_from(saved_tracks, tracks)
    return counted.where(saved_tracks.c.user_id == user, track_seen_by(reader))


@per_shape
def _albums(reader: Reader, user: ManagerId, request: PageRequest) -> Select[Any]:
    saved = saved_albums.c
    listed = select(*ALBUM_COLUMNS, saved.created_at.label("since")).join_from(saved_albums, albums)
    seen = listed.where(saved.user_id == user, album_seen_by(reader))
    return page(seen, [saved.created_at, saved.album_id], request, descending=True)


@per_shape
def _album_count(reader: Reader, user: ManagerId) -> Select[Any]:
    counted = select(func.count()).join_from(saved_albums, albums)
    return counted.where(saved_albums.c.user_id == user, album_seen_by(reader))
