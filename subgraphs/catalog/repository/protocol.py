"""What the service asks of a store. Methods that take many keys answer with one statement; a write that needs
a permission carries it in its statement, and does nothing without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from subgraphs.catalog.values import (
    Actor,
    Album,
    AlbumFilter,
    AlbumId,
    Artist,
    ArtistFilter,
    ArtistId,
    ArtistOrder,
    Change,
    Credit,
    Genre,
    GenreId,
    Listed,
    Managed,
    Manager,
    ManagerId,
    NewArtist,
    NewTrack,
    Permission,
    Track,
    TrackChange,
    TrackFilter,
    TrackId,
)
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt


class ArtistRepository(Protocol):
    async def add(self, artist: NewArtist, manager: ManagerId, attempt: Attempt | None) -> Artist:
        """An artist and its first manager, who may do everything, together."""
        ...

    async def find_by_ids(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, Artist]: ...

    async def list_artists(
        self, order: ArtistOrder, wanted: ArtistFilter, page: PageRequest
    ) -> Page[Artist]: ...

    async def count_artists(self, wanted: ArtistFilter) -> int: ...

    async def update(self, artist_id: ArtistId, change: Change, actor: Actor) -> Artist | None:
        """None when there is no such artist, or the actor may not edit its profile."""
        ...


class ManagerRepository(Protocol):
    async def list_managers(
        self, artists: Sequence[ArtistId], page: PageRequest
    ) -> Mapping[ArtistId, Page[Manager]]:
        """Longest-serving first."""
        ...

    async def count_managers(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]: ...

    async def list_managed(
        self, managers: Sequence[ManagerId], page: PageRequest
    ) -> Mapping[ManagerId, Page[Managed]]:
        """Longest-managed first."""
        ...

    async def count_managed(self, managers: Sequence[ManagerId]) -> Mapping[ManagerId, int]: ...

    async def list_invitations(self, user: ManagerId) -> tuple[Managed, ...]:
        """Oldest first; at most 100."""
        ...

    async def find_permissions(
        self, user: ManagerId, artists: Sequence[ArtistId]
    ) -> Mapping[ArtistId, frozenset[Permission]]: ...

    async def invite(
        self, artist_id: ArtistId, user: ManagerId, permissions: frozenset[Permission], actor: Actor
    ) -> bool:
        """Invite somebody, or change an invitation. False when the actor may not do everything for the
        artist, or there is none.
        """
        ...

    async def accept(self, artist_id: ArtistId, user: ManagerId) -> bool:
        """An invitation becomes an office. False when there is none."""
        ...

    async def decline(self, artist_id: ArtistId, user: ManagerId) -> bool: ...

    async def change(
        self, artist_id: ArtistId, user: ManagerId, permissions: frozenset[Permission], actor: Actor
    ) -> bool:
        """False when the actor may not, there is no such manager, or nobody with ALL would be left."""
        ...

    async def remove(self, artist_id: ArtistId, user: ManagerId, actor: Actor) -> bool:
        """Anybody may leave. False when the actor may not, there is no such manager, or nobody with ALL
        would be left.
        """
        ...


class MusicRepository(Protocol):
    async def add_album(self, album: Album, actor: Actor, attempt: Attempt | None) -> Album | None:
        """None when there is no such artist, or the actor may not upload for it."""
        ...

    async def update_album(self, album_id: AlbumId, change: Change, actor: Actor) -> Album | None: ...

    async def remove_album(self, album_id: AlbumId, actor: Actor) -> bool:
        """With its tracks."""
        ...

    async def add_track(self, track: NewTrack, actor: Actor, attempt: Attempt | None) -> Track | None:
        """None when there is no such album, or the actor may not upload for its artist. Raises Refused
        (TrackNumberTaken; NotFound for an artist or a genre).
        """
        ...

    async def update_track(self, track_id: TrackId, change: TrackChange, actor: Actor) -> Track | None: ...

    async def remove_track(self, track_id: TrackId, actor: Actor) -> bool: ...

    async def find_albums(self, ids: Sequence[AlbumId]) -> Mapping[AlbumId, Album]: ...

    async def list_albums(
        self, artists: Sequence[ArtistId], page: PageRequest
    ) -> Mapping[ArtistId, Page[Album]]: ...

    async def count_albums(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]: ...

    async def list_all_albums(self, wanted: AlbumFilter, page: PageRequest) -> Page[Album]: ...

    async def count_all_albums(self, wanted: AlbumFilter) -> int: ...

    async def find_tracks(self, ids: Sequence[TrackId]) -> Mapping[TrackId, Track]: ...

    async def list_tracks(self, albums: Sequence[AlbumId]) -> Mapping[AlbumId, tuple[Track, ...]]:
        """In album order; albums without tracks are left out."""
        ...

    async def list_all_tracks(self, wanted: TrackFilter, page: PageRequest) -> Page[Listed]:
        """By when they were added."""
        ...

    async def count_all_tracks(self, wanted: TrackFilter) -> int: ...

    async def list_by_artists(
        self, artists: Sequence[ArtistId], *, as_guest: bool, request: PageRequest
    ) -> Mapping[ArtistId, Page[Listed]]:
        """Their own tracks, or those of others they appear on; latest added first."""
        ...

    async def count_by_artists(
        self, artists: Sequence[ArtistId], *, as_guest: bool
    ) -> Mapping[ArtistId, int]: ...

    async def list_by_genres(
        self, genres: Sequence[GenreId], page: PageRequest
    ) -> Mapping[GenreId, Page[Listed]]:
        """Latest added first."""
        ...

    async def count_by_genres(self, genres: Sequence[GenreId]) -> Mapping[GenreId, int]: ...

    async def list_credits(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Credit, ...]]:
        """In display order."""
        ...


class GenreRepository(Protocol):
    async def find_by_ids(self, ids: Sequence[GenreId]) -> Mapping[GenreId, Genre]: ...

    async def list_all(self) -> tuple[Genre, ...]:
        """All of them, by name: a short list that editors keep."""
        ...

    async def list_of_tracks(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Genre, ...]]:
        """By name."""
        ...

    async def add(self, name: str) -> Genre | None:
        """None when there is one of that name."""
        ...

    async def rename(self, genre_id: GenreId, name: str) -> Genre | None:
        """None when there is no such genre. Raises Refused (Conflict) when another has the name."""
        ...

    async def remove(self, genre_id: GenreId) -> bool: ...
