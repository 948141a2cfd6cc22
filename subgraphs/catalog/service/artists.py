"""Artists: public pages, apart from the people who manage them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from subgraphs.catalog.errors import NotYourArtist
from subgraphs.catalog.repository.protocol import ArtistRepository
from subgraphs.catalog.values import (
    Actor,
    Artist,
    ArtistFilter,
    ArtistId,
    ArtistOrder,
    Change,
    NewArtist,
    Permission,
)
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks

BIO_CHARACTERS = 5000


@dataclass(frozen=True, slots=True)
class Artists:
    artists: ArtistRepository

    async def find_by_ids(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, Artist]:
        return await self.artists.find_by_ids(ids)

    async def list_artists(self, order: ArtistOrder, wanted: ArtistFilter, page: PageRequest) -> Page[Artist]:
        return await self.artists.list_artists(order, wanted, page)

    async def count_artists(self, wanted: ArtistFilter) -> int:
        return await self.artists.count_artists(wanted)

    async def create(
        self, actor: Actor, columns: Mapping[str, Any], checks: Checks, attempt: Attempt | None = None
    ) -> Artist:
        """The actor becomes the artist's first manager, with every permission. Raises Refused
        (InvalidInput, Conflict).
        """
        kept = _checked(checks, columns)
        checks.done()
        new = NewArtist(ArtistId(uuid4()), **kept)
        return await self.artists.add(new, actor, attempt)

    async def update(
        self, actor: Actor, artist_id: ArtistId, columns: Mapping[str, Any], checks: Checks
    ) -> Artist:
        """Raises Refused (InvalidInput, NotFound), NotYourArtist."""
        change = Change(_checked(checks, columns))
        checks.done()
        artist = await self.artists.update(artist_id, change, actor)
        if artist is None:
            raise await self.why_not(artist_id, Permission.EDIT_PROFILE)
        return artist

    async def why_not(self, artist_id: ArtistId, needed: Permission) -> Exception:
        """Why a write of the artist did nothing: there is none, or the permission is missing."""
        if artist_id in await self.find_by_ids([artist_id]):
            return NotYourArtist(needed)
        return Refused(not_found("artist", "artistId"))


def _checked(checks: Checks, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as they are stored."""
    kept = dict(columns)
    if "name" in columns:
        kept["name"] = checks.line(columns["name"], "name", "The name", least=1, most=100)
    if "bio" in columns:
        kept["bio"] = checks.prose(columns["bio"], "bio", "The bio", most=BIO_CHARACTERS)
    if "avatar_url" in columns:
        kept["avatar_url"] = checks.web_address(columns["avatar_url"], "avatarUrl", "The avatar's address")
    return kept
