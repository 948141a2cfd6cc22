"""The catalog in GraphQL. `User` is another subgraph's entity with our fields on it."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import partial
from operator import attrgetter
from typing import Annotated, TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.catalog import collecting, values
from subgraphs.catalog import enums as _described  # noqa: F401 -- before they are used
from subgraphs.catalog.loaders import CatalogContext
from subgraphs.catalog.types.playlists import (
    Library,
    Playlist,
    SharedPlaylistConnection,
    playlist_connection,
    shared_connection,
)
from subgraphs.catalog.types.verifications import ArtistVerification, verification_type
from subgraphs.kit import connections as relay
from subgraphs.kit.connections import Connection, Counter, PageArguments, Paged, connection, paged
from subgraphs.kit.pages import Ordering, Page
from subgraphs.kit.recorded import recorded
from subgraphs.kit.scalars import URL

CatalogInfo: TypeAlias = Info[CatalogContext, None]

Order = Annotated[values.AlbumOrder, strawberry.argument(description="What comes first.")]


@federation.type(keys=["id"], description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="Theirs for good.")

    @strawberry.field(description="The artists they manage, longest-managed first.")
    @paged
    def managed_artists(
        self,
        info: CatalogInfo,
        asked: PageArguments,
    ) -> ManagedArtistConnection | None:
        window = asked.of(values.MANAGED_BY_TIME)
        manager, loaders = values.ManagerId(uuid_of(self.id)), info.context.loaders
        count = partial(loaders.managed_count.load, manager)
        return loaders.managed.answer((manager, window), lambda page: _managed_connection(page, count))

    @strawberry.field(description="Their playlists, newest first: to others those that are public.")
    @paged
    def playlists(self, info: CatalogInfo, asked: PageArguments) -> Connection[Playlist] | None:
        window, loaders = asked.of(collecting.NEWEST_PLAYLISTS), info.context.loaders
        owner = values.ManagerId(uuid_of(self.id))
        count = partial(loaders.playlist_count.load, owner)
        return loaders.playlists.answer((owner, window), lambda page: playlist_connection(page, count))

    @strawberry.field(description="Playlists of others that they change; null for everybody but themselves.")
    @paged
    async def shared_playlists(
        self, info: CatalogInfo, asked: PageArguments
    ) -> SharedPlaylistConnection | None:
        user = values.ManagerId(uuid_of(self.id))
        window, stored = asked.of(collecting.SHARED_PLAYLISTS), info.context.services.playlists.stored
        if info.context.request.themselves(user) is None:
            return None
        return shared_connection(await stored.list_shared(user, window), partial(stored.count_shared, user))

    @strawberry.field(description="What they saved; null for everybody but themselves.")
    def library(self, info: CatalogInfo) -> Library | None:
        user = values.ManagerId(uuid_of(self.id))
        return None if info.context.request.themselves(user) is None else Library(user_id=user)


@recorded(id=lambda artist: str(artist.record.id))
@federation.type(keys=["id"], description="A performer's public page; apart from the people who manage it.")
class Artist:
    record: strawberry.Private[values.Artist]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    name: str = strawberry.field(description="The name on stage.")
    bio: str | None = strawberry.field(description="What they tell about themselves.")
    avatar_url: URL | None = strawberry.field(description="Their picture.")
    is_verified: bool = strawberry.field(description="Whether the platform knows that it is them.")
    created_at: datetime = strawberry.field(description="When the page was made.")

    def __init__(self, record: values.Artist) -> None:
        self.record = record

    @strawberry.field(description="The last request for their badge; null for all but managers and editors.")
    async def verification(self, info: CatalogInfo) -> ArtistVerification | None:
        reader, loaders = info.context.reader, info.context.loaders
        if reader.user_id is None:
            return None
        if not reader.is_admin and await loaders.viewers_permissions.load(self.record.id) is None:
            return None
        found = await loaders.verification.load(self.record.id)
        return None if found is None else verification_type(found)

    @strawberry.field(description="Their releases.")
    @paged
    def albums(
        self,
        info: CatalogInfo,
        asked: PageArguments,
        order_by: Order = values.AlbumOrder.NEWEST,
    ) -> Connection[Album]:
        ordering = values.ALBUM_ORDERINGS[order_by]
        window = asked.of(ordering)
        loaders = info.context.loaders
        count = partial(loaders.album_count.load, self.record.id)
        return loaders.albums.answer(
            (self.record.id, window), lambda page: album_connection(page, order_by, count)
        )

    @strawberry.field(description="The tracks that are theirs, latest added first.")
    @paged
    def tracks(
        self,
        info: CatalogInfo,
        asked: PageArguments,
    ) -> Connection[Track]:
        window = asked.of(values.NEWEST_TRACKS)
        loaders = info.context.loaders
        count = partial(loaders.own_track_count.load, self.record.id)
        return loaders.own_tracks.answer((self.record.id, window), lambda page: track_connection(page, count))

    @strawberry.field(description="The tracks of others they have a part in, latest added first.")
    @paged
    def appears_on(
        self,
        info: CatalogInfo,
        asked: PageArguments,
    ) -> Connection[Track]:
        window = asked.of(values.NEWEST_TRACKS)
        loaders = info.context.loaders
        count = partial(loaders.guest_track_count.load, self.record.id)
        return loaders.guest_tracks.answer(
            (self.record.id, window), lambda page: track_connection(page, count)
        )

    @strawberry.field(description="Who manages it, longest-serving first.")
    @paged
    def managers(
        self,
        info: CatalogInfo,
        asked: PageArguments,
    ) -> ArtistManagerConnection:
        window = asked.of(values.MANAGERS_BY_TIME)
        loaders = info.context.loaders
        count = partial(loaders.manager_count.load, self.record.id)
        return loaders.managers.answer(
            (self.record.id, window), lambda page: _manager_connection(page, count)
        )

    @strawberry.field(
        description="What you may do for the artist as its manager; null when you are not logged in."
    )
    async def viewer_permissions(self, info: CatalogInfo) -> list[values.Permission] | None:
        if info.context.request.viewer is None:
            return None
        return _sorted(await info.context.loaders.viewers_permissions.load(self.record.id) or ())


@strawberry.type(description="Somebody who manages an artist.")
class ArtistManagerEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: User | None = strawberry.field(description="Who it is.")
    permissions: list[values.Permission] = strawberry.field(description="What they may do.")
    managing_since: datetime = strawberry.field(description="Since when.")


@strawberry.type(description="A page of the people who manage an artist.")
class ArtistManagerConnection(Paged[ArtistManagerEdge, User | None]):
    pass


@strawberry.type(description="An artist somebody manages.")
class ManagedArtistEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Artist = strawberry.field(description="The artist.")
    permissions: list[values.Permission] = strawberry.field(description="What they may do for it.")
    managing_since: datetime = strawberry.field(description="Since when.")


@strawberry.type(description="A page of the artists somebody manages.")
class ManagedArtistConnection(Paged[ManagedArtistEdge, Artist]):
    pass


@strawberry.type(description="An artist you are asked to manage.")
class ArtistInvitation:
    artist: Artist = strawberry.field(description="Whom you would manage.")
    permissions: list[values.Permission] = strawberry.field(description="What you might do.")
    invited_at: datetime = strawberry.field(description="When you were asked.")


@federation.type(keys=["id"], description="A release of an artist.")
class Album:
    record: strawberry.Private[values.Album]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    title: str = strawberry.field(description="What it is called.")
    release_date: date = strawberry.field(description="When it came out, or will.")
    cover_url: URL = strawberry.field(description="Its cover.")
    type: values.AlbumType = strawberry.field(description="How long it is.")
    status: values.AlbumStatus = strawberry.field(description="Whether it is out.")

    @strawberry.field(description="Whose it is.")
    def artist(self, info: CatalogInfo) -> Artist:
        return info.context.loaders.artist.answer(self.record.artist_id, _artist_there)

    @strawberry.field(description="The album it brings out again; null when it is none, or is not out.")
    def reissue_of(self, info: CatalogInfo) -> Album | None:
        original = self.record.reissue_of
        return None if original is None else info.context.loaders.album.found(original, album_type)

    @strawberry.field(description="The albums that bring it out again, earliest first.")
    @paged
    def reissues(self, info: CatalogInfo, asked: PageArguments) -> Connection[Album]:
        window, loaders, order = asked.of(values.REISSUES), info.context.loaders, values.REISSUES
        count = partial(loaders.reissue_count.load, self.record.id)
        return loaders.reissues.answer((self.record.id, window), lambda page: _album_page(page, order, count))

    @strawberry.field(description="In album order.")
    def tracks(self, info: CatalogInfo) -> list[Track]:
        return info.context.loaders.tracks.answer(self.record.id, _track_types)

    @strawberry.field(description="Whether you saved it; null when you are not logged in.")
    def viewer_has_saved(self, info: CatalogInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.saved_album.answer(self.record.id)

    @strawberry.field(description="Of all its tracks.")
    def duration_seconds(self, info: CatalogInfo) -> int:
        return info.context.loaders.tracks.answer(self.record.id, _seconds)


@strawberry.type(description="An artist on a track.")
class TrackArtist:
    record: strawberry.Private[values.Credit]
    role: values.CreditRole = strawberry.field(description="Their part in it.")

    @strawberry.field(description="Who it is.")
    def artist(self, info: CatalogInfo) -> Artist:
        return info.context.loaders.artist.answer(self.record.artist_id, _artist_there)


@recorded(
    id=lambda track: str(track.record.id),
    duration_seconds=attrgetter("record.duration_sec"),
)
@federation.type(keys=["id"], description="A piece of music.")
class Track:
    record: strawberry.Private[values.Track]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    title: str = strawberry.field(description="What it is called.")
    duration_seconds: int = strawberry.field(description="How long it plays.")
    track_number: int = strawberry.field(description="Its place on the album, from 1.")
    is_available: bool = strawberry.field(description="Whether it can be played: its processing is done.")
    file_key: str = federation.field(
        inaccessible=True, description="Where its files are stored; for other subgraphs only."
    )

    def __init__(self, record: values.Track) -> None:
        self.record = record

    @strawberry.field(description="Whether you saved it; null when you are not logged in.")
    def viewer_has_saved(self, info: CatalogInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.saved_track.answer(self.record.id)

    @strawberry.field(description="What it was released on.")
    def album(self, info: CatalogInfo) -> Album:
        return info.context.loaders.album.answer(self.record.album_id, _album_there)

    @strawberry.field(description="Who performs it, in display order.")
    def artists(self, info: CatalogInfo) -> list[TrackArtist]:
        return info.context.loaders.credits.answer(self.record.id, _credit_types)

    @strawberry.field(description="By name.")
    def genres(self, info: CatalogInfo) -> list[Genre]:
        return info.context.loaders.track_genres.answer(self.record.id, _genre_types)


@federation.type(keys=["id"], description="A kind of music.")
class Genre:
    record: strawberry.Private[values.Genre]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    name: str = strawberry.field(description="What it is called.")

    @strawberry.field(description="Its tracks, latest added first.")
    @paged
    def tracks(
        self,
        info: CatalogInfo,
        asked: PageArguments,
    ) -> Connection[Track]:
        window = asked.of(values.NEWEST_TRACKS)
        loaders = info.context.loaders
        count = partial(loaders.genre_track_count.load, self.record.id)
        return loaders.genre_tracks.answer(
            (self.record.id, window), lambda page: track_connection(page, count)
        )


def _artist_there(artist: values.Artist | None) -> Artist:
    assert artist is not None, "a foreign key says so"
    return artist_type(artist)


def _album_there(album: values.Album | None) -> Album:
    assert album is not None, "a foreign key says so"
    return album_type(album)


def _track_types(tracks: Iterable[values.Track] | None) -> list[Track]:
    return [track_type(track) for track in tracks or ()]


def _seconds(tracks: Iterable[values.Track] | None) -> int:
    return sum(track.duration_sec for track in tracks or ())


def _credit_types(credits: Iterable[values.Credit] | None) -> list[TrackArtist]:
    return [TrackArtist(record=credit, role=credit.role) for credit in credits or ()]


def _genre_types(genres: Iterable[values.Genre] | None) -> list[Genre]:
    return [genre_type(genre) for genre in genres or ()]


artist_type = Artist
track_type = Track


def album_type(album: values.Album) -> Album:
    return Album(
        record=album,
        id=strawberry.ID(str(album.id)),
        title=album.title,
        release_date=album.release_date,
        cover_url=URL(album.cover_url),
        type=album.type,
        status=album.status(datetime.now(UTC).date()),
    )


def genre_type(genre: values.Genre) -> Genre:
    return Genre(record=genre, id=strawberry.ID(str(genre.id)), name=genre.name)


def invitation_type(invitation: values.Managed) -> ArtistInvitation:
    return ArtistInvitation(
        artist=artist_type(invitation.artist),
        permissions=_sorted(invitation.permissions),
        invited_at=invitation.since,
    )


def artist_connection(
    page: Page[values.Artist], order: values.ArtistOrder, counter: Counter
) -> Connection[Artist]:
    cursor = values.ARTIST_ORDERINGS[order].cursor
    return connection(page, artist_type, lambda artist: cursor(artist.position(order)), counter)


def album_connection(
    page: Page[values.Album], order: values.AlbumOrder, counter: Counter
) -> Connection[Album]:
    return _album_page(page, values.ALBUM_ORDERINGS[order], counter)


def _album_page(page: Page[values.Album], ordering: Ordering, counter: Counter) -> Connection[Album]:
    return connection(page, album_type, lambda album: ordering.cursor(album.position), counter)


def track_connection(
    page: Page[values.Listed], counter: Counter, order: values.TrackOrder = values.TrackOrder.NEWEST
) -> Connection[Track]:
    cursor = values.TRACK_ORDERINGS[order].cursor
    return connection(
        page, lambda listed: track_type(listed.track), lambda listed: cursor(listed.position), counter
    )


def _manager_connection(page: Page[values.Manager], counter: Counter) -> ArtistManagerConnection:
    return ArtistManagerConnection.of(map(_manager_edge, page.items), page, counter)


def _manager_edge(manager: values.Manager) -> ArtistManagerEdge:
    return ArtistManagerEdge(
        cursor=values.MANAGERS_BY_TIME.cursor(manager.position),
        node=User(id=strawberry.ID(str(manager.user_id))),
        permissions=_sorted(manager.permissions),
        managing_since=manager.since,
    )


def _managed_connection(page: Page[values.Managed], counter: Counter) -> ManagedArtistConnection:
    return ManagedArtistConnection.of(map(_managed_edge, page.items), page, counter)


def _managed_edge(managed: values.Managed) -> ManagedArtistEdge:
    return ManagedArtistEdge(
        cursor=values.MANAGED_BY_TIME.cursor(managed.position),
        node=artist_type(managed.artist),
        permissions=_sorted(managed.permissions),
        managing_since=managed.since,
    )


def _sorted(permissions: Iterable[values.Permission]) -> list[values.Permission]:
    return sorted(permissions, key=lambda permission: permission.value)
