"""The catalog's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.catalog.service import Artists, Genres, Managers, Music
from subgraphs.catalog.values import (
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
    Track,
    TrackId,
)
from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.kit.search import NameSearch


@dataclass(frozen=True, slots=True)
class Services:
    artists: Artists
    managers: Managers
    music: Music
    genres: Genres
    names: Mapping[str, NameSearch]
    """Table → what finds its rows by name."""


@dataclass(frozen=True, slots=True)
class CatalogLoaders:
    artist: Loader[ArtistId, Artist | None]
    managers: Loader[tuple[ArtistId, PageRequest], Page[Manager]]
    manager_count: Loader[ArtistId, int | None]
    managed: Loader[tuple[ManagerId, PageRequest], Page[Managed]]
    managed_count: Loader[ManagerId, int | None]
    viewers_permissions: Loader[ArtistId, frozenset[Permission] | None]
    album: Loader[AlbumId, Album | None]
    albums: Loader[tuple[ArtistId, PageRequest], Page[Album]]
    album_count: Loader[ArtistId, int | None]
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


@dataclass(frozen=True, slots=True)
class CatalogContext:
    request: Request
    services: Services
    loaders: CatalogLoaders


def catalog_context(request: Request, services: Services) -> CatalogContext:
    managers, music, genres = services.managers, services.music, services.genres

    async def permissions(ids: Sequence[ArtistId]) -> Mapping[ArtistId, frozenset[Permission]]:
        return await managers.find_permissions(request.require_viewer(), ids)

    loaders = CatalogLoaders(
        artist=loader(services.artists.find_by_ids),
        managers=page_loader(managers.list_managers),
        manager_count=loader(managers.count_managers),
        managed=page_loader(managers.list_managed),
        managed_count=loader(managers.count_managed),
        viewers_permissions=loader(permissions),
        album=loader(music.find_albums),
        albums=page_loader(music.list_albums),
        album_count=loader(music.count_albums),
        track=loader(music.find_tracks),
        tracks=loader(music.list_tracks),
        own_tracks=page_loader(music.list_own),
        own_track_count=loader(music.count_own),
        guest_tracks=page_loader(music.list_guest),
        guest_track_count=loader(music.count_guest),
        genre_tracks=page_loader(music.list_by_genres),
        genre_track_count=loader(music.count_by_genres),
        credits=loader(music.list_credits),
        track_genres=loader(genres.list_of_tracks),
        genre=loader(genres.find_by_ids),
    )
    return CatalogContext(request, services, loaders)
