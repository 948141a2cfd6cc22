"""What the catalog does: show music to everyone, and let an artist's managers change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from subgraphs.catalog.errors import NotYourArtist
from subgraphs.catalog.repository.protocol import ArtistRepository, MusicRepository
from subgraphs.catalog.values import (
    Album,
    AlbumId,
    AlbumType,
    Artist,
    ArtistChange,
    ArtistId,
    Credit,
    Genre,
    GenreId,
    Manager,
    ManagerId,
    Permission,
    Track,
    TrackId,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import NotFound
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.validation import Checks

BIO_CHARACTERS = 5000


@dataclass(frozen=True, slots=True)
class Artists:
    artists: ArtistRepository

    async def find_by_ids(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, Artist]:
        return await self.artists.find_by_ids(ids)

    async def list_by_name(self, page: PageRequest) -> Page[Artist]:
        return await self.artists.list_by_name(page)

    async def list_managed(
        self, managers: Sequence[ManagerId], page: PageRequest
    ) -> Mapping[ManagerId, Page[Artist]]:
        return await self.artists.list_managed(managers, page)

    async def list_managers(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, tuple[Manager, ...]]:
        return await self.artists.list_managers(ids)

    async def create(self, viewer: Viewer, *, name: str, bio: str | None, avatar_url: str | None) -> Artist:
        """The viewer becomes the artist's first manager, with every permission. Raises BadUserInput."""
        _check_profile({"name": name, "bio": bio, "avatar_url": avatar_url})
        artist = Artist(ArtistId(uuid4()), name.strip(), bio, avatar_url)
        return await self.artists.add(artist, Manager(ManagerId(viewer.id), frozenset({Permission.ALL})))

    async def update_profile(
        self, viewer: Viewer, artist_id: ArtistId, columns: dict[str, str | None]
    ) -> Artist:
        """Raises BadUserInput, NotFound, NotYourArtist."""
        await self.require(viewer, artist_id, Permission.EDIT_PROFILE)
        _check_profile(columns)
        artist = await self.artists.update(artist_id, ArtistChange(columns))
        if artist is None:
            raise NotFound("artist", artist_id)
        return artist

    async def require(self, viewer: Viewer, artist_id: ArtistId, permission: Permission) -> None:
        """Administrators may do everything. Raises NotFound, NotYourArtist."""
        if artist_id not in await self.artists.find_by_ids([artist_id]):
            raise NotFound("artist", artist_id)
        managers = (await self.artists.list_managers([artist_id])).get(artist_id, ())
        allowed = any(manager.user_id == viewer.id and manager.may(permission) for manager in managers)
        if not (allowed or viewer.is_admin):
            raise NotYourArtist(permission)


@dataclass(frozen=True, slots=True)
class Music:
    music: MusicRepository
    artists: Artists

    async def find_albums(self, ids: Sequence[AlbumId]) -> Mapping[AlbumId, Album]:
        return await self.music.find_albums(ids)

    async def list_albums(
        self, artists: Sequence[ArtistId], page: PageRequest
    ) -> Mapping[ArtistId, Page[Album]]:
        return await self.music.list_albums(artists, page)

    async def find_tracks(self, ids: Sequence[TrackId]) -> Mapping[TrackId, Track]:
        return await self.music.find_tracks(ids)

    async def list_tracks(self, albums: Sequence[AlbumId]) -> Mapping[AlbumId, tuple[Track, ...]]:
        return await self.music.list_tracks(albums)

    async def list_credits(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Credit, ...]]:
        return await self.music.list_credits(tracks)

    async def list_track_genres(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Genre, ...]]:
        return await self.music.list_track_genres(tracks)

    async def find_genres(self, ids: Sequence[GenreId]) -> Mapping[GenreId, Genre]:
        return await self.music.find_genres(ids)

    async def list_genres(self) -> tuple[Genre, ...]:
        return await self.music.list_genres()

    async def create_album(
        self,
        viewer: Viewer,
        artist_id: ArtistId,
        *,
        title: str,
        release_date: date,
        cover_url: str,
        type: AlbumType,
    ) -> Album:
        """Raises BadUserInput, NotFound, NotYourArtist."""
        await self.artists.require(viewer, artist_id, Permission.UPLOAD)
        checks = Checks()
        checks.text(title, "title", "The title", least=1, most=150)
        checks.web_address(cover_url, "coverUrl", "The cover's address")
        checks.done()
        album = Album(AlbumId(uuid4()), artist_id, title.strip(), release_date, cover_url, type)
        return await self.music.add_album(album)


def _check_profile(columns: Mapping[str, str | None]) -> None:
    checks = Checks()
    if "name" in columns:
        checks.text(columns["name"] or "", "name", "The name", least=1, most=100)
    checks.text(columns.get("bio"), "bio", "The bio", most=BIO_CHARACTERS)
    checks.web_address(columns.get("avatar_url"), "avatarUrl", "The avatar's address")
    checks.done()
