"""Playlists: their owner names collaborators, who change what is on them and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from subgraphs.catalog.collecting import (
    EntryId,
    NewEntry,
    NewPlaylist,
    Playlist,
    PlaylistId,
    Visibility,
    Where,
)
from subgraphs.catalog.repository.postgres_entries import PostgresEntryRepository
from subgraphs.catalog.repository.postgres_playlists import (
    MOST_PLAYLISTS,
    PostgresPlaylistRepository,
)
from subgraphs.catalog.values import Actor, Change, ManagerId
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks

DESCRIPTION_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Playlists:
    stored: PostgresPlaylistRepository
    entries: PostgresEntryRepository

    async def create(
        self, actor: Actor, columns: Mapping[str, Any], checks: Checks, attempt: Attempt | None
    ) -> Playlist:
        """Raises Refused (InvalidInput, Conflict)."""
        kept = _checked(checks, columns)
        checks.done()
        made = await self.stored.add(NewPlaylist(PlaylistId(uuid4()), **kept), actor, attempt)
        if made is None:
            raise Refused(invalid(f"You have {MOST_PLAYLISTS} playlists: delete one first."))
        return made

    async def update(
        self, actor: Actor, playlist_id: PlaylistId, columns: Mapping[str, Any], checks: Checks
    ) -> Playlist:
        """Raises Refused (InvalidInput, NotFound), Forbidden."""
        kept = _checked(checks, columns)
        checks.done()
        if isinstance(visibility := kept.get("visibility"), Visibility):
            kept["visibility"] = visibility.value
        playlist = await self.stored.update(playlist_id, Change(kept), actor)
        if playlist is None:
            raise await self._why_not(actor, playlist_id)
        return playlist

    async def remove(self, actor: Actor, playlist_id: PlaylistId, checks: Checks) -> PlaylistId:
        """Raises Refused (NotFound), Forbidden."""
        checks.done()
        if not await self.stored.remove(playlist_id, actor):
            raise await self._why_not(actor, playlist_id)
        return playlist_id

    async def add_track(
        self, actor: Actor, new: NewEntry, checks: Checks, attempt: Attempt | None
    ) -> Playlist:
        """Its id is chosen here. Raises Refused (InvalidInput, NotFound, Conflict), Forbidden."""
        checks.done()
        entry = NewEntry(EntryId(uuid4()), new.playlist_id, new.track_id, new.where)
        return await self._answer(await self.entries.add(entry, actor, attempt), actor, new.playlist_id)

    async def move_track(
        self, actor: Actor, playlist_id: PlaylistId, entry: EntryId, where: Where, checks: Checks
    ) -> Playlist:
        """Raises Refused (NotFound), Forbidden."""
        checks.done()
        return await self._answer(
            await self.entries.move(playlist_id, entry, where, actor), actor, playlist_id
        )

    async def remove_track(
        self, actor: Actor, playlist_id: PlaylistId, entry: EntryId, checks: Checks
    ) -> Playlist:
        """Raises Refused (NotFound), Forbidden."""
        checks.done()
        return await self._answer(await self.entries.remove(playlist_id, entry, actor), actor, playlist_id)

    async def add_collaborator(
        self, actor: Actor, playlist_id: PlaylistId, user: ManagerId, checks: Checks
    ) -> Playlist:
        """Raises Refused (InvalidInput, NotFound), Forbidden."""
        checks.require(user != actor.user_id, "userId", "It is yours already.")
        checks.done()
        done = await self.stored.add_collaborator(playlist_id, user, actor)
        if not done and await self._is_owner(actor, playlist_id):
            raise Refused(not_found("user", "userId"))
        return await self._answer(done, actor, playlist_id)

    async def remove_collaborator(
        self, actor: Actor, playlist_id: PlaylistId, user: ManagerId, checks: Checks
    ) -> PlaylistId:
        """Doing it twice is doing it once. Raises Refused (NotFound), Forbidden."""
        checks.done()
        done = await self.stored.remove_collaborator(playlist_id, user, actor)
        if not done and not await self._is_owner(actor, playlist_id):
            raise await self._why_not(actor, playlist_id)
        return playlist_id

    async def _answer(self, done: bool, actor: Actor, playlist_id: PlaylistId) -> Playlist:
        found = (await self.stored.find_by_ids(actor.as_reader, [playlist_id])).get(playlist_id)
        if not done or found is None:
            raise _refusal(found)
        return found

    async def _is_owner(self, actor: Actor, playlist_id: PlaylistId) -> bool:
        found = (await self.stored.find_by_ids(actor.as_reader, [playlist_id])).get(playlist_id)
        return found is not None and found.owner_id == actor.user_id

    async def _why_not(self, actor: Actor, playlist_id: PlaylistId) -> Exception:
        return _refusal((await self.stored.find_by_ids(actor.as_reader, [playlist_id])).get(playlist_id))


def _refusal(playlist: Playlist | None) -> Exception:
    """Why a write did nothing: what one does not see does not exist, what one sees is not theirs."""
    if playlist is None:
        return Refused(not_found("playlist", "playlistId"))
    return Forbidden("This is the playlist of somebody else.")


def _checked(checks: Checks, columns: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(columns)
    if "title" in columns:
        kept["title"] = checks.line(columns["title"], "title", "The title", least=1, most=100)
    if "description" in columns:
        text = columns["description"]
        kept["description"] = checks.prose(text, "description", "The text", most=DESCRIPTION_CHARACTERS)
    return kept
