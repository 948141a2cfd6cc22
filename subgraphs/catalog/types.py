"""The catalog in GraphQL. `User` is another subgraph's entity with our field on it."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import date
from typing import TypeAlias
from uuid import UUID

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.catalog import values
from subgraphs.catalog.loaders import CatalogContext
from subgraphs.kit.connections import After, Before, Connection, First, Last, connection
from subgraphs.kit.pages import Page, page_request

CatalogInfo: TypeAlias = Info[CatalogContext, None]

strawberry.enum(values.AlbumType, name="AlbumType")
strawberry.enum(values.CreditRole, name="TrackArtistRole", description="An artist's part in a track.")
strawberry.enum(
    values.Permission, name="ArtistPermission", description="What a manager may do for an artist."
)


@federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field(description="The artists they manage, by name.")
    async def managed_artists(
        self,
        info: CatalogInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Artist]:
        window = page_request(values.ARTISTS_BY_NAME, first=first, after=after, last=last, before=before)
        manager = values.ManagerId(UUID(self.id))
        return artist_connection(await info.context.loaders.managed.load((manager, window)))


@federation.type(keys=["id"], description="A performer's public page; apart from the people who manage it.")
class Artist:
    record: strawberry.Private[values.Artist]
    id: strawberry.ID
    name: str
    bio: str | None
    avatar_url: str | None
    is_verified: bool

    @strawberry.field(description="Latest first.")
    async def albums(
        self,
        info: CatalogInfo,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Album]:
        window = page_request(values.NEWEST_ALBUMS, first=first, after=after, last=last, before=before)
        page = await info.context.loaders.albums.load((self.record.id, window))
        return connection(page, album_type, lambda album: values.NEWEST_ALBUMS.cursor(album.position))

    @strawberry.field(description="Longest-serving first.")
    async def managers(self, info: CatalogInfo) -> list[User]:
        found = await info.context.loaders.managers.load(self.record.id) or ()
        return [User(id=strawberry.ID(str(manager.user_id))) for manager in found]

    @strawberry.field(description="What you may do for the artist; null when you are not logged in.")
    async def viewer_permissions(self, info: CatalogInfo) -> list[values.Permission] | None:
        viewer = info.context.request.viewer
        if viewer is None:
            return None
        managers = await info.context.loaders.managers.load(self.record.id) or ()
        mine = [manager.permissions for manager in managers if manager.user_id == viewer.id]
        return sorted(frozenset[values.Permission]().union(*mine), key=lambda permission: permission.value)


@federation.type(keys=["id"])
class Album:
    record: strawberry.Private[values.Album]
    id: strawberry.ID
    title: str
    release_date: date
    cover_url: str
    type: values.AlbumType

    @strawberry.field
    async def artist(self, info: CatalogInfo) -> Artist:
        artist = await info.context.loaders.artist.load(self.record.artist_id)
        assert artist is not None, "a foreign key says so"
        return artist_type(artist)

    @strawberry.field(description="In album order.")
    async def tracks(self, info: CatalogInfo) -> list[Track]:
        return [track_type(track) for track in await info.context.loaders.tracks.load(self.record.id) or ()]

    @strawberry.field(description="Of all its tracks.")
    async def duration_seconds(self, info: CatalogInfo) -> int:
        return sum(
            track.duration_sec for track in await info.context.loaders.tracks.load(self.record.id) or ()
        )


@strawberry.type(description="An artist on a track.")
class TrackArtist:
    record: strawberry.Private[values.Credit]
    role: values.CreditRole

    @strawberry.field
    async def artist(self, info: CatalogInfo) -> Artist:
        artist = await info.context.loaders.artist.load(self.record.artist_id)
        assert artist is not None, "a foreign key says so"
        return artist_type(artist)


@federation.type(keys=["id"])
class Track:
    record: strawberry.Private[values.Track]
    id: strawberry.ID
    title: str
    duration_seconds: int
    track_number: int
    is_available: bool = strawberry.field(description="Whether it can be played: its processing is done.")
    file_key: str = federation.field(
        inaccessible=True, description="Where its files are stored; for other subgraphs only."
    )

    @strawberry.field
    async def album(self, info: CatalogInfo) -> Album:
        album = await info.context.loaders.album.load(self.record.album_id)
        assert album is not None, "a foreign key says so"
        return album_type(album)

    @strawberry.field(description="Who performs it, in display order.")
    async def artists(self, info: CatalogInfo) -> list[TrackArtist]:
        credits = await info.context.loaders.credits.load(self.record.id) or ()
        return [TrackArtist(record=credit, role=credit.role) for credit in credits]

    @strawberry.field
    async def genres(self, info: CatalogInfo) -> list[Genre]:
        return [
            genre_type(genre) for genre in await info.context.loaders.track_genres.load(self.record.id) or ()
        ]


@federation.type(keys=["id"])
class Genre:
    id: strawberry.ID
    name: str


def artist_type(artist: values.Artist) -> Artist:
    return Artist(
        record=artist,
        id=strawberry.ID(str(artist.id)),
        name=artist.name,
        bio=artist.bio,
        avatar_url=artist.avatar_url,
        is_verified=artist.is_verified,
    )


def album_type(album: values.Album) -> Album:
    return Album(
        record=album,
        id=strawberry.ID(str(album.id)),
        title=album.title,
        release_date=album.release_date,
        cover_url=album.cover_url,
        type=album.type,
    )


def track_type(track: values.Track) -> Track:
    return Track(
        record=track,
        id=strawberry.ID(str(track.id)),
        title=track.title,
        duration_seconds=track.duration_sec,
        track_number=track.track_number,
        is_available=track.is_available,
        file_key=track.file_key,
    )


def genre_type(genre: values.Genre) -> Genre:
    return Genre(id=strawberry.ID(str(genre.id)), name=genre.name)


def artist_connection(page: Page[values.Artist]) -> Connection[Artist]:
    return connection(page, artist_type, lambda artist: values.ARTISTS_BY_NAME.cursor(artist.position))
