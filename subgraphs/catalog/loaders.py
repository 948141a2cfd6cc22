"""The catalog's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from subgraphs.catalog.collecting import Entry, Playlist, PlaylistId
from subgraphs.catalog.service import (
    Albums,
    Artists,
    Genres,
    Library,
    Managers,
    Playlists,
    Tracks,
    Verifications,
)
from subgraphs.catalog.values import (
    Actor,
    Album,
    AlbumId,
    Artist,
    ArtistId,
    Credit,
    Genre,
    GenreId,
    Listed,
    Managed,
    Manager,
    ManagerId,
    Permission,
    Reader,
    Track,
    TrackId,
)
from subgraphs.catalog.verifying import Verification
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.rate_limit import Limit, RateLimiter
from subgraphs.kit.records import Records
from subgraphs.kit.request import Request
from subgraphs.kit.search import NameSearch

WRITES = Limit("catalog-write", count=300, seconds=60)
"""Of one person: an album with all its tracks by a script, and not the whole catalog."""


@dataclass(frozen=True, slots=True)
class Services:
    artists: Artists
    managers: Managers
    albums: Albums
    tracks: Tracks
    genres: Genres
    verifications: Verifications
    playlists: Playlists
    library: Library
    names: Mapping[str, NameSearch]
    """Table → what finds its rows by name."""
    limiter: RateLimiter
    records: Records


@dataclass(frozen=True, slots=True)
class CatalogLoaders:
    artist: Loader[ArtistId, Artist | None]
    verification: Loader[ArtistId, Verification | None]
    managers: Loader[tuple[ArtistId, PageRequest], Page[Manager]]
    manager_count: Loader[ArtistId, int | None]
    managed: Loader[tuple[ManagerId, PageRequest], Page[Managed]]
    managed_count: Loader[ManagerId, int | None]
    viewers_permissions: Loader[ArtistId, frozenset[Permission] | None]
    album: Loader[AlbumId, Album | None]
    albums: Loader[tuple[ArtistId, PageRequest], Page[Album]]
    album_count: Loader[ArtistId, int | None]
    reissues: Loader[tuple[AlbumId, PageRequest], Page[Album]]
    reissue_count: Loader[AlbumId, int | None]
    track: Loader[TrackId, Track | None]
    tracks: Loader[AlbumId, tuple[Track, ...] | None]
    own_tracks: Loader[tuple[ArtistId, PageRequest], Page[Listed]]
    own_track_count: Loader[ArtistId, int | None]
    guest_tracks: Loader[tuple[ArtistId, PageRequest], Page[Listed]]
    guest_track_count: Loader[ArtistId, int | None]
    genre_tracks: Loader[tuple[GenreId, PageRequest], Page[Listed]]
    genre_track_count: Loader[GenreId, int | None]
    credits: Loader[TrackId, tuple[Credit, ...] | None]
    track_genres: Loader[TrackId, tuple[Genre, ...] | None]
    genre: Loader[GenreId, Genre | None]
    saved_track: Loader[TrackId, bool | None]
    saved_album: Loader[AlbumId, bool | None]
    playlist: Loader[PlaylistId, Playlist | None]
    playlists: Loader[tuple[ManagerId, PageRequest], Page[Playlist]]
    playlist_count: Loader[ManagerId, int | None]
    changeable_playlist: Loader[PlaylistId, bool | None]
    collaborators: Loader[PlaylistId, tuple[ManagerId, ...] | None]
    entries: Loader[tuple[PlaylistId, PageRequest], Page[Entry]]
    entry_count: Loader[PlaylistId, int | None]


@dataclass(frozen=True, slots=True)
class CatalogContext:
    request: Request
    services: Services
    loaders: CatalogLoaders
    reader: Reader

    @property
    def records(self) -> Records:
        return self.services.records

    async def writer(self) -> Actor:
        """Who is logged in, for a write. Raises Unauthenticated, RateLimited."""
        viewer = self.request.require_viewer()
        await self.services.limiter.take(WRITES, str(viewer.id))
        return Actor(ManagerId(viewer.id), viewer.is_admin, self.request.actor)


def catalog_context(request: Request, services: Services) -> CatalogContext:
    managers, genres = services.managers, services.genres
    albums, tracks = services.albums.stored, services.tracks.stored
    playlists, library = services.playlists.stored, services.library.stored
    reader = reader_of(request)

    def viewer_id() -> ManagerId:
        return ManagerId(request.require_viewer().id)

    async def permissions(ids: Sequence[ArtistId]) -> Mapping[ArtistId, frozenset[Permission]]:
        return await managers.find_permissions(viewer_id(), ids)

    async def saved_tracks(ids: Sequence[TrackId]) -> Mapping[TrackId, bool]:
        return await library.find_saved_tracks(viewer_id(), ids)

    async def saved_albums(ids: Sequence[AlbumId]) -> Mapping[AlbumId, bool]:
        return await library.find_saved_albums(viewer_id(), ids)

    async def changeable(ids: Sequence[PlaylistId]) -> Mapping[PlaylistId, bool]:
        return await playlists.find_changeable(viewer_id(), ids)

    loaders = CatalogLoaders(
        artist=loader(services.artists.find_by_ids),
        verification=loader(services.verifications.stored.find_latest),
        managers=page_loader(managers.list_managers),
        manager_count=loader(managers.count_managers),
        managed=page_loader(managers.list_managed),
        managed_count=loader(managers.count_managed),
        viewers_permissions=loader(permissions),
        album=loader(partial(albums.find_by_ids, reader)),
        albums=page_loader(partial(albums.list_of_artists, reader)),
        album_count=loader(partial(albums.count_of_artists, reader)),
        reissues=page_loader(partial(albums.list_reissues, reader)),
        reissue_count=loader(partial(albums.count_reissues, reader)),
        track=loader(partial(tracks.find_by_ids, reader)),
        tracks=loader(tracks.list_of_albums),
        own_tracks=page_loader(partial(tracks.list_by_artists, reader, as_guest=False)),
        own_track_count=loader(partial(tracks.count_by_artists, reader, as_guest=False)),
        guest_tracks=page_loader(partial(tracks.list_by_artists, reader, as_guest=True)),
        guest_track_count=loader(partial(tracks.count_by_artists, reader, as_guest=True)),
        genre_tracks=page_loader(partial(tracks.list_by_genres, reader)),
        genre_track_count=loader(partial(tracks.count_by_genres, reader)),
        credits=loader(tracks.list_credits),
        track_genres=loader(genres.list_of_tracks),
        genre=loader(genres.find_by_ids),
        saved_track=loader(saved_tracks),
        saved_album=loader(saved_albums),
        playlist=loader(partial(playlists.find_by_ids, reader)),
        playlists=page_loader(partial(playlists.list_of_owners, reader)),
        playlist_count=loader(partial(playlists.count_of_owners, reader)),
        changeable_playlist=loader(changeable),
        collaborators=loader(playlists.list_collaborators),
        entries=page_loader(partial(playlists.list_entries, reader)),
        entry_count=loader(partial(playlists.count_entries, reader)),
    )
    return CatalogContext(request, services, loaders, reader)


def reader_of(request: Request) -> Reader:
    viewer = request.known_viewer
    return Reader() if viewer is None else Reader(ManagerId(viewer.id), viewer.is_admin)
