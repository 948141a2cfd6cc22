"""Genres in PostgreSQL: a short list that editors keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.postgres import Database
from db.statements import per_shape
from subgraphs.catalog.models import genres, track_genres
from subgraphs.catalog.repository.records import as_it_is, note
from subgraphs.catalog.values import Actor, Genre, GenreId, TrackId
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import conflict

GENRES = select(genres.c.id, genres.c.name)
BY_NAME = [genres.c.name_sort, genres.c.name]


class PostgresGenreRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_ids(self, ids: Sequence[GenreId]) -> Mapping[GenreId, Genre]:
        async with self._database.read() as session:
            rows = await session.fetch(_found(ids))
            return {row.id: Genre(row.id, row.name) for row in rows}

    async def list_all(self) -> tuple[Genre, ...]:
        async with self._database.read() as session:
            rows = await session.fetch(_all())
            return tuple(Genre(row.id, row.name) for row in rows)

    async def list_of_tracks(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Genre, ...]]:
        found: dict[TrackId, list[Genre]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.fetch(_of_tracks(tracks)):
                found[row.track_id].append(Genre(row.id, row.name))
        return {track_id: tuple(listed) for track_id, listed in found.items()}

    async def add(self, name: str, actor: Actor) -> Genre | None:
        new = upsert(genres).values(name=name).on_conflict_do_nothing()
        async with self._database.write() as session:
            row = (await session.execute(new.returning(genres.c.id))).first()
            if row is not None:
                await note(session, actor, "create", "genre", row.id, {"name": [None, name]})
        return None if row is None else Genre(row.id, name)

    async def rename(self, genre_id: GenreId, name: str, actor: Actor) -> Genre | None:
        renamed = update(genres).where(genres.c.id == genre_id).values(name=name)
        try:
            async with self._database.write() as session:
                before = (await session.execute(as_it_is(genres, genre_id))).first()
                row = (await session.execute(renamed.returning(genres.c.id))).first()
                if before is not None:
                    await note(session, actor, "update", "genre", genre_id, {"name": [before.name, name]})
        except IntegrityError as error:
            raise Refused(conflict("There is a genre of that name already.", "name")) from error
        return None if row is None else Genre(row.id, name)

    async def remove(self, genre_id: GenreId, actor: Actor) -> bool:
        gone = delete(genres).where(genres.c.id == genre_id).returning(genres.c.name)
        async with self._database.write() as session:
            name = (await session.execute(gone)).scalar()
            if name is not None:
                await note(session, actor, "delete", "genre", genre_id, {"name": [name, None]})
        return name is not None


@per_shape
def _found(ids: Sequence[GenreId]) -> Select[Any]:
    return GENRES.where(among(genres.c.id, ids))


@per_shape
def _all() -> Select[Any]:
    return GENRES.order_by(*BY_NAME)


@per_shape
def _of_tracks(tracks: Sequence[TrackId]) -> Select[Any]:
    return (
        select(track_genres.c.track_id, genres.c.id, genres.c.name)
        .join_from(track_genres, genres)
        .where(among(track_genres.c.track_id, tracks))
        .order_by(*BY_NAME)
    )
