"""The order of playlists in PostgreSQL. Whoever changes it holds the playlist's row, so that places are
chosen one after the other and the order is always total; readers wait for nobody.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, select, text, update

from db.postgres import Database, WriteSession
from subgraphs.catalog.collecting import EntryId, NewEntry, PlaylistId, Where
from subgraphs.catalog.models import playlist_entries, playlists, tracks
from subgraphs.catalog.repository.places import MIDDLE, STEP, between
from subgraphs.catalog.repository.playlist_rights import playlist_changed_by
from subgraphs.catalog.repository.records import note
from subgraphs.catalog.repository.released import track_seen_by
from subgraphs.catalog.values import Actor
from subgraphs.kit import repeats
from subgraphs.kit.errors import Refused
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import invalid, not_found

ENTRY = playlist_entries.c
MOST_ENTRIES = 10_000
RENUMBER = text(f"""UPDATE playlist_entries AS e
    SET place = lpad(to_hex(CAST({MIDDLE} AS bigint) + n.nth * CAST({STEP} AS bigint)), 16, '0')
    FROM (SELECT id, row_number() OVER (ORDER BY place, id) AS nth
        FROM playlist_entries WHERE playlist_id = :playlist) AS n
    WHERE e.id = n.id""")  # noqa: S608


class PostgresEntryRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewEntry, actor: Actor, attempt: Attempt | None) -> bool:
        """False when the actor may not change it. Raises Refused (NotFound, InvalidInput)."""
        async with self._database.write() as session:
            if not await _held(session, new.playlist_id, actor):
                return False
            if await repeats.earlier(session, attempt, new.id) is not None:
                return True
            await _require_room(session, new, actor)
            place = await _place(session, new.playlist_id, new.where, new.id)
            row = {"id": new.id, "playlist_id": new.playlist_id, "track_id": new.track_id}
            added = insert(playlist_entries).values(**row, place=place, added_by=actor.user_id)
            await session.execute(added)
            await note(session, actor, "add_track", "playlist", new.playlist_id, {"track_id": new.track_id})
        return True

    async def move(self, playlist_id: PlaylistId, entry: EntryId, where: Where, actor: Actor) -> bool:
        """False when the actor may not change it. Raises Refused (NotFound)."""
        async with self._database.write() as session:
            if not await _held(session, playlist_id, actor):
                return False
            if (await session.execute(_one(playlist_id, entry))).first() is None:
                raise Refused(not_found("entry", "entryId"))
            if where.after != entry:
                place = await _place(session, playlist_id, where, entry)
                moved = update(playlist_entries).where(ENTRY.id == entry).values(place=place)
                await session.execute(moved)
                await note(session, actor, "move_track", "playlist", playlist_id, {"entry_id": entry})
        return True

    async def remove(self, playlist_id: PlaylistId, entry: EntryId, actor: Actor) -> bool:
        """False when the actor may not change it; an entry that is not there is gone already."""
        gone = delete(playlist_entries).where(ENTRY.playlist_id == playlist_id, ENTRY.id == entry)
        async with self._database.write() as session:
            if not await _held(session, playlist_id, actor):
                return False
            track = (await session.execute(gone.returning(ENTRY.track_id))).scalar()
            if track is not None:
                await note(session, actor, "remove_track", "playlist", playlist_id, {"track_id": track})
        return True


async def _held(session: WriteSession, playlist_id: PlaylistId, actor: Actor) -> bool:
    ours = and_(playlists.c.id == playlist_id, playlist_changed_by(actor.user_id))
    return (await session.execute(select(playlists.c.id).where(ours).with_for_update())).first() is not None


async def _require_room(session: WriteSession, new: NewEntry, actor: Actor) -> None:
    seen = select(tracks.c.id).where(tracks.c.id == new.track_id, track_seen_by(actor.as_reader))
    if (await session.execute(seen)).first() is None:
        raise Refused(not_found("track", "trackId"))
    counted = select(func.count()).where(ENTRY.playlist_id == new.playlist_id)
    if int((await session.execute(counted)).scalar_one()) >= MOST_ENTRIES:
        raise Refused(invalid(f"A playlist has at most {MOST_ENTRIES} tracks.", "playlistId"))


async def _place(session: WriteSession, playlist_id: PlaylistId, where: Where, entry: EntryId) -> str:
    """A free place where `entry` is to be; it is not its own neighbour. O(log n), O(n) where there is no
    room left.
    """
    place = between(*await _neighbours(session, playlist_id, where, entry))
    if place is None:
        await session.execute(RENUMBER, {"playlist": playlist_id})
        place = between(*await _neighbours(session, playlist_id, where, entry))
    assert place is not None, "there is room between the numbers of a playlist that was numbered anew"
    return place


async def _neighbours(
    session: WriteSession, playlist_id: PlaylistId, where: Where, entry: EntryId
) -> tuple[str | None, str | None]:
    others = select(ENTRY.place).where(ENTRY.playlist_id == playlist_id, ENTRY.id != entry)
    if where.is_end:
        last = await session.execute(others.order_by(ENTRY.place.desc()).limit(1))
        return last.scalar(), None
    before: str | None = None
    if where.after is not None:
        found = (await session.execute(_one(playlist_id, where.after))).first()
        if found is None:
            raise Refused(not_found("entry", "afterEntryId"))
        before = found.place
        others = others.where(ENTRY.place > before)
    following = (await session.execute(others.order_by(ENTRY.place).limit(1))).scalar()
    return before, following


def _one(playlist_id: PlaylistId, entry: EntryId) -> Select[Any]:
    return select(ENTRY.place).where(ENTRY.playlist_id == playlist_id, ENTRY.id == entry)
