"""Entities by key: the catalog's own, and another subgraph's users, who need no lookup to carry our field."""

from __future__ import annotations

from operator import attrgetter

from subgraphs.catalog.loaders import CatalogContext
from subgraphs.catalog.types import (
    Genre,
    User,
    album_type,
    artist_type,
    genre_type,
    track_type,
)
from subgraphs.catalog.types.playlists import playlist_type
from subgraphs.catalog.values import GenreId
from subgraphs.kit.federation import ReferenceResolver, Representation, key_text
from subgraphs.kit.ids import parse_serial
from subgraphs.kit.references import ById, Known


def resolve_genre(representation: Representation, context: CatalogContext) -> Genre | None:
    return context.loaders.genre.found(
        GenreId(parse_serial(key_text(representation, "id") or "")), genre_type
    )


REFERENCES: dict[str, ReferenceResolver] = {
    "Artist": ById(attrgetter("loaders.artist"), artist_type),
    "Album": ById(attrgetter("loaders.album"), album_type),
    "Track": ById(attrgetter("loaders.track"), track_type),
    "Genre": resolve_genre,
    "User": Known(User),
    "Playlist": ById(attrgetter("loaders.playlist"), playlist_type),
}
