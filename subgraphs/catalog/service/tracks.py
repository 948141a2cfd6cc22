"""Tracks, changed by managers who may upload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from subgraphs.catalog.errors import NotYourArtist
from subgraphs.catalog.repository.protocol import TrackRepository
from subgraphs.catalog.service.albums import Albums
from subgraphs.catalog.values import Actor, Credit, GenreId, NewTrack, Permission, Track, TrackChange, TrackId
from subgraphs.kit.errors import Refused
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks

LONGEST_SECONDS = 24 * 3600
MOST_TRACKS = 1000
MOST_CREDITS, MOST_GENRES = 20, 10


@dataclass(frozen=True, slots=True)
class Tracks:
    stored: TrackRepository
    albums: Albums

    async def create(
        self, actor: Actor, track: NewTrack, checks: Checks, attempt: Attempt | None = None
    ) -> Track:
        """Raises Refused (InvalidInput, NotFound, TrackNumberTaken, Conflict), NotYourArtist."""
        columns = {name: getattr(track, name) for name in ("title", "duration_sec", "track_number")}
        kept = _checked_track(checks, columns)
        _check_links(checks, track.credits, track.genres)
        checks.done()
        new = NewTrack(TrackId(uuid4()), track.album_id, credits=track.credits, genres=track.genres, **kept)
        made = await self.stored.add(new, actor, attempt)
        if made is None:
            raise await self.albums.why_not(actor, track.album_id)
        return made

    async def update(self, actor: Actor, track_id: TrackId, change: TrackChange, checks: Checks) -> Track:
        """Raises Refused (InvalidInput, NotFound, TrackNumberTaken), NotYourArtist."""
        kept = _checked_track(checks, change.columns)
        _check_links(checks, change.credits or (), change.genres or ())
        if change.credits is not None:
            checks.require(bool(change.credits), "artists", "Somebody performs a track.")
        checks.done()
        whole = TrackChange(kept, change.credits, change.genres)
        track = await self.stored.update(track_id, whole, actor)
        if track is None:
            raise await self._why_not(actor, track_id)
        return track

    async def remove(self, actor: Actor, track_id: TrackId, checks: Checks) -> TrackId:
        """Raises Refused (NotFound), NotYourArtist."""
        checks.done()
        if not await self.stored.remove(track_id, actor):
            raise await self._why_not(actor, track_id)
        return track_id

    async def _why_not(self, actor: Actor, track_id: TrackId) -> Exception:
        if track_id in await self.stored.find_by_ids(actor.as_reader, [track_id]):
            return NotYourArtist(Permission.UPLOAD)
        return Refused(not_found("track", "trackId"))


def _checked_track(checks: Checks, columns: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(columns)
    if "title" in columns:
        kept["title"] = checks.line(columns["title"], "title", "The title", least=1, most=150)
    if "duration_sec" in columns:
        fits = 1 <= columns["duration_sec"] <= LONGEST_SECONDS
        checks.require(fits, "durationSeconds", f"Between 1 and {LONGEST_SECONDS} seconds.")
    if "track_number" in columns:
        fits = 1 <= columns["track_number"] <= MOST_TRACKS
        checks.require(fits, "trackNumber", f"Between 1 and {MOST_TRACKS}.")
    return kept


def _check_links(checks: Checks, credits: Sequence[Credit], genres: Sequence[GenreId]) -> None:
    checks.require(len(credits) <= MOST_CREDITS, "artists", f"At most {MOST_CREDITS} artists.")
    checks.require(len(genres) <= MOST_GENRES, "genreIds", f"At most {MOST_GENRES} genres.")
    once = len({credit.artist_id for credit in credits}) == len(credits)
    checks.require(once, "artists", "An artist has one part in a track.")
    checks.require(len(set(genres)) == len(genres), "genreIds", "A genre is given once.")
