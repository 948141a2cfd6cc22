"""What the mutations of playlists and the library answer with."""

from __future__ import annotations

import strawberry

from subgraphs.catalog.types import Album, Track
from subgraphs.catalog.types.playlists import Playlist
from subgraphs.kit.payloads import outcome, payload, problems
from subgraphs.kit.user_errors import UserError


@payload
class CreatePlaylistPayload:
    playlist: Playlist | None = outcome("The new playlist.")
    errors: list[UserError] = problems()


@payload
class UpdatePlaylistPayload:
    playlist: Playlist | None = outcome("The playlist as it is now.")
    errors: list[UserError] = problems()


@payload
class DeletePlaylistPayload:
    deleted_playlist_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@payload
class AddPlaylistTrackPayload:
    playlist: Playlist | None = outcome("The playlist with it.")
    errors: list[UserError] = problems()


@payload
class MovePlaylistTrackPayload:
    playlist: Playlist | None = outcome("The playlist in its new order.")
    errors: list[UserError] = problems()


@payload
class RemovePlaylistTrackPayload:
    playlist: Playlist | None = outcome("The playlist without it.")
    errors: list[UserError] = problems()


@payload
class AddPlaylistCollaboratorPayload:
    playlist: Playlist | None = outcome("The playlist with them.")
    errors: list[UserError] = problems()


@payload
class RemovePlaylistCollaboratorPayload:
    left_playlist_id: strawberry.ID | None = outcome("The playlist they leave.")
    errors: list[UserError] = problems()


@payload
class SaveTrackPayload:
    track: Track | None = outcome("The track.")
    errors: list[UserError] = problems()


@payload
class UnsaveTrackPayload:
    track: Track | None = outcome("The track, if you see it.")
    errors: list[UserError] = problems()


@payload
class SaveAlbumPayload:
    album: Album | None = outcome("The album.")
    errors: list[UserError] = problems()


@payload
class UnsaveAlbumPayload:
    album: Album | None = outcome("The album, if you see it.")
    errors: list[UserError] = problems()
