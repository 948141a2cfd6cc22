"""What somebody saved: theirs alone."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.catalog.repository.postgres_library import PostgresLibraryRepository
from subgraphs.catalog.values import Actor, AlbumId, TrackId
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks


@dataclass(frozen=True, slots=True)
class Library:
    stored: PostgresLibraryRepository

    async def save_track(self, actor: Actor, track_id: TrackId, checks: Checks) -> None:
        """Raises Refused (NotFound)."""
        checks.done()
        if not await self.stored.save_track(track_id, actor):
            raise Refused(not_found("track", "trackId"))

    async def save_album(self, actor: Actor, album_id: AlbumId, checks: Checks) -> None:
        """Raises Refused (NotFound)."""
        checks.done()
        if not await self.stored.save_album(album_id, actor):
            raise Refused(not_found("album", "albumId"))

    async def unsave_track(self, actor: Actor, track_id: TrackId, checks: Checks) -> None:
        checks.done()
        await self.stored.unsave_track(track_id, actor)

    async def unsave_album(self, actor: Actor, album_id: AlbumId, checks: Checks) -> None:
        checks.done()
        await self.stored.unsave_album(album_id, actor)
