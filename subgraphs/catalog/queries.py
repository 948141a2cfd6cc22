"""What one can ask the catalog."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

import strawberry

from subgraphs.catalog import values
from subgraphs.catalog.types import (
    Album,
    Artist,
    CatalogInfo,
    Genre,
    Track,
    album_type,
    artist_connection,
    artist_type,
    genre_type,
    track_type,
)
from subgraphs.kit.connections import After, Before, Connection, First, Last
from subgraphs.kit.ids import parse_id
from subgraphs.kit.pages import page_request


@strawberry.type
class Query:
    @strawberry.field
    async def artist(self, info: CatalogInfo, id: strawberry.ID) -> Artist | None:
        artist = await info.context.loaders.artist.load(values.ArtistId(parse_id(id)))
        return None if artist is None else artist_type(artist)

    @strawberry.field(description="Everybody, by name.")
    async def artists(
        self,
        info: CatalogInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Artist]:
        window = page_request(values.ARTISTS_BY_NAME, first=first, after=after, last=last, before=before)
        return artist_connection(await info.context.artists.list_by_name(window))

    @strawberry.field
    async def album(self, info: CatalogInfo, id: strawberry.ID) -> Album | None:
        album = await info.context.loaders.album.load(values.AlbumId(parse_id(id)))
        return None if album is None else album_type(album)

    @strawberry.field
    async def track(self, info: CatalogInfo, id: strawberry.ID) -> Track | None:
        track = await info.context.loaders.track.load(values.TrackId(parse_id(id)))
        return None if track is None else track_type(track)

    @strawberry.field(description="All genres, by name.")
    async def genres(self, info: CatalogInfo) -> list[Genre]:
        return [genre_type(genre) for genre in await info.context.music.list_genres()]
