"""Albums in PostgreSQL: drafts, announced ones, released ones, and reissues of earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Row,
    Select,
    String,
    Uuid,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.catalog.models import albums, artists
from subgraphs.catalog.repository.permissions import may
from subgraphs.catalog.repository.records import as_it_is, differences, note
from subgraphs.catalog.repository.released import album_seen_by, out
from subgraphs.catalog.values import (
    Actor,
    Album,
    AlbumFilter,
    AlbumId,
    AlbumType,
    ArtistId,
    Change,
    Permission,
    Reader,
)
from subgraphs.kit import repeats
from subgraphs.kit.enums import known_or
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import invalid

NAMES = tuple(Album.__dataclass_fields__)
COLUMNS = [albums.c[name] for name in NAMES]
ALBUMS = select(*COLUMNS)
BY_RELEASE = [albums.c.release_date, albums.c.id]
RELEASE = frozenset({"is_draft", "release_date"})
NO_ORIGINAL = "Another album of the same artist that is no reissue itself and has none."


class PostgresAlbumRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, album: Album, actor: Actor, attempt: Attempt | None) -> Album | None:
        async with self._database.write() as session:
            before = await repeats.earlier(session, attempt, album.id)
            if before is not None:
                return await _made(session, AlbumId(before))
            await _require_original(session, album.id, album.artist_id, album.reissue_of)
            row = (await session.execute(_new(album, actor))).first()
            if row is None:
                await repeats.release(session, attempt)
                return None
            await note(session, actor, "create", "album", album.id, {"title": [None, album.title]})
        return album_of(row)

    async def update(self, album_id: AlbumId, change: Change, actor: Actor) -> Album | None:
        columns = dict(change.columns)
        statement = update(albums).where(albums.c.id == album_id, may_upload(actor))
        async with self._database.write() as session:
            before = (await session.execute(as_it_is(albums, album_id))).first()
            if before is None:
                return None
            original = cast(AlbumId | None, columns.get("reissue_of"))
            await _require_original(session, album_id, before.artist_id, original)
            told = {"is_release_told": False} if RELEASE & columns.keys() else {}
            values = {**columns, **told} or {"title": albums.c.title}
            changed = statement.values(values).returning(*COLUMNS)
            row = (await session.execute(changed)).first()
            if row is not None:
                await note(session, actor, "update", "album", album_id, differences(before, columns))
        return None if row is None else album_of(row)

    async def remove(self, album_id: AlbumId, actor: Actor) -> bool:
        gone = delete(albums).where(albums.c.id == album_id, may_upload(actor)).returning(albums.c.title)
        async with self._database.write() as session:
            title = (await session.execute(gone)).scalar()
            if title is not None:
                await note(session, actor, "delete", "album", album_id, {"title": [title, None]})
        return title is not None

    async def find_by_ids(self, reader: Reader, ids: Sequence[AlbumId]) -> Mapping[AlbumId, Album]:
        async with self._database.read() as session:
            rows = await session.fetch(_found(reader, ids))
            return {row.id: album_of(row) for row in rows}

    async def list_of_artists(
        self, reader: Reader, ids: Sequence[ArtistId], request: PageRequest
    ) -> Mapping[ArtistId, Page[Album]]:
        async with self._database.read() as session:
            rows = await session.fetch(_of_artists(reader, ids, request))
            return pages_of(ids, ((row._mapping[PARENT], album_of(row)) for row in rows), request)

    async def count_of_artists(self, reader: Reader, ids: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        async with self._database.read() as session:
            rows = await session.fetch(_counts(albums.c.artist_id, reader, ids))
            return {row.parent: row.number for row in rows}

    async def list_reissues(
        self, reader: Reader, ids: Sequence[AlbumId], request: PageRequest
    ) -> Mapping[AlbumId, Page[Album]]:
        async with self._database.read() as session:
            rows = await session.fetch(_reissues(reader, ids, request))
            return pages_of(ids, ((row._mapping[PARENT], album_of(row)) for row in rows), request)

    async def count_reissues(self, reader: Reader, ids: Sequence[AlbumId]) -> Mapping[AlbumId, int]:
        async with self._database.read() as session:
            rows = await session.fetch(_counts(albums.c.reissue_of, reader, ids))
            return {row.parent: row.number for row in rows}

    async def list_released(self, wanted: AlbumFilter, request: PageRequest) -> Page[Album]:
        async with self._database.read() as session:
            rows = await session.fetch(_released(wanted, request))
        return Page.cut([album_of(row) for row in rows], request)

    async def count_released(self, wanted: AlbumFilter) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_count_released(wanted)))


@per_shape
def _found(reader: Reader, ids: Sequence[AlbumId]) -> Select[Any]:
    return ALBUMS.where(among(albums.c.id, ids), album_seen_by(reader))


@per_shape
def _of_artists(reader: Reader, ids: Sequence[ArtistId], request: PageRequest) -> Select[Any]:
    falling, seen = request.ordering.descending, ALBUMS.where(album_seen_by(reader))
    return pages_of_parents(seen, albums.c.artist_id, ids, BY_RELEASE, request, descending=falling)


@per_shape
def _reissues(reader: Reader, ids: Sequence[AlbumId], request: PageRequest) -> Select[Any]:
    falling, seen = request.ordering.descending, ALBUMS.where(album_seen_by(reader))
    return pages_of_parents(seen, albums.c.reissue_of, ids, BY_RELEASE, request, descending=falling)


@per_shape
def _counts(parent: ColumnElement[Any], reader: Reader, ids: Sequence[Any]) -> Select[Any]:
    counted = select(parent.label("parent"), func.count().label("number"))
    return counted.where(among(parent, ids), album_seen_by(reader)).group_by(parent)


@per_shape
def _released(wanted: AlbumFilter, request: PageRequest) -> Select[Any]:
    listed = ALBUMS.where(out(), *_filtered(wanted))
    return page(listed, BY_RELEASE, request, descending=request.ordering.descending)


@per_shape
def _count_released(wanted: AlbumFilter) -> Select[Any]:
    return select(func.count()).select_from(albums).where(out(), *_filtered(wanted))


def may_upload(actor: Actor) -> ColumnElement[bool]:
    return may(actor, albums.c.artist_id, Permission.UPLOAD)


def _filtered(wanted: AlbumFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.type is not None:
        yield albums.c.type == wanted.type.value


def _new(album: Album, actor: Actor) -> Any:
    values = select(
        literal(album.id),
        artists.c.id,
        literal(album.title, String),
        literal(album.release_date, Date),
        literal(album.cover_url, String),
        literal(album.type.value, String),
        literal(album.is_draft, Boolean),
        literal(album.reissue_of, Uuid),
    ).where(artists.c.id == album.artist_id, may(actor, artists.c.id, Permission.UPLOAD))
    return insert(albums).from_select(NAMES, values).returning(*COLUMNS)


async def _require_original(
    session: WriteSession, album_id: AlbumId, artist_id: ArtistId, original: AlbumId | None
) -> None:
    """Reissues are one level deep, so that an original lists all of them: both are held, in one order, and
    two that would become each other's reissue come one after the other. Raises Refused (InvalidInput).
    """
    if original is None:
        return
    held = select(albums.c.id).where(among(albums.c.id, [album_id, original])).order_by(albums.c.id)
    await session.execute(held.with_for_update(key_share=True))
    has_some = select(func.count()).where(albums.c.reissue_of == album_id).scalar_subquery()
    fits = select(has_some == 0).where(
        albums.c.id == original,
        albums.c.id != album_id,
        albums.c.artist_id == artist_id,
        albums.c.reissue_of.is_(None),
    )
    if not (await session.execute(fits)).scalar():
        raise Refused(invalid(NO_ORIGINAL, "reissueOfId"))


async def _made(session: WriteSession, album_id: AlbumId) -> Album:
    row = (await session.execute(ALBUMS.where(albums.c.id == album_id))).first()
    if row is None:
        raise repeats.gone("album")
    return album_of(row)


def album_of(row: Row[Any]) -> Album:
    facts = {name: row._mapping[name] for name in NAMES}
    return Album(**{**facts, "type": known_or(row.type, AlbumType.ALBUM)})
