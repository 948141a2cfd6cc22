"""What one can ask the catalog."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from functools import partial
from typing import Annotated

import strawberry

from subgraphs.catalog import values
from subgraphs.catalog.types import (
    Album,
    Artist,
    ArtistInvitation,
    CatalogInfo,
    Genre,
    Order,
    Track,
    album_connection,
    album_type,
    artist_connection,
    artist_type,
    genre_type,
    invitation_type,
    track_connection,
    track_type,
)
from subgraphs.kit.connections import After, Before, Connection, First, Last
from subgraphs.kit.ids import parse_id, parse_serial
from subgraphs.kit.pages import page_request


@strawberry.input(description="Which artists are listed; what is absent does not matter.")
class ArtistFilter:
    is_verified: bool | None = strawberry.field(
        default=None, description="Only those the platform knows, or only the others."
    )


@strawberry.input(description="Which albums are listed; what is absent does not matter.")
class AlbumFilter:
    type: values.AlbumType | None = strawberry.field(default=None, description="Only of this length.")


ArtistKey = Annotated[strawberry.ID, strawberry.argument(description="The artist's id.")]
AlbumKey = Annotated[strawberry.ID, strawberry.argument(description="The album's id.")]
TrackKey = Annotated[strawberry.ID, strawberry.argument(description="The track's id.")]
GenreKey = Annotated[strawberry.ID, strawberry.argument(description="The genre's id.")]
ArtistsBy = Annotated[values.ArtistOrder, strawberry.argument(description="Who comes first.")]
WhichArtists = Annotated[ArtistFilter | None, strawberry.argument(description="Which artists.")]
WhichAlbums = Annotated[AlbumFilter | None, strawberry.argument(description="Which albums.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="An artist, if there is one.")
    async def artist(self, info: CatalogInfo, id: ArtistKey) -> Artist | None:
        artist = await info.context.loaders.artist.load(values.ArtistId(parse_id(id)))
        return None if artist is None else artist_type(artist)

    @strawberry.field(description="Everybody who has a page.")
    async def artists(
        self,
        info: CatalogInfo,
        order_by: ArtistsBy = values.ArtistOrder.NAME,
        filter: WhichArtists = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Artist] | None:
        ordering = values.ARTIST_ORDERINGS[order_by]
        window = page_request(ordering, first=first, after=after, last=last, before=before)
        wanted = values.ArtistFilter(None if filter is None else filter.is_verified)
        artists = info.context.services.artists
        page = await artists.list_artists(order_by, wanted, window)
        return artist_connection(page, order_by, partial(artists.count_artists, wanted))

    @strawberry.field(description="An album, if there is one.")
    async def album(self, info: CatalogInfo, id: AlbumKey) -> Album | None:
        album = await info.context.loaders.album.load(values.AlbumId(parse_id(id)))
        return None if album is None else album_type(album)

    @strawberry.field(description="Everybody's albums.")
    async def albums(
        self,
        info: CatalogInfo,
        order_by: Order = values.AlbumOrder.NEWEST,
        filter: WhichAlbums = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Album] | None:
        ordering = values.ALBUM_ORDERINGS[order_by]
        window = page_request(ordering, first=first, after=after, last=last, before=before)
        wanted = values.AlbumFilter(None if filter is None else filter.type)
        music = info.context.services.music
        page = await music.list_all_albums(wanted, window)
        return album_connection(page, order_by, partial(music.count_all_albums, wanted))

    @strawberry.field(description="A track, if there is one.")
    async def track(self, info: CatalogInfo, id: TrackKey) -> Track | None:
        track = await info.context.loaders.track.load(values.TrackId(parse_id(id)))
        return None if track is None else track_type(track)

    @strawberry.field(description="Everybody's tracks, latest added first.")
    async def tracks(
        self,
        info: CatalogInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Track] | None:
        window = page_request(values.NEWEST_TRACKS, first=first, after=after, last=last, before=before)
        music = info.context.services.music
        return track_connection(await music.list_all_tracks(window), music.count_all_tracks)

    @strawberry.field(description="A genre, if there is one.")
    async def genre(self, info: CatalogInfo, id: GenreKey) -> Genre | None:
        genre = await info.context.loaders.genre.load(values.GenreId(parse_serial(id)))
        return None if genre is None else genre_type(genre)

    @strawberry.field(description="All genres, by name: a short list that editors keep.")
    async def genres(self, info: CatalogInfo) -> list[Genre] | None:
        return [genre_type(genre) for genre in await info.context.services.genres.list_all()]

    @strawberry.field(description="The artists you are asked to manage, oldest first. For the logged in.")
    async def artist_invitations(self, info: CatalogInfo) -> list[ArtistInvitation] | None:
        viewer = info.context.request.require_viewer()
        found = await info.context.services.managers.list_invitations(viewer)
        return [invitation_type(invitation) for invitation in found]
