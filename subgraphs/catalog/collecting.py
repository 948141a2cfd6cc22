"""What people make of the music, as frozen values: playlists, and what they saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.catalog.values import Album, ManagerId, Track, TrackId
from subgraphs.kit.pages import Ordering

PlaylistId = NewType("PlaylistId", UUID)
EntryId = NewType("EntryId", UUID)

NEWEST_PLAYLISTS = Ordering("playlists", (datetime, UUID), descending=True)
SHARED_PLAYLISTS = Ordering("shared-playlists", (datetime, UUID), descending=True)
ENTRIES = Ordering("playlist-entries", (str, UUID))
SAVED_TRACKS = Ordering("saved-tracks", (datetime, UUID), descending=True)
SAVED_ALBUMS = Ordering("saved-albums", (datetime, UUID), descending=True)


class Visibility(Enum):
    PRIVATE = "PRIVATE"
    UNLISTED = "UNLISTED"
    PUBLIC = "PUBLIC"


@dataclass(frozen=True, slots=True)
class Playlist:
    id: PlaylistId
    owner_id: ManagerId
    title: str
    description: str | None
    visibility: Visibility
    created_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class NewPlaylist:
    id: PlaylistId
    title: str
    description: str | None
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class SharedPlaylist:
    """A playlist of somebody else that one works on, and since when."""

    playlist: Playlist
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.playlist.id)


@dataclass(frozen=True, slots=True)
class Entry:
    """A track's place in a playlist. A track may have several."""

    id: EntryId
    track: Track
    place: str
    added_by: ManagerId | None
    """None when they are gone."""
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.place, self.id)


@dataclass(frozen=True, slots=True)
class NewEntry:
    id: EntryId
    playlist_id: PlaylistId
    track_id: TrackId
    where: Where


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a playlist: behind an entry, at the beginning (None), or at the end."""

    after: EntryId | None = None
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class SavedTrack:
    track: Track
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.track.id)


@dataclass(frozen=True, slots=True)
class SavedAlbum:
    album: Album
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.album.id)
