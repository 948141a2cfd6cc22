"""The catalog's loaders, and the context that carries them through one request."""

from __future__ import annotations

from dataclasses import dataclass

from strawberry.dataloader import DataLoader

from subgraphs.catalog.service import Artists, Music
from subgraphs.catalog.values import (
    Album,
    AlbumId,
    Artist,
    ArtistId,
    Credit,
    Genre,
    GenreId,
    Manager,
    ManagerId,
    Track,
    TrackId,
)
from subgraphs.kit.loading import loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request


@dataclass(frozen=True, slots=True)
class CatalogLoaders:
    artist: DataLoader[ArtistId, Artist | None]
    managers: DataLoader[ArtistId, tuple[Manager, ...] | None]
    managed: DataLoader[tuple[ManagerId, PageRequest], Page[Artist]]
    album: DataLoader[AlbumId, Album | None]
    albums: DataLoader[tuple[ArtistId, PageRequest], Page[Album]]
    track: DataLoader[TrackId, Track | None]
    tracks: DataLoader[AlbumId, tuple[Track, ...] | None]
    credits: DataLoader[TrackId, tuple[Credit, ...] | None]
    track_genres: DataLoader[TrackId, tuple[Genre, ...] | None]
    genre: DataLoader[GenreId, Genre | None]


@dataclass(frozen=True, slots=True)
class CatalogContext:
    request: Request
    artists: Artists
    music: Music
    loaders: CatalogLoaders


def catalog_context(request: Request, artists: Artists, music: Music) -> CatalogContext:
    loaders = CatalogLoaders(
        artist=loader(artists.find_by_ids),
        managers=loader(artists.list_managers),
        managed=page_loader(artists.list_managed),
        album=loader(music.find_albums),
        albums=page_loader(music.list_albums),
        track=loader(music.find_tracks),
        tracks=loader(music.list_tracks),
        credits=loader(music.list_credits),
        track_genres=loader(music.list_track_genres),
        genre=loader(music.find_genres),
    )
    return CatalogContext(request, artists, music, loaders)
