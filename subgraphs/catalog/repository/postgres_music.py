"""Albums, tracks and genres in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert

from db.pages import PARENT, pages_of_parents
from db.postgres import Database
from subgraphs.catalog.models import albums, genres, track_artists, track_genres, tracks
from subgraphs.catalog.values import (
    Album,
    AlbumId,
    AlbumType,
    ArtistId,
    Credit,
    CreditRole,
    Genre,
    GenreId,
    Track,
    TrackId,
)
from subgraphs.kit.pages import Page, PageRequest, pages_of

ALBUM_COLUMNS = [albums.c[name] for name in Album.__dataclass_fields__]
TRACK_COLUMNS = [tracks.c[name] for name in Track.__dataclass_fields__]


class PostgresMusicRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_album(self, album: Album) -> Album:
        values = {name: getattr(album, name) for name in Album.__dataclass_fields__}
        async with self._database.write() as session:
            await session.execute(insert(albums).values(values | {"type": album.type.value}))
        return album

    async def add_track(self, track: Track, credits: Sequence[Credit], names: Sequence[str]) -> Track:
        values = {name: getattr(track, name) for name in Track.__dataclass_fields__}
        credited = [
            {
                "track_id": track.id,
                "artist_id": c.artist_id,
                "artist_type": c.role.value,
                "display_order": order,
            }
            for order, c in enumerate(credits, start=1)
        ]
        known = select(literal(track.id), genres.c.id).where(genres.c.name.in_(names))
        async with self._database.write() as session:
            await session.execute(insert(tracks).values(values))
            if credited:
                await session.execute(insert(track_artists).values(credited))
            if names:
                new = upsert(genres).values([{"name": name} for name in names]).on_conflict_do_nothing()
                await session.execute(new)
                await session.execute(insert(track_genres).from_select(["track_id", "genre_id"], known))
        return track

    async def find_albums(self, ids: Sequence[AlbumId]) -> Mapping[AlbumId, Album]:
        async with self._database.read() as session:
            rows = await session.execute(select(*ALBUM_COLUMNS).where(albums.c.id.in_(ids)))
            return {row.id: _album(row) for row in rows}

    async def list_albums(
        self, artists: Sequence[ArtistId], request: PageRequest
    ) -> Mapping[ArtistId, Page[Album]]:
        statement = pages_of_parents(
            select(*ALBUM_COLUMNS),
            albums.c.artist_id,
            artists,
            [albums.c.release_date, albums.c.id],
            request,
            descending=True,
        )
        async with self._database.read() as session:
            rows = await session.execute(statement)
            found = ((row._mapping[PARENT], _album(row)) for row in rows)
            return pages_of(artists, found, request)

    async def find_tracks(self, ids: Sequence[TrackId]) -> Mapping[TrackId, Track]:
        async with self._database.read() as session:
            rows = await session.execute(select(*TRACK_COLUMNS).where(tracks.c.id.in_(ids)))
            return {row.id: _track(row) for row in rows}

    async def list_tracks(self, album_ids: Sequence[AlbumId]) -> Mapping[AlbumId, tuple[Track, ...]]:
        statement = (
            select(*TRACK_COLUMNS)
            .where(tracks.c.album_id.in_(album_ids))
            .order_by(tracks.c.album_id, tracks.c.track_number)
        )
        found: dict[AlbumId, list[Track]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.execute(statement):
                found[row.album_id].append(_track(row))
        return {album_id: tuple(listed) for album_id, listed in found.items()}

    async def list_credits(self, ids: Sequence[TrackId]) -> Mapping[TrackId, tuple[Credit, ...]]:
        statement = (
            select(track_artists)
            .where(track_artists.c.track_id.in_(ids))
            .order_by(track_artists.c.track_id, track_artists.c.display_order, track_artists.c.artist_id)
        )
        found: dict[TrackId, list[Credit]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.execute(statement):
                found[row.track_id].append(Credit(row.artist_id, CreditRole(row.artist_type)))
        return {track_id: tuple(listed) for track_id, listed in found.items()}

    async def list_track_genres(self, ids: Sequence[TrackId]) -> Mapping[TrackId, tuple[Genre, ...]]:
        statement = (
            select(track_genres.c.track_id, genres.c.id, genres.c.name)
            .join_from(track_genres, genres)
            .where(track_genres.c.track_id.in_(ids))
            .order_by(genres.c.name)
        )
        found: dict[TrackId, list[Genre]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.execute(statement):
                found[row.track_id].append(Genre(row.id, row.name))
        return {track_id: tuple(listed) for track_id, listed in found.items()}

    async def find_genres(self, ids: Sequence[GenreId]) -> Mapping[GenreId, Genre]:
        async with self._database.read() as session:
            rows = await session.execute(select(genres).where(genres.c.id.in_(ids)))
            return {row.id: Genre(row.id, row.name) for row in rows}

    async def list_genres(self) -> tuple[Genre, ...]:
        async with self._database.read() as session:
            rows = await session.execute(select(genres).order_by(genres.c.name))
            return tuple(Genre(row.id, row.name) for row in rows)


def _album(row: Row[Any]) -> Album:
    return Album(row.id, row.artist_id, row.title, row.release_date, row.cover_url, AlbumType(row.type))


def _track(row: Row[Any]) -> Track:
    return Track(**{name: row._mapping[name] for name in Track.__dataclass_fields__})
