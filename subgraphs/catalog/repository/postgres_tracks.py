"""Tracks in PostgreSQL, with who performs them and what they are like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, WriteSession, violated_constraint
from db.statements import Ready, per_shape
from subgraphs.catalog.errors import track_number_taken
from subgraphs.catalog.models import albums, track_artists, track_genres, tracks
from subgraphs.catalog.repository.postgres_albums import may_upload
from subgraphs.catalog.repository.records import as_it_is, differences, note
from subgraphs.catalog.repository.released import out, track_seen_by
from subgraphs.catalog.values import (
    Actor,
    AlbumId,
    ArtistId,
    Credit,
    CreditRole,
    GenreId,
    Listed,
    NewTrack,
    Reader,
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

TRACK_COLUMNS = [tracks.c[name] for name in Track.__struct_fields__]
_FACTS = itemgetter(*Track.__struct_fields__)
TRACKS = select(*TRACK_COLUMNS)
MAIN = track_artists.c.artist_type == CreditRole.MAIN.value
NOT_MAIN = ~MAIN
IS_OUT = select(albums.c.id).where(albums.c.id == tracks.c.album_id, out()).exists()
Parent = TypeVar("Parent", ArtistId, GenreId)


class PostgresTrackRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, track: NewTrack, actor: Actor, attempt: Attempt | None) -> Track | None:
        allowed = and_(albums.c.id == track.album_id, may_upload(actor))
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
                facts = {"title": [None, track.title], "album_id": [None, track.album_id]}
                await note(session, actor, "create", "track", track.id, facts)
        return track_of(row)

    async def update(self, track_id: TrackId, change: TrackChange, actor: Actor) -> Track | None:
        number = change.columns.get("track_number")
        changed = update(tracks).where(tracks.c.id == track_id, _of_uploadable(actor))
        values = change.columns or {"title": tracks.c.title}
        with _explained(number if isinstance(number, int) else 0):
            async with self._database.write() as session:
                before = (await session.execute(as_it_is(tracks, track_id))).first()
                row = (await session.execute(changed.values(values).returning(*TRACK_COLUMNS))).first()
                if row is None or before is None:
                    return None
                if change.credits is not None:
                    await session.execute(delete(track_artists).where(track_artists.c.track_id == track_id))
                    await _credit(session, track_id, change.credits)
                if change.genres is not None:
                    await session.execute(delete(track_genres).where(track_genres.c.track_id == track_id))
                    await _classify(session, track_id, change.genres)
                facts = {**differences(before, change.columns), **_links(change)}
                await note(session, actor, "update", "track", track_id, facts)
        return track_of(row)

    async def remove(self, track_id: TrackId, actor: Actor) -> bool:
        gone = delete(tracks).where(tracks.c.id == track_id, _of_uploadable(actor))
        async with self._database.write() as session:
            title = (await session.execute(gone.returning(tracks.c.title))).scalar()
            if title is not None:
                await note(session, actor, "delete", "track", track_id, {"title": [title, None]})
        return title is not None

    async def find_by_ids(self, reader: Reader, ids: Sequence[TrackId]) -> Mapping[TrackId, Track]:
        async with self._database.read() as session:
            rows = await session.fetch(_found(reader, ids))
            return {row.id: track_of(row) for row in rows}

    async def list_of_albums(self, album_ids: Sequence[AlbumId]) -> Mapping[AlbumId, tuple[Track, ...]]:
        found: dict[AlbumId, list[Track]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.fetch(_tracks_of(album_ids)):
                found[row.album_id].append(track_of(row))
        return {album_id: tuple(listed) for album_id, listed in found.items()}

    async def list_released(self, wanted: TrackFilter, request: PageRequest) -> Page[Listed]:
        async with self._database.read() as session:
            rows = await session.fetch(_released(wanted, request))
        return Page.cut([Listed(track_of(row), row.created_at) for row in rows], request)

    async def count_released(self, wanted: TrackFilter) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_count_released(wanted)))

    async def list_by_artists(
        self, reader: Reader, ids: Sequence[ArtistId], request: PageRequest, *, as_guest: bool
    ) -> Mapping[ArtistId, Page[Listed]]:
        return await self._list_linked(ids, request, _by_artists(reader, ids, as_guest, request))

    async def count_by_artists(
        self, reader: Reader, ids: Sequence[ArtistId], *, as_guest: bool
    ) -> Mapping[ArtistId, int]:
        return await self._count(_counts(reader, track_artists.c.artist_id, ids, as_guest))

    async def list_by_genres(
        self, reader: Reader, ids: Sequence[GenreId], request: PageRequest
    ) -> Mapping[GenreId, Page[Listed]]:
        return await self._list_linked(ids, request, _by_genres(reader, ids, request))

    async def count_by_genres(self, reader: Reader, ids: Sequence[GenreId]) -> Mapping[GenreId, int]:
        return await self._count(_counts(reader, track_genres.c.genre_id, ids, None))

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
            found = ((row._mapping[PARENT], Listed(track_of(row), row.since)) for row in rows)
            return pages_of(ids, found, request)

    async def _count(self, counts: Ready) -> Mapping[Any, int]:
        async with self._database.read() as session:
            return {row.parent: row.number for row in await session.fetch(counts)}


@per_shape
def _found(reader: Reader, ids: Sequence[TrackId]) -> Select[Any]:
    return TRACKS.where(among(tracks.c.id, ids), track_seen_by(reader))


@per_shape
def _tracks_of(album_ids: Sequence[AlbumId]) -> Select[Any]:
    listed = TRACKS.where(among(tracks.c.album_id, album_ids))
    return listed.order_by(tracks.c.album_id, tracks.c.track_number)


@per_shape
def _released(wanted: TrackFilter, request: PageRequest) -> Select[Any]:
    listed = TRACKS.where(IS_OUT, *_of_tracks(wanted))
    columns = [tracks.c.created_at, tracks.c.id]
    return page(listed, columns, request, descending=request.ordering.descending)


@per_shape
def _count_released(wanted: TrackFilter) -> Select[Any]:
    return select(func.count()).select_from(tracks).where(IS_OUT, *_of_tracks(wanted))


@per_shape
def _by_artists(reader: Reader, ids: Sequence[ArtistId], as_guest: bool, request: PageRequest) -> Select[Any]:
    listed = _linked(track_artists).where(NOT_MAIN if as_guest else MAIN, track_seen_by(reader))
    return _link_pages(listed, track_artists.c.artist_id, ids, request)


@per_shape
def _by_genres(reader: Reader, ids: Sequence[GenreId], request: PageRequest) -> Select[Any]:
    listed = _linked(track_genres).where(track_seen_by(reader))
    return _link_pages(listed, track_genres.c.genre_id, ids, request)


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
def _counts(
    reader: Reader, column: ColumnElement[Any], ids: Sequence[Any], as_guest: bool | None
) -> Select[Any]:
    """Of a link to tracks. None: whatever the artist's part is."""
    counted = select(column.label("parent"), func.count().label("number"))
    linked = counted.join_from(column.table, tracks).where(among(column, ids), track_seen_by(reader))
    parts = () if as_guest is None else (NOT_MAIN if as_guest else MAIN,)
    return linked.where(*parts).group_by(column)


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


def _of_uploadable(actor: Actor) -> ColumnElement[bool]:
    album = select(albums.c.id).where(albums.c.id == tracks.c.album_id, may_upload(actor))
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


def _links(change: TrackChange) -> dict[str, object]:
    """The credits and genres that were set, for the record."""
    credits, genres = change.credits, change.genres
    facts: dict[str, object] = {}
    if credits is not None:
        facts["credits"] = [{"artist_id": each.artist_id, "role": each.role} for each in credits]
    return facts if genres is None else {**facts, "genres": list(genres)}


async def _classify(session: WriteSession, track_id: TrackId, genres: Sequence[GenreId]) -> None:
    rows = [{"track_id": track_id, "genre_id": genre} for genre in genres]
    if rows:
        await session.execute(insert(track_genres).values(rows))


def _linked(link: Any) -> Select[Any]:
    return select(*TRACK_COLUMNS, link.c.created_at.label("since")).join_from(link, tracks)


def _of_tracks(wanted: TrackFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.is_available is not None:
        yield tracks.c.is_available.is_(wanted.is_available)


async def _track_made(session: WriteSession, track_id: TrackId) -> Track:
    row = (await session.execute(TRACKS.where(tracks.c.id == track_id))).first()
    if row is None:
        raise repeats.gone("track")
    return track_of(row)


def track_of(row: Row[Any]) -> Track:
    return Track(*_FACTS(row._mapping))
