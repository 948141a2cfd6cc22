"""Entities by key: the catalog's own, and another subgraph's users, who need no lookup to carry our field."""

from __future__ import annotations

import strawberry

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
from subgraphs.catalog.values import AlbumId, ArtistId, GenreId, TrackId
from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id, parse_serial


async def resolve_artist(representation: Representation, context: CatalogContext) -> Artist | None:
    artist = await context.loaders.artist.load(ArtistId(parse_id(_key(representation))))
    return None if artist is None else artist_type(artist)


async def resolve_album(representation: Representation, context: CatalogContext) -> Album | None:
    album = await context.loaders.album.load(AlbumId(parse_id(_key(representation))))
    return None if album is None else album_type(album)


async def resolve_track(representation: Representation, context: CatalogContext) -> Track | None:
    track = await context.loaders.track.load(TrackId(parse_id(_key(representation))))
    return None if track is None else track_type(track)


async def resolve_genre(representation: Representation, context: CatalogContext) -> Genre | None:
    genre = await context.loaders.genre.load(GenreId(parse_serial(_key(representation))))
    return None if genre is None else genre_type(genre)


async def resolve_user(representation: Representation, context: CatalogContext) -> User:
    return User(id=strawberry.ID(str(parse_id(_key(representation)))))


def _key(representation: Representation) -> str:
    return key_text(representation, "id") or ""


REFERENCES = {
    "Artist": resolve_artist,
    "Album": resolve_album,
    "Track": resolve_track,
    "Genre": resolve_genre,
    "User": resolve_user,
}
