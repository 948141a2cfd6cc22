"""Albums, changed by managers who may upload.

    DRAFT ──publish──► SCHEDULED ──the day comes──► RELEASED        (no day ahead: at once)
      ▲                    │                           │
      └──── isDraft: true ─┴───────────────────────────┘

Drafts and what is announced for a later day are for the artist's managers alone (repository/released.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from subgraphs.catalog.errors import NotYourArtist
from subgraphs.catalog.repository.protocol import AlbumRepository
from subgraphs.catalog.service.artists import Artists
from subgraphs.catalog.values import Actor, Album, AlbumId, AlbumType, Change, Permission
from subgraphs.kit.errors import Refused
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks


@dataclass(frozen=True, slots=True)
class Albums:
    stored: AlbumRepository
    artists: Artists

    async def create(
        self, actor: Actor, album: Album, checks: Checks, attempt: Attempt | None = None
    ) -> Album:
        """Its id is chosen here. Raises Refused (InvalidInput, NotFound, Conflict), NotYourArtist."""
        kept = _checked(checks, {"title": album.title, "cover_url": album.cover_url})
        checks.done()
        new = replace(album, id=AlbumId(uuid4()), **kept)
        made = await self.stored.add(new, actor, attempt)
        if made is None:
            raise await self.artists.why_not(album.artist_id, Permission.UPLOAD)
        return made

    async def update(
        self, actor: Actor, album_id: AlbumId, columns: Mapping[str, Any], checks: Checks
    ) -> Album:
        """Raises Refused (InvalidInput, NotFound), NotYourArtist."""
        kept = _checked(checks, columns)
        checks.done()
        if isinstance(kind := kept.get("type"), AlbumType):
            kept["type"] = kind.value
        album = await self.stored.update(album_id, Change(kept), actor)
        if album is None:
            raise await self.why_not(actor, album_id)
        return album

    async def remove(self, actor: Actor, album_id: AlbumId, checks: Checks) -> AlbumId:
        """With its tracks. Raises Refused (NotFound), NotYourArtist."""
        checks.done()
        if not await self.stored.remove(album_id, actor):
            raise await self.why_not(actor, album_id)
        return album_id

    async def why_not(self, actor: Actor, album_id: AlbumId) -> Exception:
        """Why a write of the album did nothing: the permission is missing, or there is none to see."""
        if album_id in await self.stored.find_by_ids(actor.as_reader, [album_id]):
            return NotYourArtist(Permission.UPLOAD)
        return Refused(not_found("album", "albumId"))


def _checked(checks: Checks, columns: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(columns)
    if "title" in columns:
        kept["title"] = checks.line(columns["title"], "title", "The title", least=1, most=150)
    if "cover_url" in columns:
        kept["cover_url"] = checks.web_address(columns["cover_url"], "coverUrl", "The cover's address")
    return kept
