"""The catalog's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

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
from subgraphs.kit.loading import Loader, loader, made_once, page_loader
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


class CatalogLoaders:
    """Each is made when it is first asked for."""

    def __init__(self, request: Request, reader: Reader, services: Services) -> None:
        self._request = request
        self._reader = reader
        self._services = services

    @made_once
    def artist(self) -> Loader[ArtistId, Artist | None]:
        return loader(self._services.artists.find_by_ids)

    @made_once
    def verification(self) -> Loader[ArtistId, Verification | None]:
        return loader(self._services.verifications.stored.find_latest)

    @made_once
    def managers(self) -> Loader[tuple[ArtistId, PageRequest], Page[Manager]]:
        return page_loader(self._services.managers.list_managers)

    @made_once
    def manager_count(self) -> Loader[ArtistId, int | None]:
        return loader(self._services.managers.count_managers)

    @made_once
    def managed(self) -> Loader[tuple[ManagerId, PageRequest], Page[Managed]]:
        return page_loader(self._services.managers.list_managed)

    @made_once
    def managed_count(self) -> Loader[ManagerId, int | None]:
        return loader(self._services.managers.count_managed)

    @made_once
    def viewers_permissions(self) -> Loader[ArtistId, frozenset[Permission] | None]:
        return loader(self._permissions)

    @made_once
    def album(self) -> Loader[AlbumId, Album | None]:
        return loader(partial(self._services.albums.stored.find_by_ids, self._reader))

    @made_once
    def albums(self) -> Loader[tuple[ArtistId, PageRequest], Page[Album]]:
        return page_loader(partial(self._services.albums.stored.list_of_artists, self._reader))

    @made_once
    def album_count(self) -> Loader[ArtistId, int | None]:
        return loader(partial(self._services.albums.stored.count_of_artists, self._reader))

    @made_once
    def reissues(self) -> Loader[tuple[AlbumId, PageRequest], Page[Album]]:
        return page_loader(partial(self._services.albums.stored.list_reissues, self._reader))

    @made_once
    def reissue_count(self) -> Loader[AlbumId, int | None]:
        return loader(partial(self._services.albums.stored.count_reissues, self._reader))

    @made_once
    def track(self) -> Loader[TrackId, Track | None]:
        return loader(partial(self._services.tracks.stored.find_by_ids, self._reader))

    @made_once
    def tracks(self) -> Loader[AlbumId, tuple[Track, ...] | None]:
        return loader(self._services.tracks.stored.list_of_albums)

    @made_once
    def own_tracks(self) -> Loader[tuple[ArtistId, PageRequest], Page[Listed]]:
        return page_loader(
            partial(self._services.tracks.stored.list_by_artists, self._reader, as_guest=False)
        )

    @made_once
    def own_track_count(self) -> Loader[ArtistId, int | None]:
        return loader(partial(self._services.tracks.stored.count_by_artists, self._reader, as_guest=False))

    @made_once
    def guest_tracks(self) -> Loader[tuple[ArtistId, PageRequest], Page[Listed]]:
        return page_loader(partial(self._services.tracks.stored.list_by_artists, self._reader, as_guest=True))

    @made_once
    def guest_track_count(self) -> Loader[ArtistId, int | None]:
        return loader(partial(self._services.tracks.stored.count_by_artists, self._reader, as_guest=True))

    @made_once
    def genre_tracks(self) -> Loader[tuple[GenreId, PageRequest], Page[Listed]]:
        return page_loader(partial(self._services.tracks.stored.list_by_genres, self._reader))

    @made_once
    def genre_track_count(self) -> Loader[GenreId, int | None]:
        return loader(partial(self._services.tracks.stored.count_by_genres, self._reader))

    @made_once
    def credits(self) -> Loader[TrackId, tuple[Credit, ...] | None]:
        return loader(self._services.tracks.stored.list_credits)

    @made_once
    def track_genres(self) -> Loader[TrackId, tuple[Genre, ...] | None]:
        return loader(self._services.genres.list_of_tracks)

    @made_once
    def genre(self) -> Loader[GenreId, Genre | None]:
        return loader(self._services.genres.find_by_ids)

    @made_once
    def saved_track(self) -> Loader[TrackId, bool | None]:
        return loader(self._saved_tracks)

    @made_once
    def saved_album(self) -> Loader[AlbumId, bool | None]:
        return loader(self._saved_albums)

    @made_once
    def playlist(self) -> Loader[PlaylistId, Playlist | None]:
        return loader(partial(self._services.playlists.stored.find_by_ids, self._reader))

    @made_once
    def playlists(self) -> Loader[tuple[ManagerId, PageRequest], Page[Playlist]]:
        return page_loader(partial(self._services.playlists.stored.list_of_owners, self._reader))

    @made_once
    def playlist_count(self) -> Loader[ManagerId, int | None]:
        return loader(partial(self._services.playlists.stored.count_of_owners, self._reader))

    @made_once
    def changeable_playlist(self) -> Loader[PlaylistId, bool | None]:
        return loader(self._changeable)

    @made_once
    def collaborators(self) -> Loader[PlaylistId, tuple[ManagerId, ...] | None]:
        return loader(self._services.playlists.stored.list_collaborators)

    @made_once
    def entries(self) -> Loader[tuple[PlaylistId, PageRequest], Page[Entry]]:
        return page_loader(partial(self._services.playlists.stored.list_entries, self._reader))

    @made_once
    def entry_count(self) -> Loader[PlaylistId, int | None]:
        return loader(partial(self._services.playlists.stored.count_entries, self._reader))

    def _viewer_id(self) -> ManagerId:
        return ManagerId(self._request.require_viewer().id)

    async def _permissions(self, ids: Sequence[ArtistId]) -> Mapping[ArtistId, frozenset[Permission]]:
        return await self._services.managers.find_permissions(self._viewer_id(), ids)

    async def _saved_tracks(self, ids: Sequence[TrackId]) -> Mapping[TrackId, bool]:
        return await self._services.library.stored.find_saved_tracks(self._viewer_id(), ids)

    async def _saved_albums(self, ids: Sequence[AlbumId]) -> Mapping[AlbumId, bool]:
        return await self._services.library.stored.find_saved_albums(self._viewer_id(), ids)

    async def _changeable(self, ids: Sequence[PlaylistId]) -> Mapping[PlaylistId, bool]:
        return await self._services.playlists.stored.find_changeable(self._viewer_id(), ids)


class CatalogContext(msgspec.Struct, frozen=True):
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
    reader = reader_of(request)
    return CatalogContext(request, services, CatalogLoaders(request, reader, services), reader)


def reader_of(request: Request) -> Reader:
    viewer = request.known_viewer
    return Reader() if viewer is None else Reader(ManagerId(viewer.id), viewer.is_admin)
