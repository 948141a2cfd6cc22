"""What plays come to: of a track, of an artist, and how many people listen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from subgraphs.streaming.repository.protocol import CountRepository
from subgraphs.streaming.values import ArtistId, TrackId

MONTH = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Counts:
    counts: CountRepository

    async def count_plays(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, int]:
        return await self.counts.count_plays(tracks)

    async def count_artists_plays(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        return await self.counts.count_artists_plays(artists)

    async def count_listeners(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        """Of the last 28 days."""
        return await self.counts.count_listeners(artists, datetime.now(UTC) - MONTH)
