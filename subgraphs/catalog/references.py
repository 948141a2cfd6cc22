"""Entities by key: the catalog's own, and another subgraph's users, who need no lookup to carry our field."""

from __future__ import annotations

import strawberry

from subgraphs.catalog.collecting import PlaylistId
from subgraphs.catalog.loaders import CatalogContext
from subgraphs.catalog.types import (
    Album,
    Artist,
    Genre,
    Track,
    User,
    album_type,
    artist_type,
    genre_type,
    track_type,
)
from subgraphs.catalog.types.playlists import Playlist, playlist_type
from subgraphs.catalog.values import AlbumId, ArtistId, GenreId, TrackId
from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id, parse_serial


def resolve_artist(representation: Representation, context: CatalogContext) -> Artist | None:
    return context.loaders.artist.found(ArtistId(parse_id(_key(representation))), artist_type)


def resolve_album(representation: Representation, context: CatalogContext) -> Album | None:
    return context.loaders.album.found(AlbumId(parse_id(_key(representation))), album_type)


def resolve_track(representation: Representation, context: CatalogContext) -> Track | None:
    return context.loaders.track.found(TrackId(parse_id(_key(representation))), track_type)


def resolve_genre(representation: Representation, context: CatalogContext) -> Genre | None:
    return context.loaders.genre.found(GenreId(parse_serial(_key(representation))), genre_type)


def resolve_playlist(representation: Representation, context: CatalogContext) -> Playlist | None:
    return context.loaders.playlist.found(PlaylistId(parse_id(_key(representation))), playlist_type)


def resolve_user(representation: Representation, context: CatalogContext) -> User:
    return User(id=strawberry.ID(str(parse_id(_key(representation)))))


def _key(representation: Representation) -> str:
    return key_text(representation, "id") or ""


REFERENCES = {
    "Artist": resolve_artist,
    "Album": resolve_album,
    "Track": resolve_track,
    "Genre": resolve_genre,
    "User": resolve_user,
    "Playlist": resolve_playlist,
}
