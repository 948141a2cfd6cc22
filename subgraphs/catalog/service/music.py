"""Albums and tracks, changed by managers who may upload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from subgraphs.catalog.errors import NotYourArtist
from subgraphs.catalog.repository.protocol import MusicRepository
from subgraphs.catalog.service.artists import Artists, actor_of
from subgraphs.catalog.values import (
    Album,
    AlbumFilter,
    AlbumId,
    AlbumType,
    ArtistId,
    Change,
    Credit,
    GenreId,
    Listed,
    NewTrack,
    Permission,
    Track,
    TrackChange,
    TrackFilter,
    TrackId,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks

LONGEST_SECONDS = 24 * 3600
MOST_TRACKS = 1000
MOST_CREDITS, MOST_GENRES = 20, 10


@dataclass(frozen=True, slots=True)
class Music:
    music: MusicRepository
    artists: Artists

    async def find_albums(self, ids: Sequence[AlbumId]) -> Mapping[AlbumId, Album]:
        return await self.music.find_albums(ids)

    async def list_albums(
        self, artists: Sequence[ArtistId], page: PageRequest
    ) -> Mapping[ArtistId, Page[Album]]:
        return await self.music.list_albums(artists, page)

    async def count_albums(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        return await self.music.count_albums(artists)

    async def list_all_albums(self, wanted: AlbumFilter, page: PageRequest) -> Page[Album]:
        return await self.music.list_all_albums(wanted, page)

    async def count_all_albums(self, wanted: AlbumFilter) -> int:
        return await self.music.count_all_albums(wanted)

    async def find_tracks(self, ids: Sequence[TrackId]) -> Mapping[TrackId, Track]:
        return await self.music.find_tracks(ids)

    async def list_tracks(self, albums: Sequence[AlbumId]) -> Mapping[AlbumId, tuple[Track, ...]]:
        return await self.music.list_tracks(albums)

    async def list_all_tracks(self, wanted: TrackFilter, page: PageRequest) -> Page[Listed]:
        return await self.music.list_all_tracks(wanted, page)

    async def count_all_tracks(self, wanted: TrackFilter) -> int:
        return await self.music.count_all_tracks(wanted)

    async def list_own(
        self, artists: Sequence[ArtistId], page: PageRequest
    ) -> Mapping[ArtistId, Page[Listed]]:
        return await self.music.list_by_artists(artists, as_guest=False, request=page)

    async def list_guest(
        self, artists: Sequence[ArtistId], page: PageRequest
    ) -> Mapping[ArtistId, Page[Listed]]:
        return await self.music.list_by_artists(artists, as_guest=True, request=page)

    async def count_own(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        return await self.music.count_by_artists(artists, as_guest=False)

    async def count_guest(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        return await self.music.count_by_artists(artists, as_guest=True)

    async def list_by_genres(
        self, genres: Sequence[GenreId], page: PageRequest
    ) -> Mapping[GenreId, Page[Listed]]:
        return await self.music.list_by_genres(genres, page)

    async def count_by_genres(self, genres: Sequence[GenreId]) -> Mapping[GenreId, int]:
        return await self.music.count_by_genres(genres)

    async def list_credits(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Credit, ...]]:
        return await self.music.list_credits(tracks)

    async def create_album(
        self,
        viewer: Viewer,
        artist_id: ArtistId,
        checks: Checks,
        *,
        title: str,
        release_date: date,
        cover_url: str,
        type: AlbumType,
        attempt: Attempt | None = None,
    ) -> Album:
        """Raises Refused (InvalidInput, NotFound, Conflict), NotYourArtist."""
        kept = _checked_album(checks, {"title": title, "cover_url": cover_url})
        checks.done()
        album = Album(AlbumId(uuid4()), artist_id, kept["title"], release_date, kept["cover_url"], type)
        made = await self.music.add_album(album, actor_of(viewer), attempt)
        if made is None:
            raise await self.artists.why_not(artist_id, Permission.UPLOAD)
        return made

    async def update_album(
        self, viewer: Viewer, album_id: AlbumId, columns: Mapping[str, Any], checks: Checks
    ) -> Album:
        """Raises Refused (InvalidInput, NotFound), NotYourArtist."""
        kept = _checked_album(checks, columns)
        checks.done()
        if isinstance(kind := kept.get("type"), AlbumType):
            kept["type"] = kind.value
        album = await self.music.update_album(album_id, Change(kept), actor_of(viewer))
        if album is None:
            raise await self._why_not_album(album_id)
        return album

    async def remove_album(self, viewer: Viewer, album_id: AlbumId, checks: Checks) -> AlbumId:
        """With its tracks. Raises Refused (NotFound), NotYourArtist."""
        checks.done()
        if not await self.music.remove_album(album_id, actor_of(viewer)):
            raise await self._why_not_album(album_id)
        return album_id

    async def create_track(
        self, viewer: Viewer, track: NewTrack, checks: Checks, attempt: Attempt | None = None
    ) -> Track:
        """Raises Refused (InvalidInput, NotFound, TrackNumberTaken, Conflict), NotYourArtist."""
        columns = {name: getattr(track, name) for name in ("title", "duration_sec", "track_number")}
        kept = _checked_track(checks, columns)
        _check_links(checks, track.credits, track.genres)
        checks.done()
        new = NewTrack(TrackId(uuid4()), track.album_id, credits=track.credits, genres=track.genres, **kept)
        made = await self.music.add_track(new, actor_of(viewer), attempt)
        if made is None:
            raise await self._why_not_album(track.album_id)
        return made

    async def update_track(
        self, viewer: Viewer, track_id: TrackId, change: TrackChange, checks: Checks
    ) -> Track:
        """Raises Refused (InvalidInput, NotFound, TrackNumberTaken), NotYourArtist."""
        kept = _checked_track(checks, change.columns)
        _check_links(checks, change.credits or (), change.genres or ())
        if change.credits is not None:
            checks.require(bool(change.credits), "artists", "Somebody performs a track.")
        checks.done()
        whole = TrackChange(kept, change.credits, change.genres)
        track = await self.music.update_track(track_id, whole, actor_of(viewer))
        if track is None:
            raise await self._why_not_track(track_id)
        return track

    async def remove_track(self, viewer: Viewer, track_id: TrackId, checks: Checks) -> TrackId:
        """Raises Refused (NotFound), NotYourArtist."""
        checks.done()
        if not await self.music.remove_track(track_id, actor_of(viewer)):
            raise await self._why_not_track(track_id)
        return track_id

    async def _why_not_album(self, album_id: AlbumId) -> Exception:
        if album_id in await self.find_albums([album_id]):
            return NotYourArtist(Permission.UPLOAD)
        return Refused(not_found("album", "albumId"))

    async def _why_not_track(self, track_id: TrackId) -> Exception:
        if track_id in await self.find_tracks([track_id]):
            return NotYourArtist(Permission.UPLOAD)
        return Refused(not_found("track", "trackId"))


def _checked_album(checks: Checks, columns: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(columns)
    if "title" in columns:
        kept["title"] = checks.line(columns["title"], "title", "The title", least=1, most=150)
    if "cover_url" in columns:
        kept["cover_url"] = checks.web_address(columns["cover_url"], "coverUrl", "The cover's address")
    return kept


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
