"""What the catalog is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import NewType
from uuid import UUID

import msgspec

from subgraphs.kit import audit
from subgraphs.kit.pages import Ordering

ArtistId = NewType("ArtistId", UUID)
AlbumId = NewType("AlbumId", UUID)
TrackId = NewType("TrackId", UUID)
GenreId = NewType("GenreId", int)
ManagerId = NewType("ManagerId", UUID)
"""A user, known here by id."""


class ArtistOrder(Enum):
    NAME = "NAME"
    NEWEST = "NEWEST"


class AlbumOrder(Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"


class TrackOrder(Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"


ARTIST_ORDERINGS = {
    ArtistOrder.NAME: Ordering("artists", (str, UUID)),
    ArtistOrder.NEWEST: Ordering("newest-artists", (datetime, UUID), descending=True),
}
ALBUM_ORDERINGS = {
    AlbumOrder.NEWEST: Ordering("albums", (date, UUID), descending=True),
    AlbumOrder.OLDEST: Ordering("oldest-albums", (date, UUID)),
}
REISSUES = Ordering("reissues", (date, UUID))
NEWEST_TRACKS = Ordering("tracks", (datetime, UUID), descending=True)
TRACK_ORDERINGS = {
    TrackOrder.NEWEST: NEWEST_TRACKS,
    TrackOrder.OLDEST: Ordering("oldest-tracks", (datetime, UUID)),
}
MANAGERS_BY_TIME = Ordering("managers", (datetime, UUID))
MANAGED_BY_TIME = Ordering("managed-artists", (datetime, UUID))


class Permission(Enum):
    """What a manager may do for an artist."""

    ALL = "ALL"
    EDIT_PROFILE = "EDIT_PROFILE"
    UPLOAD = "UPLOAD"


class AlbumType(Enum):
    SINGLE = "SINGLE"
    EP = "EP"
    ALBUM = "ALBUM"


class CreditRole(Enum):
    MAIN = "MAIN"
    FEATURED = "FEATURED"
    REMIXER = "REMIXER"


class AlbumStatus(Enum):
    """Where an album is on its way out."""

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    RELEASED = "RELEASED"


NOBODY = audit.Actor(None)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, and as whom the record names them. Administrators may do what any manager may."""

    user_id: ManagerId
    is_admin: bool = False
    on_record: audit.Actor = NOBODY

    @property
    def as_reader(self) -> Reader:
        return Reader(self.user_id, self.is_admin)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: nobody known sees what is out."""

    user_id: ManagerId | None = None
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Artist:
    id: ArtistId
    name: str
    bio: str | None
    avatar_url: str | None
    is_verified: bool
    created_at: datetime
    name_sort: str
    """What the name is ordered by; made by the store."""

    def position(self, order: ArtistOrder) -> tuple[object, ...]:
        return (self.name_sort if order is ArtistOrder.NAME else self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class NewArtist:
    id: ArtistId
    name: str
    bio: str | None
    avatar_url: str | None


@dataclass(frozen=True, slots=True)
class Manager:
    """Somebody who manages an artist. Permissions this version of the code does not know are left out."""

    user_id: ManagerId
    permissions: frozenset[Permission]
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.user_id)


@dataclass(frozen=True, slots=True)
class Managed:
    """An artist somebody manages, or is invited to."""

    artist: Artist
    permissions: frozenset[Permission]
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.artist.id)


@dataclass(frozen=True, slots=True)
class ArtistFilter:
    is_verified: bool | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The columns to set; one that is absent stays."""

    columns: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Album:
    id: AlbumId
    artist_id: ArtistId
    title: str
    release_date: date
    cover_url: str
    type: AlbumType
    is_draft: bool = False
    reissue_of: AlbumId | None = None

    @property
    def position(self) -> tuple[object, ...]:
        return (self.release_date, self.id)

    def status(self, today: date) -> AlbumStatus:
        """On this day (UTC)."""
        if self.is_draft:
            return AlbumStatus.DRAFT
        return AlbumStatus.SCHEDULED if self.release_date > today else AlbumStatus.RELEASED


@dataclass(frozen=True, slots=True)
class AlbumFilter:
    type: AlbumType | None = None


class Track(msgspec.Struct, frozen=True):
    id: TrackId
    album_id: AlbumId
    title: str
    duration_sec: int
    track_number: int
    file_key: str
    is_available: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TrackFilter:
    is_available: bool | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A track in a list, and since when it is there."""

    track: Track
    since: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.since, self.track.id)


@dataclass(frozen=True, slots=True)
class Credit:
    """An artist on a track."""

    artist_id: ArtistId
    role: CreditRole


@dataclass(frozen=True, slots=True)
class NewTrack:
    id: TrackId
    album_id: AlbumId
    title: str
    duration_sec: int
    track_number: int
    credits: tuple[Credit, ...]
    """The album's artist is the first when nobody is given."""
    genres: tuple[GenreId, ...]


@dataclass(frozen=True, slots=True)
class TrackChange:
    """None keeps the credits or genres there are."""

    columns: dict[str, object] = field(default_factory=dict)
    credits: tuple[Credit, ...] | None = None
    genres: tuple[GenreId, ...] | None = None


@dataclass(frozen=True, slots=True)
class Genre:
    id: GenreId
    name: str
