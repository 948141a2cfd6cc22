"""Playlists in PostgreSQL: what is seen of them, and who may change what (playlist_rights.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, delete, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.catalog.collecting import Entry, NewPlaylist, Playlist, PlaylistId, SharedPlaylist, Visibility
from subgraphs.catalog.models import blocks, playlist_collaborators, playlist_entries, playlists, tracks
from subgraphs.catalog.repository.playlist_rights import (
    playlist_changed_by,
    playlist_listed_for,
    playlist_seen_by,
)
from subgraphs.catalog.repository.postgres_tracks import TRACK_COLUMNS, track_of
from subgraphs.catalog.repository.records import as_it_is, differences, note
from subgraphs.catalog.repository.released import track_seen_by
from subgraphs.catalog.values import Actor, Change, ManagerId, Reader
from subgraphs.kit import repeats
from subgraphs.kit.enums import known_or
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest, pages_of
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import invalid

NAMES = tuple(Playlist.__dataclass_fields__)
COLUMNS = [playlists.c[name] for name in NAMES]
PLAYLISTS = select(*COLUMNS)
NEWEST = [playlists.c.created_at, playlists.c.id]
ENTRY = playlist_entries.c
COLLABORATOR = playlist_collaborators.c
MOST_PLAYLISTS = 1000
"""Of one owner."""
MOST_COLLABORATORS = 50
TOO_MANY = f"A playlist has at most {MOST_COLLABORATORS} collaborators."


class PostgresPlaylistRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewPlaylist, actor: Actor, attempt: Attempt | None) -> Playlist | None:
        row = {"id": new.id, "title": new.title, "description": new.description}
        owned = {**row, "owner_id": actor.user_id, "visibility": new.visibility.value}
        counted = select(func.count()).select_from(playlists).where(playlists.c.owner_id == actor.user_id)
        async with self._database.write() as session:
            made = await repeats.earlier(session, attempt, new.id)
            if made is not None:
                return await _made(session, PlaylistId(made))
            if int((await session.execute(counted)).scalar_one()) >= MOST_PLAYLISTS:
                await repeats.release(session, attempt)
                return None
            stored = (await session.execute(insert(playlists).values(owned).returning(*COLUMNS))).one()
            await note(session, actor, "create", "playlist", new.id, {"title": [None, new.title]})
        return playlist_of(stored)

    async def update(self, playlist_id: PlaylistId, change: Change, actor: Actor) -> Playlist | None:
        columns = dict(change.columns)
        mine = and_(playlists.c.id == playlist_id, playlists.c.owner_id == actor.user_id)
        statement = update(playlists).where(mine).values(columns or {"title": playlists.c.title})
        async with self._database.write() as session:
            before = (await session.execute(as_it_is(playlists, playlist_id))).first()
            row = (await session.execute(statement.returning(*COLUMNS))).first()
            if row is not None and before is not None:
                await note(session, actor, "update", "playlist", playlist_id, differences(before, columns))
        return None if row is None else playlist_of(row)

    async def remove(self, playlist_id: PlaylistId, actor: Actor) -> bool:
        mine = and_(playlists.c.id == playlist_id, playlists.c.owner_id == actor.user_id)
        async with self._database.write() as session:
            title = (
                await session.execute(delete(playlists).where(mine).returning(playlists.c.title))
            ).scalar()
            if title is not None:
                await note(session, actor, "delete", "playlist", playlist_id, {"title": [title, None]})
        return title is not None

    async def add_collaborator(self, playlist_id: PlaylistId, user: ManagerId, actor: Actor) -> bool:
        """False when it is not the actor's, or there is a block. Raises Refused (InvalidInput)."""
        mine = and_(playlists.c.id == playlist_id, playlists.c.owner_id == actor.user_id)
        counted = select(func.count()).where(COLLABORATOR.playlist_id == playlist_id)
        named = upsert(playlist_collaborators).values(playlist_id=playlist_id, user_id=user)
        async with self._database.write() as session:
            held = (await session.execute(select(playlists.c.id).where(mine).with_for_update())).first()
            if held is None or await _blocked(session, actor.user_id, user):
                return False
            if int((await session.execute(counted)).scalar_one()) >= MOST_COLLABORATORS:
                raise Refused(invalid(TOO_MANY, "userId"))
            await session.execute(named.on_conflict_do_nothing())
            await note(session, actor, "add_collaborator", "playlist", playlist_id, {"user_id": user})
        return True

    async def remove_collaborator(self, playlist_id: PlaylistId, user: ManagerId, actor: Actor) -> bool:
        """The owner anybody, a collaborator themselves."""
        mine = and_(playlists.c.id == playlist_id, playlists.c.owner_id == actor.user_id)
        allowed = or_(literal(user == actor.user_id), select(playlists.c.id).where(mine).exists())
        gone = delete(playlist_collaborators).where(
            COLLABORATOR.playlist_id == playlist_id, COLLABORATOR.user_id == user, allowed
        )
        async with self._database.write() as session:
            done = (await session.execute(gone.returning(COLLABORATOR.user_id))).first() is not None
            if done:
                await note(session, actor, "remove_collaborator", "playlist", playlist_id, {"user_id": user})
        return done

    async def find_by_ids(self, reader: Reader, ids: Sequence[PlaylistId]) -> Mapping[PlaylistId, Playlist]:
        async with self._database.read() as session:
            return {row.id: playlist_of(row) for row in await session.fetch(_found(reader, ids))}

    async def find_changeable(self, user: ManagerId, ids: Sequence[PlaylistId]) -> Mapping[PlaylistId, bool]:
        async with self._database.read() as session:
            found = {row.id for row in await session.fetch(_changeable(user, ids))}
        return {each: each in found for each in ids}

    async def list_of_owners(
        self, reader: Reader, ids: Sequence[ManagerId], request: PageRequest
    ) -> Mapping[ManagerId, Page[Playlist]]:
        async with self._database.read() as session:
            rows = await session.fetch(_of_owners(reader, ids, request))
            return pages_of(ids, ((row._mapping[PARENT], playlist_of(row)) for row in rows), request)

    async def count_of_owners(self, reader: Reader, ids: Sequence[ManagerId]) -> Mapping[ManagerId, int]:
        async with self._database.read() as session:
            return {row.parent: row.number for row in await session.fetch(_owned_counts(reader, ids))}

    async def list_shared(self, user: ManagerId, request: PageRequest) -> Page[SharedPlaylist]:
        async with self._database.read() as session:
            rows = await session.fetch(_shared(user, request))
        return Page.cut([SharedPlaylist(playlist_of(row), row.since) for row in rows], request)

    async def count_shared(self, user: ManagerId) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_shared_count(user)))

    async def list_collaborators(
        self, ids: Sequence[PlaylistId]
    ) -> Mapping[PlaylistId, tuple[ManagerId, ...]]:
        found: dict[PlaylistId, list[ManagerId]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.fetch(_collaborators(ids)):
                found[row.playlist_id].append(row.user_id)
        return {playlist: tuple(people) for playlist, people in found.items()}

    async def list_entries(
        self, reader: Reader, ids: Sequence[PlaylistId], request: PageRequest
    ) -> Mapping[PlaylistId, Page[Entry]]:
        async with self._database.read() as session:
            rows = await session.fetch(_entries(reader, ids, request))
            return pages_of(ids, ((row._mapping[PARENT], _entry(row)) for row in rows), request)

    async def count_entries(self, reader: Reader, ids: Sequence[PlaylistId]) -> Mapping[PlaylistId, int]:
        async with self._database.read() as session:
            return {row.parent: row.number for row in await session.fetch(_entry_counts(reader, ids))}


@per_shape
def _found(reader: Reader, ids: Sequence[PlaylistId]) -> Select[Any]:
    return PLAYLISTS.where(among(playlists.c.id, ids), playlist_seen_by(reader))


@per_shape
def _changeable(user: ManagerId, ids: Sequence[PlaylistId]) -> Select[Any]:
    return select(playlists.c.id).where(among(playlists.c.id, ids), playlist_changed_by(user))


@per_shape
def _of_owners(reader: Reader, ids: Sequence[ManagerId], request: PageRequest) -> Select[Any]:
    listed = PLAYLISTS.where(playlist_listed_for(reader))
    return pages_of_parents(listed, playlists.c.owner_id, ids, NEWEST, request, descending=True)


@per_shape
def _owned_counts(reader: Reader, ids: Sequence[ManagerId]) -> Select[Any]:
    counted = select(playlists.c.owner_id.label("parent"), func.count().label("number"))
    mine = counted.where(among(playlists.c.owner_id, ids), playlist_listed_for(reader))
    return mine.group_by(playlists.c.owner_id)


@per_shape
def _shared(user: ManagerId, request: PageRequest) -> Select[Any]:
    listed = select(*COLUMNS, COLLABORATOR.created_at.label("since")).join_from(
        playlist_collaborators, playlists
    )
    seen = listed.where(COLLABORATOR.user_id == user, playlist_changed_by(user))
    return page(seen, [COLLABORATOR.created_at, COLLABORATOR.playlist_id], request, descending=True)


@per_shape
def _shared_count(user: ManagerId) -> Select[Any]:
    counted = select(func.count()).join_from(playlist_collaborators, playlists)
    return counted.where(COLLABORATOR.user_id == user, playlist_changed_by(user))


@per_shape
def _collaborators(ids: Sequence[PlaylistId]) -> Select[Any]:
    listed = select(COLLABORATOR.playlist_id, COLLABORATOR.user_id)
    named = listed.where(among(COLLABORATOR.playlist_id, ids))
    return named.order_by(COLLABORATOR.created_at, COLLABORATOR.user_id)


@per_shape
def _entries(reader: Reader, ids: Sequence[PlaylistId], request: PageRequest) -> Select[Any]:
    facts = [ENTRY.id.label("entry_id"), ENTRY.place, ENTRY.added_by, ENTRY.created_at.label("since")]
    listed = select(*facts, *TRACK_COLUMNS).join_from(playlist_entries, tracks).where(track_seen_by(reader))
    columns, names = [ENTRY.place, ENTRY.id], ["place", "entry_id"]
    return pages_of_parents(listed, ENTRY.playlist_id, ids, columns, request, descending=False, order=names)


@per_shape
def _entry_counts(reader: Reader, ids: Sequence[PlaylistId]) -> Select[Any]:
    counted = select(ENTRY.playlist_id.label("parent"), func.count().label("number"))
    seen = counted.join_from(playlist_entries, tracks).where(track_seen_by(reader))
    return seen.where(among(ENTRY.playlist_id, ids)).group_by(ENTRY.playlist_id)


async def _blocked(session: WriteSession, one: ManagerId, other: ManagerId) -> bool:
    pair = blocks.c
    mine = and_(pair.blocker_id == one, pair.blocked_id == other)
    theirs = and_(pair.blocker_id == other, pair.blocked_id == one)
    return (await session.execute(select(pair.blocker_id).where(or_(mine, theirs)))).first() is not None


async def _made(session: WriteSession, playlist_id: PlaylistId) -> Playlist:
    row = (await session.execute(PLAYLISTS.where(playlists.c.id == playlist_id))).first()
    if row is None:
        raise repeats.gone("playlist")
    return playlist_of(row)


def playlist_of(row: Row[Any]) -> Playlist:
    facts = {name: row._mapping[name] for name in NAMES}
    return Playlist(**{**facts, "visibility": known_or(row.visibility, Visibility.PRIVATE)})


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.entry_id, track_of(row), row.place, row.added_by, row.since)
