"""Albums and tracks in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    String,
    and_,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, WriteSession, violated_constraint
from db.statements import Ready, per_shape
from subgraphs.catalog.errors import track_number_taken
from subgraphs.catalog.models import albums, artists, track_artists, track_genres, tracks
from subgraphs.catalog.repository.permissions import may
from subgraphs.catalog.values import (
    Actor,
    Album,
    AlbumFilter,
    AlbumId,
    AlbumType,
    ArtistId,
    Change,
    Credit,
    CreditRole,
    GenreId,
    Listed,
    NewTrack,
    Permission,
    Track,
    TrackChange,
    TrackFilter,
    TrackId,
)
from subgraphs.kit import repeats
from subgraphs.kit.enums import known_or
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import not_found

ALBUMS = select(*(albums.c[name] for name in Album.__dataclass_fields__))
TRACK_COLUMNS = [tracks.c[name] for name in Track.__dataclass_fields__]
TRACKS = select(*TRACK_COLUMNS)
BY_RELEASE = [albums.c.release_date, albums.c.id]
MAIN = track_artists.c.artist_type == CreditRole.MAIN.value
NOT_MAIN = ~MAIN
Parent = TypeVar("Parent", ArtistId, GenreId)


class PostgresMusicRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_album(self, album: Album, actor: Actor, attempt: Attempt | None) -> Album | None:
        allowed = and_(artists.c.id == album.artist_id, may(actor, artists.c.id, Permission.UPLOAD))
        values = select(
            literal(album.id),
            artists.c.id,
            literal(album.title, String),
            literal(album.release_date, Date),
            literal(album.cover_url, String),
            literal(album.type.value, String),
        ).where(allowed)
        columns = list(Album.__dataclass_fields__)
        made = insert(albums).from_select(columns, values).returning(albums)
        async with self._database.write() as session:
            before = await repeats.earlier(session, attempt, album.id)
            if before is not None:
                return await _album_made(session, AlbumId(before))
            row = (await session.execute(made)).first()
            if row is None:
                await repeats.release(session, attempt)
        return None if row is None else _album(row)

    async def update_album(self, album_id: AlbumId, change: Change, actor: Actor) -> Album | None:
        statement = update(albums).where(albums.c.id == album_id, _may_upload(actor))
        changed = statement.values(change.columns or {"title": albums.c.title}).returning(albums)
        async with self._database.write() as session:
            row = (await session.execute(changed)).first()
        return None if row is None else _album(row)

    async def remove_album(self, album_id: AlbumId, actor: Actor) -> bool:
        statement = delete(albums).where(albums.c.id == album_id, _may_upload(actor))
        async with self._database.write() as session:
            return (await session.execute(statement)).rowcount > 0

    async def add_track(self, track: NewTrack, actor: Actor, attempt: Attempt | None) -> Track | None:
        allowed = and_(albums.c.id == track.album_id, _may_upload(actor))
        album = select(albums.c.artist_id).where(allowed).with_for_update(key_share=True)
        names = ("id", "album_id", "title", "duration_sec", "track_number")
        values = {name: getattr(track, name) for name in names} | {"file_key": f"tracks/{track.id}"}
        with _explained(track.track_number):
            async with self._database.write() as session:
                owner = (await session.execute(album)).scalar()
                if owner is None:
                    return None
                made = await repeats.earlier(session, attempt, track.id)
                if made is not None:
                    return await _track_made(session, TrackId(made))
                row = (await session.execute(insert(tracks).values(values).returning(*TRACK_COLUMNS))).one()
                await _credit(session, track.id, track.credits or (Credit(owner, CreditRole.MAIN),))
                await _classify(session, track.id, track.genres)
        return _track(row)

    async def update_track(self, track_id: TrackId, change: TrackChange, actor: Actor) -> Track | None:
        number = change.columns.get("track_number")
        changed = update(tracks).where(tracks.c.id == track_id, _of_uploadable(actor))
        values = change.columns or {"title": tracks.c.title}
        with _explained(number if isinstance(number, int) else 0):
            async with self._database.write() as session:
                row = (await session.execute(changed.values(values).returning(*TRACK_COLUMNS))).first()
                if row is None:
                    return None
                if change.credits is not None:
                    await session.execute(delete(track_artists).where(track_artists.c.track_id == track_id))
                    await _credit(session, track_id, change.credits)
                if change.genres is not None:
                    await session.execute(delete(track_genres).where(track_genres.c.track_id == track_id))
                    await _classify(session, track_id, change.genres)
        return _track(row)

    async def remove_track(self, track_id: TrackId, actor: Actor) -> bool:
        statement = delete(tracks).where(tracks.c.id == track_id, _of_uploadable(actor))
        async with self._database.write() as session:
            return (await session.execute(statement)).rowcount > 0

    async def find_albums(self, ids: Sequence[AlbumId]) -> Mapping[AlbumId, Album]:
        async with self._database.read() as session:
            rows = await session.fetch(_albums(ids))
            return {row.id: _album(row) for row in rows}

    async def list_albums(
        self, ids: Sequence[ArtistId], request: PageRequest
    ) -> Mapping[ArtistId, Page[Album]]:
        async with self._database.read() as session:
            rows = await session.fetch(_albums_of(ids, request))
            found = ((row._mapping[PARENT], _album(row)) for row in rows)
            return pages_of(ids, found, request)

    async def count_albums(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        return await self._count(albums.c.artist_id, ids)

    async def list_all_albums(self, wanted: AlbumFilter, request: PageRequest) -> Page[Album]:
        async with self._database.read() as session:
            rows = await session.fetch(_all_albums(wanted, request))
        return Page.cut([_album(row) for row in rows], request)

    async def count_all_albums(self, wanted: AlbumFilter) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_count_albums(wanted)))

    async def find_tracks(self, ids: Sequence[TrackId]) -> Mapping[TrackId, Track]:
        async with self._database.read() as session:
            rows = await session.fetch(_tracks(ids))
            return {row.id: _track(row) for row in rows}

    async def list_tracks(self, album_ids: Sequence[AlbumId]) -> Mapping[AlbumId, tuple[Track, ...]]:
        found: dict[AlbumId, list[Track]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.fetch(_tracks_of(album_ids)):
                found[row.album_id].append(_track(row))
        return {album_id: tuple(listed) for album_id, listed in found.items()}

    async def list_all_tracks(self, wanted: TrackFilter, request: PageRequest) -> Page[Listed]:
        async with self._database.read() as session:
            rows = await session.fetch(_all_tracks(wanted, request))
        return Page.cut([Listed(_track(row), row.created_at) for row in rows], request)

    async def count_all_tracks(self, wanted: TrackFilter) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_count_tracks(wanted)))

    async def list_by_artists(
        self, ids: Sequence[ArtistId], *, as_guest: bool, request: PageRequest
    ) -> Mapping[ArtistId, Page[Listed]]:
        return await self._list_linked(ids, request, _by_artists(ids, as_guest, request))

    async def count_by_artists(self, ids: Sequence[ArtistId], *, as_guest: bool) -> Mapping[ArtistId, int]:
        return await self._count(track_artists.c.artist_id, ids, NOT_MAIN if as_guest else MAIN)

    async def list_by_genres(
        self, ids: Sequence[GenreId], request: PageRequest
    ) -> Mapping[GenreId, Page[Listed]]:
        return await self._list_linked(ids, request, _by_genres(ids, request))

    async def count_by_genres(self, ids: Sequence[GenreId]) -> Mapping[GenreId, int]:
        return await self._count(track_genres.c.genre_id, ids)

    async def list_credits(self, ids: Sequence[TrackId]) -> Mapping[TrackId, tuple[Credit, ...]]:
        found: dict[TrackId, list[Credit]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.fetch(_credits(ids)):
                role = known_or(row.artist_type, CreditRole.FEATURED)
                found[row.track_id].append(Credit(row.artist_id, role))
        return {track_id: tuple(listed) for track_id, listed in found.items()}

    async def _list_linked(
        self, ids: Sequence[Parent], request: PageRequest, listed: Ready
    ) -> Mapping[Parent, Page[Listed]]:
        async with self._database.read() as session:
            rows = await session.fetch(listed)
            found = ((row._mapping[PARENT], Listed(_track(row), row.since)) for row in rows)
            return pages_of(ids, found, request)

    async def _count(
        self, column: ColumnElement[Any], ids: Sequence[Parent], which: ColumnElement[bool] | None = None
    ) -> Mapping[Parent, int]:
        async with self._database.read() as session:
            return {row.parent: row.number for row in await session.fetch(_counts(column, ids, which))}


@per_shape
def _albums(ids: Sequence[AlbumId]) -> Select[Any]:
    return ALBUMS.where(among(albums.c.id, ids))


@per_shape
def _albums_of(ids: Sequence[ArtistId], request: PageRequest) -> Select[Any]:
    falling = request.ordering.descending
    return pages_of_parents(ALBUMS, albums.c.artist_id, ids, BY_RELEASE, request, descending=falling)


@per_shape
def _all_albums(wanted: AlbumFilter, request: PageRequest) -> Select[Any]:
    listed = ALBUMS.where(*_filtered(wanted))
    return page(listed, BY_RELEASE, request, descending=request.ordering.descending)


@per_shape
def _count_albums(wanted: AlbumFilter) -> Select[Any]:
    return select(func.count()).select_from(albums).where(*_filtered(wanted))


@per_shape
def _tracks(ids: Sequence[TrackId]) -> Select[Any]:
    return TRACKS.where(among(tracks.c.id, ids))


@per_shape
def _tracks_of(album_ids: Sequence[AlbumId]) -> Select[Any]:
    listed = TRACKS.where(among(tracks.c.album_id, album_ids))
    return listed.order_by(tracks.c.album_id, tracks.c.track_number)


@per_shape
def _all_tracks(wanted: TrackFilter, request: PageRequest) -> Select[Any]:
    listed = TRACKS.where(*_of_tracks(wanted))
    columns = [tracks.c.created_at, tracks.c.id]
    return page(listed, columns, request, descending=request.ordering.descending)


@per_shape
def _count_tracks(wanted: TrackFilter) -> Select[Any]:
    return select(func.count()).select_from(tracks).where(*_of_tracks(wanted))


@per_shape
def _by_artists(ids: Sequence[ArtistId], as_guest: bool, request: PageRequest) -> Select[Any]:
    listed = _linked(track_artists).where(NOT_MAIN if as_guest else MAIN)
    return _link_pages(listed, track_artists.c.artist_id, ids, request)


@per_shape
def _by_genres(ids: Sequence[GenreId], request: PageRequest) -> Select[Any]:
    return _link_pages(_linked(track_genres), track_genres.c.genre_id, ids, request)


def _link_pages(listed: Select[Any], parent: Any, ids: Sequence[Any], request: PageRequest) -> Select[Any]:
    """The link knows since when it is there, so a page is read in order and not sorted out of all."""
    link = parent.table.c
    columns, names = [link.created_at, link.track_id], ["since", "id"]
    return pages_of_parents(listed, parent, ids, columns, request, descending=True, order=names)


@per_shape
def _credits(ids: Sequence[TrackId]) -> Select[Any]:
    of_tracks = select(track_artists).where(among(track_artists.c.track_id, ids))
    order = (track_artists.c.track_id, track_artists.c.display_order, track_artists.c.artist_id)
    return of_tracks.order_by(*order)


@per_shape
def _counts(column: ColumnElement[Any], ids: Sequence[Any], which: ColumnElement[bool] | None) -> Select[Any]:
    counted = select(column.label("parent"), func.count().label("number")).where(among(column, ids))
    return (counted if which is None else counted.where(which)).group_by(column)


class _explained:
    """Turn what the tables refuse about a track into what its sender can act on."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, IntegrityError):
            return
        violated = violated_constraint(error)
        if violated == "tracks_album_id_track_number_key":
            raise track_number_taken(self._number) from error
        if violated == "track_artists_artist_id_fkey":
            raise Refused(not_found("artist", "artists")) from error
        if violated == "track_genres_genre_id_fkey":
            raise Refused(not_found("genre", "genreIds")) from error


def _may_upload(actor: Actor) -> ColumnElement[bool]:
    return may(actor, albums.c.artist_id, Permission.UPLOAD)


def _of_uploadable(actor: Actor) -> ColumnElement[bool]:
    album = select(albums.c.id).where(albums.c.id == tracks.c.album_id, _may_upload(actor))
    return album.exists()


async def _credit(session: WriteSession, track_id: TrackId, credits: Sequence[Credit]) -> None:
    rows = [
        {
            "track_id": track_id,
            "artist_id": credit.artist_id,
            "artist_type": credit.role.value,
            "display_order": order,
        }
        for order, credit in enumerate(credits, start=1)
    ]
    if rows:
        await session.execute(insert(track_artists).values(rows))


async def _classify(session: WriteSession, track_id: TrackId, genres: Sequence[GenreId]) -> None:
    rows = [{"track_id": track_id, "genre_id": genre} for genre in genres]
    if rows:
        await session.execute(insert(track_genres).values(rows))


def _linked(link: Any) -> Select[Any]:
    return select(*TRACK_COLUMNS, link.c.created_at.label("since")).join_from(link, tracks)


def _filtered(wanted: AlbumFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.type is not None:
        yield albums.c.type == wanted.type.value


def _of_tracks(wanted: TrackFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.is_available is not None:
        yield tracks.c.is_available.is_(wanted.is_available)


async def _album_made(session: WriteSession, album_id: AlbumId) -> Album:
    row = (await session.execute(select(albums).where(albums.c.id == album_id))).first()
    if row is None:
        raise repeats.gone("album")
    return _album(row)


async def _track_made(session: WriteSession, track_id: TrackId) -> Track:
    row = (await session.execute(TRACKS.where(tracks.c.id == track_id))).first()
    if row is None:
        raise repeats.gone("track")
    return _track(row)


def _album(row: Row[Any]) -> Album:
    kind = known_or(row.type, AlbumType.ALBUM)
    return Album(row.id, row.artist_id, row.title, row.release_date, row.cover_url, kind)


def _track(row: Row[Any]) -> Track:
    return Track(**{name: row._mapping[name] for name in Track.__dataclass_fields__})
