"""What one can ask the catalog."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from functools import partial
from typing import Annotated

import strawberry

from subgraphs.catalog import values
from subgraphs.catalog.collecting import PlaylistId
from subgraphs.catalog.service.verifications import require_editor
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
from subgraphs.catalog.types.playlists import Playlist, playlist_type
from subgraphs.catalog.types.verifications import ArtistVerification, verification_connection
from subgraphs.catalog.verifying import OLDEST_REQUESTS, VerificationStatus
from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.ids import parse_id, parse_serial
from subgraphs.kit.records import RecordQueries
from subgraphs.kit.search import HOW, SearchText, search_connection


@strawberry.input(description="Which artists are listed; what is absent does not matter.")
class ArtistFilter:
    is_verified: bool | None = strawberry.field(
        default=None, description="Only those the platform knows, or only the others."
    )


@strawberry.input(description="Which albums are listed; what is absent does not matter.")
class AlbumFilter:
    type: values.AlbumType | None = strawberry.field(default=None, description="Only of this length.")


@strawberry.input(description="Which tracks are listed; what is absent does not matter.")
class TrackFilter:
    is_available: bool | None = strawberry.field(
        default=None, description="Only those that can be played, or only the others."
    )


ArtistKey = Annotated[strawberry.ID, strawberry.argument(description="The artist's id.")]
AlbumKey = Annotated[strawberry.ID, strawberry.argument(description="The album's id.")]
TrackKey = Annotated[strawberry.ID, strawberry.argument(description="The track's id.")]
GenreKey = Annotated[strawberry.ID, strawberry.argument(description="The genre's id.")]
RequestsThat = Annotated[VerificationStatus, strawberry.argument(description="What came of them.")]
PlaylistKey = Annotated[strawberry.ID, strawberry.argument(description="The playlist's id.")]
ArtistsBy = Annotated[values.ArtistOrder, strawberry.argument(description="Who comes first.")]
WhichArtists = Annotated[ArtistFilter | None, strawberry.argument(description="Which artists.")]
WhichAlbums = Annotated[AlbumFilter | None, strawberry.argument(description="Which albums.")]

WhichTracks = Annotated[TrackFilter | None, strawberry.argument(description="Which tracks.")]
TracksBy = Annotated[values.TrackOrder, strawberry.argument(description="What comes first.")]


@strawberry.type(description="What can be asked.")
class Query(RecordQueries):
    @strawberry.field(description="An artist, if there is one.")
    async def artist(self, info: CatalogInfo, id: ArtistKey) -> Artist | None:
        artist = await info.context.loaders.artist.load(values.ArtistId(parse_id(id)))
        return None if artist is None else artist_type(artist)

    @strawberry.field(description="Everybody who has a page.")
    @paged
    async def artists(
        self,
        info: CatalogInfo,
        asked: PageArguments,
        order_by: ArtistsBy = values.ArtistOrder.NAME,
        filter: WhichArtists = None,
    ) -> Connection[Artist] | None:
        ordering = values.ARTIST_ORDERINGS[order_by]
        window = asked.of(ordering)
        wanted = _artists_wanted(filter)
        artists = info.context.services.artists
        page = await artists.list_artists(order_by, wanted, window)
        return artist_connection(page, order_by, partial(artists.count_artists, wanted))

    @strawberry.field(description="An album, if there is one that you may see.")
    async def album(self, info: CatalogInfo, id: AlbumKey) -> Album | None:
        album = await info.context.loaders.album.load(values.AlbumId(parse_id(id)))
        return None if album is None else album_type(album)

    @strawberry.field(description="Everybody's albums that are out: new releases first.")
    @paged
    async def albums(
        self,
        info: CatalogInfo,
        asked: PageArguments,
        order_by: Order = values.AlbumOrder.NEWEST,
        filter: WhichAlbums = None,
    ) -> Connection[Album] | None:
        ordering = values.ALBUM_ORDERINGS[order_by]
        window = asked.of(ordering)
        wanted = _albums_wanted(filter)
        albums = info.context.services.albums.stored
        page = await albums.list_released(wanted, window)
        return album_connection(page, order_by, partial(albums.count_released, wanted))

    @strawberry.field(description="A track, if there is one that you may see.")
    async def track(self, info: CatalogInfo, id: TrackKey) -> Track | None:
        track = await info.context.loaders.track.load(values.TrackId(parse_id(id)))
        return None if track is None else track_type(track)

    @strawberry.field(description="Everybody's tracks that are out.")
    @paged
    async def tracks(
        self,
        info: CatalogInfo,
        asked: PageArguments,
        order_by: TracksBy = values.TrackOrder.NEWEST,
        filter: WhichTracks = None,
    ) -> Connection[Track] | None:
        ordering = values.TRACK_ORDERINGS[order_by]
        window = asked.of(ordering)
        wanted = _tracks_wanted(filter)
        tracks = info.context.services.tracks.stored
        page = await tracks.list_released(wanted, window)
        return track_connection(page, partial(tracks.count_released, wanted), order_by)

    @strawberry.field(description="A genre, if there is one.")
    async def genre(self, info: CatalogInfo, id: GenreKey) -> Genre | None:
        genre = await info.context.loaders.genre.load(values.GenreId(parse_serial(id)))
        return None if genre is None else genre_type(genre)

    @strawberry.field(description="All genres, by name: a short list that editors keep.")
    async def genres(self, info: CatalogInfo) -> list[Genre] | None:
        return [genre_type(genre) for genre in await info.context.services.genres.list_all()]

    @strawberry.field(description=f"Artists whose name is like the text. {HOW}")
    @paged
    async def search_artists(
        self,
        info: CatalogInfo,
        asked: PageArguments,
        text: SearchText,
        filter: WhichArtists = None,
    ) -> Connection[Artist] | None:
        names = info.context.services.names["artists"].narrowed(_artists_wanted(filter))
        load = info.context.loaders.artist.load_many
        return await search_connection(names, text, load, artist_type, asked)

    @strawberry.field(description=f"Albums whose title is like the text. {HOW}")
    @paged
    async def search_albums(
        self,
        info: CatalogInfo,
        asked: PageArguments,
        text: SearchText,
        filter: WhichAlbums = None,
    ) -> Connection[Album] | None:
        names = info.context.services.names["albums"].narrowed(_albums_wanted(filter))
        load = info.context.loaders.album.load_many
        return await search_connection(names, text, load, album_type, asked)

    @strawberry.field(description=f"Tracks whose title is like the text. {HOW}")
    @paged
    async def search_tracks(
        self,
        info: CatalogInfo,
        asked: PageArguments,
        text: SearchText,
        filter: WhichTracks = None,
    ) -> Connection[Track] | None:
        names = info.context.services.names["tracks"].narrowed(_tracks_wanted(filter))
        load = info.context.loaders.track.load_many
        return await search_connection(names, text, load, track_type, asked)

    @strawberry.field(description=f"Genres whose name is like the text. {HOW}")
    @paged
    async def search_genres(
        self,
        info: CatalogInfo,
        asked: PageArguments,
        text: SearchText,
    ) -> Connection[Genre] | None:
        names, load = info.context.services.names["genres"], info.context.loaders.genre.load_many
        return await search_connection(names, text, load, genre_type, asked)

    @strawberry.field(description="Requests for badges, oldest first. For administrators.")
    @paged
    async def artist_verifications(
        self,
        info: CatalogInfo,
        asked: PageArguments,
        status: RequestsThat = VerificationStatus.PENDING,
    ) -> Connection[ArtistVerification] | None:
        require_editor(info.context.request.require_viewer().is_admin)
        window, stored = asked.of(OLDEST_REQUESTS), info.context.services.verifications.stored
        page = await stored.list_by_status(status, window)
        return verification_connection(page, partial(stored.count_by_status, status))

    @strawberry.field(description="A playlist, if there is one that you may see.")
    async def playlist(self, info: CatalogInfo, id: PlaylistKey) -> Playlist | None:
        found = await info.context.loaders.playlist.load(PlaylistId(parse_id(id)))
        return None if found is None else playlist_type(found)

    @strawberry.field(description="The artists you are asked to manage, oldest first. For the logged in.")
    async def artist_invitations(self, info: CatalogInfo) -> list[ArtistInvitation] | None:
        viewer = info.context.request.require_viewer()
        found = await info.context.services.managers.list_invitations(values.ManagerId(viewer.id))
        return [invitation_type(invitation) for invitation in found]


def _artists_wanted(filter: ArtistFilter | None) -> values.ArtistFilter:
    return values.ArtistFilter(None if filter is None else filter.is_verified)


def _albums_wanted(filter: AlbumFilter | None) -> values.AlbumFilter:
    return values.AlbumFilter(None if filter is None else filter.type)


def _tracks_wanted(filter: TrackFilter | None) -> values.TrackFilter:
    return values.TrackFilter(None if filter is None else filter.is_available)
