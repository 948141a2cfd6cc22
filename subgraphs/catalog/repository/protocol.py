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
    Reader,
    Track,
    TrackChange,
    TrackFilter,
    TrackId,
)
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt


class ArtistRepository(Protocol):
    async def add(self, artist: NewArtist, actor: Actor, attempt: Attempt | None) -> Artist:
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

    async def accept(self, artist_id: ArtistId, actor: Actor) -> bool:
        """An invitation becomes an office. False when there is none."""
        ...

    async def decline(self, artist_id: ArtistId, actor: Actor) -> bool: ...

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


class AlbumRepository(Protocol):
    """A reader sees what is out, and what they manage."""

    async def add(self, album: Album, actor: Actor, attempt: Attempt | None) -> Album | None:
        """None when there is no such artist, or the actor may not upload for it. Raises Refused
        (InvalidInput) for a reissue of what is no original.
        """
        ...

    async def update(self, album_id: AlbumId, change: Change, actor: Actor) -> Album | None: ...

    async def remove(self, album_id: AlbumId, actor: Actor) -> bool:
        """With its tracks."""
        ...

    async def find_by_ids(self, reader: Reader, ids: Sequence[AlbumId]) -> Mapping[AlbumId, Album]: ...

    async def list_of_artists(
        self, reader: Reader, ids: Sequence[ArtistId], request: PageRequest
    ) -> Mapping[ArtistId, Page[Album]]: ...

    async def count_of_artists(self, reader: Reader, ids: Sequence[ArtistId]) -> Mapping[ArtistId, int]: ...

    async def list_reissues(
        self, reader: Reader, ids: Sequence[AlbumId], request: PageRequest
    ) -> Mapping[AlbumId, Page[Album]]:
        """Of originals, earliest first."""
        ...

    async def count_reissues(self, reader: Reader, ids: Sequence[AlbumId]) -> Mapping[AlbumId, int]: ...

    async def list_released(self, wanted: AlbumFilter, request: PageRequest) -> Page[Album]:
        """What is out, whoever reads."""
        ...

    async def count_released(self, wanted: AlbumFilter) -> int: ...


class TrackRepository(Protocol):
    """A reader sees the tracks of the albums that they see."""

    async def add(self, track: NewTrack, actor: Actor, attempt: Attempt | None) -> Track | None:
        """None when there is no such album, or the actor may not upload for its artist. Raises Refused
        (TrackNumberTaken; NotFound for an artist or a genre).
        """
        ...

    async def update(self, track_id: TrackId, change: TrackChange, actor: Actor) -> Track | None: ...

    async def remove(self, track_id: TrackId, actor: Actor) -> bool: ...

    async def find_by_ids(self, reader: Reader, ids: Sequence[TrackId]) -> Mapping[TrackId, Track]: ...

    async def list_of_albums(self, album_ids: Sequence[AlbumId]) -> Mapping[AlbumId, tuple[Track, ...]]:
        """Of albums that are seen; in album order; albums without tracks are left out."""
        ...

    async def list_released(self, wanted: TrackFilter, request: PageRequest) -> Page[Listed]:
        """What is out, whoever reads; by when it was added."""
        ...

    async def count_released(self, wanted: TrackFilter) -> int: ...

    async def list_by_artists(
        self, reader: Reader, ids: Sequence[ArtistId], request: PageRequest, *, as_guest: bool
    ) -> Mapping[ArtistId, Page[Listed]]:
        """Their own tracks, or those of others they appear on; latest added first."""
        ...

    async def count_by_artists(
        self, reader: Reader, ids: Sequence[ArtistId], *, as_guest: bool
    ) -> Mapping[ArtistId, int]: ...

    async def list_by_genres(
        self, reader: Reader, ids: Sequence[GenreId], request: PageRequest
    ) -> Mapping[GenreId, Page[Listed]]:
        """Latest added first."""
        ...

    async def count_by_genres(self, reader: Reader, ids: Sequence[GenreId]) -> Mapping[GenreId, int]: ...

    async def list_credits(self, ids: Sequence[TrackId]) -> Mapping[TrackId, tuple[Credit, ...]]:
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

    async def add(self, name: str, actor: Actor) -> Genre | None:
        """None when there is one of that name."""
        ...

    async def rename(self, genre_id: GenreId, name: str, actor: Actor) -> Genre | None:
        """None when there is no such genre. Raises Refused (Conflict) when another has the name."""
        ...

    async def remove(self, genre_id: GenreId, actor: Actor) -> bool: ...
