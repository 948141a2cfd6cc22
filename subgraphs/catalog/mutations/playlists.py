"""What one can do with playlists and the library; they are people's own."""

from __future__ import annotations

import strawberry

from subgraphs.catalog import collecting
from subgraphs.catalog.inputs import playlists as inputs
from subgraphs.catalog.payloads import playlists as payloads
from subgraphs.catalog.types import Album, CatalogInfo, Track, album_type, track_type
from subgraphs.catalog.types.playlists import playlist_type
from subgraphs.catalog.values import AlbumId, ManagerId, TrackId
from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation
from subgraphs.kit.repeats import FIELD, attempt_of
from subgraphs.kit.validation import NO_ID, Checks

OWNERS, EDITORS, LOGGED_IN = "For its owner.", "For its owner and collaborators.", "For the logged in."


@strawberry.type
class PlaylistMutations:
    @mutation(payloads.CreatePlaylistPayload, description=LOGGED_IN)
    async def create_playlist(
        self, info: CatalogInfo, input: inputs.CreatePlaylistInput
    ) -> payloads.CreatePlaylistPayload | None:
        actor, checks = await info.context.writer(), Checks()
        attempt = attempt_of(actor.user_id, input, checks)
        columns = {name: value for name, value in vars(input).items() if name != FIELD}
        playlist = await info.context.services.playlists.create(actor, columns, checks, attempt)
        return payloads.CreatePlaylistPayload(playlist=playlist_type(playlist))

    @mutation(payloads.UpdatePlaylistPayload, description=OWNERS)
    async def update_playlist(
        self, info: CatalogInfo, input: inputs.UpdatePlaylistInput
    ) -> payloads.UpdatePlaylistPayload | None:
        actor, checks = await info.context.writer(), Checks()
        columns = changes(input, checks, clearable={"description"})
        playlist_id = _playlist_id(checks, columns.pop("playlist_id"))
        playlist = await info.context.services.playlists.update(actor, playlist_id, columns, checks)
        return payloads.UpdatePlaylistPayload(playlist=playlist_type(playlist))

    @mutation(payloads.DeletePlaylistPayload, description=OWNERS)
    async def delete_playlist(
        self, info: CatalogInfo, input: inputs.DeletePlaylistInput
    ) -> payloads.DeletePlaylistPayload | None:
        actor, checks = await info.context.writer(), Checks()
        playlist_id = _playlist_id(checks, input.playlist_id)
        gone = await info.context.services.playlists.remove(actor, playlist_id, checks)
        return payloads.DeletePlaylistPayload(deleted_playlist_id=strawberry.ID(str(gone)))

    @mutation(payloads.AddPlaylistTrackPayload, description=EDITORS)
    async def add_playlist_track(
        self, info: CatalogInfo, input: inputs.AddPlaylistTrackInput
    ) -> payloads.AddPlaylistTrackPayload | None:
        actor, checks = await info.context.writer(), Checks()
        new = collecting.NewEntry(
            collecting.EntryId(NO_ID),
            _playlist_id(checks, input.playlist_id),
            TrackId(checks.id(input.track_id, "trackId")),
            _where(checks, input.after_entry_id),
        )
        attempt = attempt_of(actor.user_id, input, checks)
        playlist = await info.context.services.playlists.add_track(actor, new, checks, attempt)
        return payloads.AddPlaylistTrackPayload(playlist=playlist_type(playlist))

    @mutation(payloads.MovePlaylistTrackPayload, description=EDITORS)
    async def move_playlist_track(
        self, info: CatalogInfo, input: inputs.MovePlaylistTrackInput
    ) -> payloads.MovePlaylistTrackPayload | None:
        actor, checks = await info.context.writer(), Checks()
        playlist_id, entry = _playlist_id(checks, input.playlist_id), _entry_id(checks, input.entry_id)
        where, playlists = _where(checks, input.after_entry_id), info.context.services.playlists
        playlist = await playlists.move_track(actor, playlist_id, entry, where, checks)
        return payloads.MovePlaylistTrackPayload(playlist=playlist_type(playlist))

    @mutation(payloads.RemovePlaylistTrackPayload, description=EDITORS)
    async def remove_playlist_track(
        self, info: CatalogInfo, input: inputs.RemovePlaylistTrackInput
    ) -> payloads.RemovePlaylistTrackPayload | None:
        actor, checks = await info.context.writer(), Checks()
        playlist_id, entry = _playlist_id(checks, input.playlist_id), _entry_id(checks, input.entry_id)
        playlist = await info.context.services.playlists.remove_track(actor, playlist_id, entry, checks)
        return payloads.RemovePlaylistTrackPayload(playlist=playlist_type(playlist))

    @mutation(payloads.AddPlaylistCollaboratorPayload, description=OWNERS)
    async def add_playlist_collaborator(
        self, info: CatalogInfo, input: inputs.AddPlaylistCollaboratorInput
    ) -> payloads.AddPlaylistCollaboratorPayload | None:
        actor, checks = await info.context.writer(), Checks()
        playlist_id, user = _playlist_id(checks, input.playlist_id), _user_id(checks, input.user_id)
        playlist = await info.context.services.playlists.add_collaborator(actor, playlist_id, user, checks)
        return payloads.AddPlaylistCollaboratorPayload(playlist=playlist_type(playlist))

    @mutation(payloads.RemovePlaylistCollaboratorPayload, description=f"{OWNERS} And for who leaves.")
    async def remove_playlist_collaborator(
        self, info: CatalogInfo, input: inputs.RemovePlaylistCollaboratorInput
    ) -> payloads.RemovePlaylistCollaboratorPayload | None:
        actor, checks = await info.context.writer(), Checks()
        playlist_id, user = _playlist_id(checks, input.playlist_id), _user_id(checks, input.user_id)
        left = await info.context.services.playlists.remove_collaborator(actor, playlist_id, user, checks)
        return payloads.RemovePlaylistCollaboratorPayload(left_playlist_id=strawberry.ID(str(left)))

    @mutation(
        payloads.SaveTrackPayload, description="Put it into your library; saving again changes nothing."
    )
    async def save_track(
        self, info: CatalogInfo, input: inputs.SaveTrackInput
    ) -> payloads.SaveTrackPayload | None:
        actor, checks = await info.context.writer(), Checks()
        track_id = TrackId(checks.id(input.track_id, "trackId"))
        await info.context.services.library.save_track(actor, track_id, checks)
        return payloads.SaveTrackPayload(track=await _track(info, track_id))

    @mutation(payloads.UnsaveTrackPayload, description="Take it out of your library, if it is there.")
    async def unsave_track(
        self, info: CatalogInfo, input: inputs.UnsaveTrackInput
    ) -> payloads.UnsaveTrackPayload | None:
        actor, checks = await info.context.writer(), Checks()
        track_id = TrackId(checks.id(input.track_id, "trackId"))
        await info.context.services.library.unsave_track(actor, track_id, checks)
        return payloads.UnsaveTrackPayload(track=await _track(info, track_id))

    @mutation(
        payloads.SaveAlbumPayload, description="Put it into your library; saving again changes nothing."
    )
    async def save_album(
        self, info: CatalogInfo, input: inputs.SaveAlbumInput
    ) -> payloads.SaveAlbumPayload | None:
        actor, checks = await info.context.writer(), Checks()
        album_id = AlbumId(checks.id(input.album_id, "albumId"))
        await info.context.services.library.save_album(actor, album_id, checks)
        return payloads.SaveAlbumPayload(album=await _album(info, album_id))

    @mutation(payloads.UnsaveAlbumPayload, description="Take it out of your library, if it is there.")
    async def unsave_album(
        self, info: CatalogInfo, input: inputs.UnsaveAlbumInput
    ) -> payloads.UnsaveAlbumPayload | None:
        actor, checks = await info.context.writer(), Checks()
        album_id = AlbumId(checks.id(input.album_id, "albumId"))
        await info.context.services.library.unsave_album(actor, album_id, checks)
        return payloads.UnsaveAlbumPayload(album=await _album(info, album_id))


async def _track(info: CatalogInfo, track_id: TrackId) -> Track | None:
    found = await info.context.loaders.track.load(track_id)
    return None if found is None else track_type(found)


async def _album(info: CatalogInfo, album_id: AlbumId) -> Album | None:
    found = await info.context.loaders.album.load(album_id)
    return None if found is None else album_type(found)


def _where(checks: Checks, after: str | None) -> collecting.Where:
    if after is strawberry.UNSET:
        return collecting.Where(is_end=True)
    if after is None:
        return collecting.Where()
    return collecting.Where(collecting.EntryId(checks.id(after, "afterEntryId")))


def _playlist_id(checks: Checks, text: str) -> collecting.PlaylistId:
    return collecting.PlaylistId(checks.id(text, "playlistId"))


def _entry_id(checks: Checks, text: str) -> collecting.EntryId:
    return collecting.EntryId(checks.id(text, "entryId"))


def _user_id(checks: Checks, text: str) -> ManagerId:
    return ManagerId(checks.id(text, "userId"))
