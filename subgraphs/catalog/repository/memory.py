"""The same repositories in memory: for tests of what is above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from subgraphs.catalog.values import (
    Album,
    AlbumId,
    Artist,
    ArtistChange,
    ArtistId,
    Credit,
    Genre,
    GenreId,
    Manager,
    ManagerId,
    Track,
    TrackId,
)
from subgraphs.kit.pages import Page, PageRequest, window


@dataclass(slots=True)
class InMemoryArtistRepository:
    artists: dict[ArtistId, Artist] = field(default_factory=dict)
    managers: dict[ArtistId, list[Manager]] = field(default_factory=dict)

    async def add(self, artist: Artist, manager: Manager) -> Artist:
        self.artists[artist.id] = artist
        self.managers[artist.id] = [manager]
        return artist

    async def find_by_ids(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, Artist]:
        return {artist_id: self.artists[artist_id] for artist_id in ids if artist_id in self.artists}

    async def list_by_name(self, page: PageRequest) -> Page[Artist]:
        return window(list(self.artists.values()), page, lambda artist: artist.position)

    async def list_managed(
        self, managers: Sequence[ManagerId], page: PageRequest
    ) -> Mapping[ManagerId, Page[Artist]]:
        def managed_by(user: ManagerId) -> list[Artist]:
            mine = (id_ for id_, ms in self.managers.items() if any(m.user_id == user for m in ms))
            return [self.artists[artist_id] for artist_id in mine]

        return {user: window(managed_by(user), page, lambda artist: artist.position) for user in managers}

    async def list_managers(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, tuple[Manager, ...]]:
        return {artist_id: tuple(self.managers[artist_id]) for artist_id in ids if artist_id in self.managers}

    async def update(self, artist_id: ArtistId, change: ArtistChange) -> Artist | None:
        artist = self.artists.get(artist_id)
        if artist is None:
            return None
        columns: dict[str, object] = {**change.columns}
        self.artists[artist_id] = replace(artist, **columns)  # type: ignore[arg-type]
        return self.artists[artist_id]


@dataclass(slots=True)
class InMemoryMusicRepository:
    albums: dict[AlbumId, Album] = field(default_factory=dict)
    tracks: dict[TrackId, Track] = field(default_factory=dict)
    credits: dict[TrackId, tuple[Credit, ...]] = field(default_factory=dict)
    genres: dict[str, Genre] = field(default_factory=dict)
    track_genres: dict[TrackId, frozenset[str]] = field(default_factory=dict)

    async def add_album(self, album: Album) -> Album:
        self.albums[album.id] = album
        return album

    async def add_track(self, track: Track, credits: Sequence[Credit], genres: Sequence[str]) -> Track:
        self.tracks[track.id] = track
        self.credits[track.id] = tuple(credits)
        self.track_genres[track.id] = frozenset(genres)
        for name in genres:
            self.genres.setdefault(name, Genre(GenreId(len(self.genres) + 1), name))
        return track

    async def find_albums(self, ids: Sequence[AlbumId]) -> Mapping[AlbumId, Album]:
        return {album_id: self.albums[album_id] for album_id in ids if album_id in self.albums}

    async def list_albums(
        self, artists: Sequence[ArtistId], page: PageRequest
    ) -> Mapping[ArtistId, Page[Album]]:
        def by(artist: ArtistId) -> Page[Album]:
            theirs = [album for album in self.albums.values() if album.artist_id == artist]
            return window(theirs, page, lambda album: album.position)

        return {artist: by(artist) for artist in artists}

    async def find_tracks(self, ids: Sequence[TrackId]) -> Mapping[TrackId, Track]:
        return {track_id: self.tracks[track_id] for track_id in ids if track_id in self.tracks}

    async def list_tracks(self, albums: Sequence[AlbumId]) -> Mapping[AlbumId, tuple[Track, ...]]:
        found: dict[AlbumId, tuple[Track, ...]] = {}
        for track in sorted(self.tracks.values(), key=lambda track: track.track_number):
            if track.album_id in albums:
                found[track.album_id] = (*found.get(track.album_id, ()), track)
        return found

    async def list_credits(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Credit, ...]]:
        return {track_id: self.credits[track_id] for track_id in tracks if self.credits.get(track_id)}

    async def list_track_genres(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Genre, ...]]:
        named = {track_id: sorted(self.track_genres.get(track_id, ())) for track_id in tracks}
        return {
            track_id: tuple(self.genres[name] for name in names) for track_id, names in named.items() if names
        }

    async def find_genres(self, ids: Sequence[GenreId]) -> Mapping[GenreId, Genre]:
        return {genre.id: genre for genre in self.genres.values() if genre.id in ids}

    async def list_genres(self) -> tuple[Genre, ...]:
        return tuple(self.genres[name] for name in sorted(self.genres))
