"""Playlists and what people saved, in GraphQL."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.catalog import collecting, values
from subgraphs.catalog import enums as _described  # noqa: F401 -- before they are used
from subgraphs.catalog.loaders import CatalogContext
from subgraphs.kit import connections as relay
from subgraphs.kit.connections import Connection, Counter, PageArguments, Paged, connection, paged
from subgraphs.kit.pages import Page

if TYPE_CHECKING:
    from subgraphs.catalog.types import Album, Track, User

CatalogInfo: TypeAlias = Info[CatalogContext, None]
TYPES = __name__.rpartition(".")[0]
LazyUser = Annotated["User", strawberry.lazy(TYPES)]
LazyTrack = Annotated["Track", strawberry.lazy(TYPES)]
LazyAlbum = Annotated["Album", strawberry.lazy(TYPES)]


@strawberry.type(description="A track on a playlist.")
class PlaylistEntryEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: LazyTrack = strawberry.field(description="The track.")
    entry_id: strawberry.ID = strawberry.field(description="Of this place: a track may have several.")
    added_by: LazyUser | None = strawberry.field(description="Who put it there; null when they are gone.")
    added_at: datetime = strawberry.field(description="Since when it is there.")


@strawberry.type(description="A page of a playlist's tracks.")
class PlaylistEntryConnection(Paged[PlaylistEntryEdge, LazyTrack]):
    pass


@federation.type(keys=["id"], description="Tracks in an order that somebody chose.")
class Playlist:
    record: strawberry.Private[collecting.Playlist]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    title: str = strawberry.field(description="What it is called.")
    description: str | None = strawberry.field(description="What its owner says of it.")
    visibility: collecting.Visibility = strawberry.field(description="Who sees it.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @strawberry.field(description="Whose it is.")
    def owner(self) -> LazyUser | None:
        return _user(self.record.owner_id)

    @strawberry.field(
        description="In the order its owner and collaborators gave it; without what is not out."
    )
    @paged
    def tracks(self, info: CatalogInfo, asked: PageArguments) -> PlaylistEntryConnection:
        window, loaders = asked.of(collecting.ENTRIES), info.context.loaders
        count = partial(loaders.entry_count.load, self.record.id)
        return loaders.entries.answer((self.record.id, window), lambda page: _entries(page, count))

    @strawberry.field(description="Who changes it beside its owner; null for everybody else.")
    async def collaborators(self, info: CatalogInfo) -> list[LazyUser | None] | None:
        loaders, viewer = info.context.loaders, info.context.request.known_viewer
        if viewer is None or not await loaders.changeable_playlist.load(self.record.id):
            return None
        people = await loaders.collaborators.load(self.record.id)
        return [_user(person) for person in people or ()]

    @strawberry.field(description="Whether you may change its tracks; null when you are not logged in.")
    def viewer_may_edit(self, info: CatalogInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.changeable_playlist.answer(self.record.id)


@strawberry.type(description="A playlist of somebody else that you change.")
class SharedPlaylistEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Playlist = strawberry.field(description="The playlist.")
    shared_at: datetime = strawberry.field(description="Since when you may.")


@strawberry.type(description="A page of playlists of others that you change.")
class SharedPlaylistConnection(Paged[SharedPlaylistEdge, Playlist]):
    pass


@strawberry.type(description="A track you saved.")
class SavedTrackEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: LazyTrack = strawberry.field(description="The track.")
    saved_at: datetime = strawberry.field(description="When you saved it.")


@strawberry.type(description="A page of tracks you saved.")
class SavedTrackConnection(Paged[SavedTrackEdge, LazyTrack]):
    pass


@strawberry.type(description="An album you saved.")
class SavedAlbumEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: LazyAlbum = strawberry.field(description="The album.")
    saved_at: datetime = strawberry.field(description="When you saved it.")


@strawberry.type(description="A page of albums you saved.")
class SavedAlbumConnection(Paged[SavedAlbumEdge, LazyAlbum]):
    pass


@strawberry.type(description="What somebody saved: theirs alone.")
class Library:
    user_id: strawberry.Private[values.ManagerId]

    @strawberry.field(description="Last saved first.")
    @paged
    async def tracks(self, info: CatalogInfo, asked: PageArguments) -> SavedTrackConnection:
        stored, reader = info.context.services.library.stored, info.context.reader
        page = await stored.list_tracks(reader, self.user_id, asked.of(collecting.SAVED_TRACKS))
        places = map(_saved_track, page.items)
        return SavedTrackConnection.of(places, page, partial(stored.count_tracks, reader, self.user_id))

    @strawberry.field(description="Last saved first.")
    @paged
    async def albums(self, info: CatalogInfo, asked: PageArguments) -> SavedAlbumConnection:
        stored, reader = info.context.services.library.stored, info.context.reader
        page = await stored.list_albums(reader, self.user_id, asked.of(collecting.SAVED_ALBUMS))
        places = map(_saved_album, page.items)
        return SavedAlbumConnection.of(places, page, partial(stored.count_albums, reader, self.user_id))


def playlist_type(playlist: collecting.Playlist) -> Playlist:
    return Playlist(
        record=playlist,
        id=strawberry.ID(str(playlist.id)),
        title=playlist.title,
        description=playlist.description,
        visibility=playlist.visibility,
        created_at=playlist.created_at,
    )


def playlist_connection(page: Page[collecting.Playlist], counter: Counter) -> Connection[Playlist]:
    cursor = collecting.NEWEST_PLAYLISTS.cursor
    return connection(page, playlist_type, lambda playlist: cursor(playlist.position), counter)


def shared_connection(page: Page[collecting.SharedPlaylist], counter: Counter) -> SharedPlaylistConnection:
    return SharedPlaylistConnection.of(map(_shared, page.items), page, counter)


def _shared(shared: collecting.SharedPlaylist) -> SharedPlaylistEdge:
    cursor = collecting.SHARED_PLAYLISTS.cursor(shared.position)
    return SharedPlaylistEdge(cursor=cursor, node=playlist_type(shared.playlist), shared_at=shared.since)


def _entries(page: Page[collecting.Entry], counter: Counter) -> PlaylistEntryConnection:
    return PlaylistEntryConnection.of(map(_entry, page.items), page, counter)


def _entry(entry: collecting.Entry) -> PlaylistEntryEdge:
    return PlaylistEntryEdge(
        cursor=collecting.ENTRIES.cursor(entry.position),
        node=_track(entry.track),
        entry_id=strawberry.ID(str(entry.id)),
        added_by=None if entry.added_by is None else _user(entry.added_by),
        added_at=entry.since,
    )


def _saved_track(saved: collecting.SavedTrack) -> SavedTrackEdge:
    cursor = collecting.SAVED_TRACKS.cursor(saved.position)
    return SavedTrackEdge(cursor=cursor, node=_track(saved.track), saved_at=saved.since)


def _saved_album(saved: collecting.SavedAlbum) -> SavedAlbumEdge:
    from subgraphs.catalog.types import album_type

    cursor = collecting.SAVED_ALBUMS.cursor(saved.position)
    return SavedAlbumEdge(cursor=cursor, node=album_type(saved.album), saved_at=saved.since)


def _track(track: values.Track) -> LazyTrack:
    from subgraphs.catalog.types import track_type

    return track_type(track)


def _user(user: values.ManagerId) -> LazyUser:
    from subgraphs.catalog.types import User

    return User(id=strawberry.ID(str(user)))
