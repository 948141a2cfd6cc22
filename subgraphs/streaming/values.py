"""What streaming is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.kit.pages import Ordering

TrackId = NewType("TrackId", UUID)
ArtistId = NewType("ArtistId", UUID)
ListenerId = NewType("ListenerId", UUID)
"""A user, known here by id."""

HISTORY = Ordering("playback-history", (datetime, int), descending=True)
PAYOUTS = Ordering("payouts", (UUID,))


class Platform(Enum):
    WEB = "WEB"
    IOS = "IOS"
    ANDROID = "ANDROID"


class Flag(Enum):
    """Why a play does not count."""

    TOO_LONG = "TOO_LONG"
    """More was listened to than the track has, or than time has passed since."""
    OVERLAPPING = "OVERLAPPING"
    """The same person was listening to something else."""
    SHARED_ADDRESS = "SHARED_ADDRESS"
    """More accounts than a household has listened from one address within an hour."""


@dataclass(frozen=True, slots=True)
class HeardPlay:
    """A play as a player tells it. `client_id` is the player's own, the same when it tells it again."""

    client_id: UUID
    track_id: TrackId
    started_at: datetime
    listened_sec: int
    platform: Platform | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a batch: every play is one of these."""

    recorded: int
    known: int
    unknown_tracks: tuple[TrackId, ...]


@dataclass(frozen=True, slots=True)
class Play:
    id: int
    track_id: TrackId
    started_at: datetime
    listened_sec: int
    platform: Platform | None
    is_counted: bool

    @property
    def position(self) -> tuple[object, ...]:
        return (self.started_at, self.id)


@dataclass(frozen=True, slots=True)
class PlayableTrack:
    """What the catalog has told of a track."""

    id: TrackId
    artist_id: ArtistId
    duration_sec: int
    file_key: str
    is_available: bool


@dataclass(frozen=True, slots=True)
class Payout:
    """What an artist has earned of a month: a share of all plays that count."""

    artist_id: ArtistId
    month: date
    counted_plays: int
    listened_sec: int
    share: float

    @property
    def position(self) -> tuple[object, ...]:
        return (self.artist_id,)
