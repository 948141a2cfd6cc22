"""What the service asks of a store. Methods that take many keys answer with one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from subgraphs.catalog.values import (
    Album,
    AlbumId,
    Artist,
    ArtistChange,
    ArtistId,
    Credit,
    Genre,
    GenreId,
    Manager,
    ManagerId,
    Track,
    TrackId,
)
from subgraphs.kit.pages import Page, PageRequest


class ArtistRepository(Protocol):
    async def add(self, artist: Artist, manager: Manager) -> Artist:
        """An artist and its first manager, together."""
        ...

    async def find_by_ids(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, Artist]: ...

    async def list_by_name(self, page: PageRequest) -> Page[Artist]: ...

    async def list_managed(
        self, managers: Sequence[ManagerId], page: PageRequest
    ) -> Mapping[ManagerId, Page[Artist]]: ...

    async def list_managers(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, tuple[Manager, ...]]:
        """Longest-serving first; artists without managers are left out."""
        ...

    async def update(self, artist_id: ArtistId, change: ArtistChange) -> Artist | None: ...


class MusicRepository(Protocol):
    async def add_album(self, album: Album) -> Album:
        """The artist exists."""
        ...

    async def add_track(self, track: Track, credits: Sequence[Credit], genres: Sequence[str]) -> Track:
        """The album and the artists exist; genres are made when they are new."""
        ...

    async def find_albums(self, ids: Sequence[AlbumId]) -> Mapping[AlbumId, Album]: ...

    async def list_albums(
        self, artists: Sequence[ArtistId], page: PageRequest
    ) -> Mapping[ArtistId, Page[Album]]: ...

    async def find_tracks(self, ids: Sequence[TrackId]) -> Mapping[TrackId, Track]: ...

    async def list_tracks(self, albums: Sequence[AlbumId]) -> Mapping[AlbumId, tuple[Track, ...]]:
        """In album order; albums without tracks are left out."""
        ...

    async def list_credits(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Credit, ...]]:
        """In display order."""
        ...

    async def list_track_genres(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Genre, ...]]:
        """By name."""
        ...

    async def find_genres(self, ids: Sequence[GenreId]) -> Mapping[GenreId, Genre]: ...

    async def list_genres(self) -> tuple[Genre, ...]:
        """All of them, by name: a short list that editors keep."""
        ...
