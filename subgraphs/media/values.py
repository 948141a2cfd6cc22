"""What media is about, as frozen values: no GraphQL, no SQL, no S3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType, TypeAlias
from uuid import UUID

import msgspec

from subgraphs.kit.pages import Ordering

MediaId = NewType("MediaId", UUID)
OwnerId = NewType("OwnerId", UUID)
Shown: TypeAlias = tuple[MediaId, ...]
"""What a post shows, in its order."""

NEWEST_MEDIA = Ordering("media", (datetime, UUID), descending=True)


class Purpose(Enum):
    POST = "POST"
    AVATAR = "AVATAR"
    DOCUMENT = "DOCUMENT"
    TRACK = "TRACK"


class Kind(Enum):
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    DOCUMENT = "DOCUMENT"
    AUDIO = "AUDIO"


class Status(Enum):
    UPLOADING = "UPLOADING"
    PROCESSING = "PROCESSING"
    READY = "READY"
    FAILED = "FAILED"


TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.UPLOADING: frozenset({Status.PROCESSING, Status.FAILED}),
    Status.PROCESSING: frozenset({Status.READY, Status.FAILED}),
    Status.READY: frozenset(),
    Status.FAILED: frozenset(),
}
"""Which state may follow which; the store enforces the same."""


class Variant(Enum):
    ORIGINAL = "ORIGINAL"
    MEDIUM = "MEDIUM"
    THUMBNAIL = "THUMBNAIL"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object lies."""

    bucket: str
    key: str


class Rendition(msgspec.Struct, frozen=True):
    """One of the files that were made of an upload, in the words in which it is kept."""

    variant: Variant
    content_type: str
    bucket: str
    path: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def place(self) -> Place:
        return Place(self.bucket, self.path)


class Media(msgspec.Struct, frozen=True):
    id: MediaId
    user_id: OwnerId
    filename: str
    content_type: str
    size: int
    bucket: str
    path: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    """Until when it may be uploaded."""
    upload_id: str | None
    """S3's, of an upload in parts."""
    track_id: UUID | None
    alt_text: str | None
    blurhash: str | None
    width: int | None
    height: int | None
    duration_ms: int | None
    reason: str | None
    purpose: Purpose
    kind: Kind
    status: Status
    renditions: tuple[Rendition, ...] = ()

    @property
    def place(self) -> Place:
        """Of the original: where it was uploaded to, until it is READY."""
        return Place(self.bucket, self.path)

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)

    def rendition(self, variant: Variant, content_type: str | None = None) -> Rendition | None:
        """Of several forms the one that is asked for, else the first: the one that everything can show."""
        found = [one for one in self.renditions if one.variant is variant]
        for one in found:
            if one.content_type == content_type:
                return one
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class NewMedia:
    id: MediaId
    user_id: OwnerId
    purpose: Purpose
    kind: Kind
    filename: str
    content_type: str
    size: int
    place: Place
    upload_id: str | None
    track_id: UUID | None
    alt_text: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts that are still to be sent."""

    number: int
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """How an upload is sent: one form with its fields, or parts."""

    media: Media
    url: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What the worker made of an upload."""

    content_type: str
    renditions: tuple[Rendition, ...]
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    blurhash: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What somebody's media come to, in bytes."""

    used: int
    quota: int
