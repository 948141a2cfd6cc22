"""What the service asks of a store. Methods that take many keys answer with one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from subgraphs.kit.pages import Page, PageRequest
from subgraphs.streaming.values import (
    ArtistId,
    HeardPlay,
    ListenerId,
    Payout,
    Play,
    PlayableTrack,
    Recorded,
    TrackId,
)


class PlayRepository(Protocol):
    async def record(
        self, listener: ListenerId, address: str | None, plays: Sequence[HeardPlay], counted_seconds: int
    ) -> Recorded:
        """All of them in one transaction. One that was told before is not recorded again; one of a track
        that nobody knows is left out, to be told again later.
        """
        ...

    async def list_history(
        self, listeners: Sequence[ListenerId], page: PageRequest
    ) -> Mapping[ListenerId, Page[Play]]:
        """Latest first."""
        ...

    async def count_history(self, listeners: Sequence[ListenerId]) -> Mapping[ListenerId, int]: ...


class CountRepository(Protocol):
    async def count_plays(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, int]:
        """Of each track, those that count; tracks without any are left out."""
        ...

    async def count_artists_plays(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        """Of the tracks they are credited on now."""
        ...

    async def count_listeners(self, artists: Sequence[ArtistId], since: datetime) -> Mapping[ArtistId, int]:
        """Different people with a play that counts since then."""
        ...

    async def list_payouts(self, month: date, page: PageRequest) -> Page[Payout]: ...

    async def list_all_payouts(self, month: date) -> tuple[Payout, ...]:
        """The whole month, by artist."""
        ...

    async def count_payouts(self, month: date) -> int: ...


class TrackRepository(Protocol):
    async def find_by_ids(self, ids: Sequence[TrackId]) -> Mapping[TrackId, PlayableTrack]: ...
