"""What the catalog is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.kit.pages import Ordering

ArtistId = NewType("ArtistId", UUID)
AlbumId = NewType("AlbumId", UUID)
TrackId = NewType("TrackId", UUID)
GenreId = NewType("GenreId", int)
ManagerId = NewType("ManagerId", UUID)
"""A user, known here by id."""

ARTISTS_BY_NAME = Ordering("artists", (str, UUID))
NEWEST_ALBUMS = Ordering("albums", (date, UUID), descending=True)


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


@dataclass(frozen=True, slots=True)
class Artist:
    id: ArtistId
    name: str
    bio: str | None
    avatar_url: str | None
    is_verified: bool = False

    @property
    def position(self) -> tuple[object, ...]:
        return (self.name, self.id)


@dataclass(frozen=True, slots=True)
class Manager:
    user_id: ManagerId
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        return bool(self.permissions & {permission, Permission.ALL})


@dataclass(frozen=True, slots=True)
class ArtistChange:
    """The columns to set; one that is absent stays."""

    columns: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Album:
    id: AlbumId
    artist_id: ArtistId
    title: str
    release_date: date
    cover_url: str
    type: AlbumType

    @property
    def position(self) -> tuple[object, ...]:
        return (self.release_date, self.id)


@dataclass(frozen=True, slots=True)
class Track:
    id: TrackId
    album_id: AlbumId
    title: str
    duration_sec: int
    track_number: int
    file_key: str
    is_available: bool


@dataclass(frozen=True, slots=True)
class Credit:
    """An artist on a track."""

    artist_id: ArtistId
    role: CreditRole


@dataclass(frozen=True, slots=True)
class Genre:
    id: GenreId
    name: str
