"""What the mutations of playlists and the library are given."""

from __future__ import annotations

import strawberry

from subgraphs.catalog import collecting
from subgraphs.catalog import enums as _described  # noqa: F401 -- before they are used
from subgraphs.kit.repeats import idempotency_key

UNSET = strawberry.UNSET
TITLE = "Up to 100 characters."
TEXT = "What it is about: up to 1000 characters."
SEEN = "Who sees it."
OWN = "A playlist of yours."
CHANGED = "A playlist of yours, or one you collaborate on."
ENTRY = "An entry of it: edges have their entryId."
SOMEBODY = "Who it is."


@strawberry.input(description="A new playlist.")
class CreatePlaylistInput:
    title: str = strawberry.field(description=TITLE)
    description: str | None = strawberry.field(default=None, description=TEXT)
    visibility: collecting.Visibility = strawberry.field(
        default=collecting.Visibility.PRIVATE, description=SEEN
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A field that is absent stays; null clears description.")
class UpdatePlaylistInput:
    playlist_id: strawberry.ID = strawberry.field(description=OWN)
    title: str | None = strawberry.field(default=UNSET, description=TITLE)
    description: str | None = strawberry.field(default=UNSET, description=TEXT)
    visibility: collecting.Visibility | None = strawberry.field(default=UNSET, description=SEEN)


@strawberry.input(description="What is deleted.")
class DeletePlaylistInput:
    playlist_id: strawberry.ID = strawberry.field(description=OWN)


@strawberry.input(description="A track for a playlist; it may be there several times.")
class AddPlaylistTrackInput:
    playlist_id: strawberry.ID = strawberry.field(description=CHANGED)
    track_id: strawberry.ID = strawberry.field(description="A track that you see.")
    after_entry_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The entry it comes behind; null: at the beginning; absent: at the end."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Where a track of a playlist goes.")
class MovePlaylistTrackInput:
    playlist_id: strawberry.ID = strawberry.field(description=CHANGED)
    entry_id: strawberry.ID = strawberry.field(description=ENTRY)
    after_entry_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The entry it comes behind; null: at the beginning; absent: at the end."
    )


@strawberry.input(description="A track that leaves a playlist.")
class RemovePlaylistTrackInput:
    playlist_id: strawberry.ID = strawberry.field(description=CHANGED)
    entry_id: strawberry.ID = strawberry.field(description=ENTRY)


@strawberry.input(description="Who may change a playlist's tracks from now on.")
class AddPlaylistCollaboratorInput:
    playlist_id: strawberry.ID = strawberry.field(description=OWN)
    user_id: strawberry.ID = strawberry.field(description=SOMEBODY)


@strawberry.input(description="Who may change a playlist's tracks no longer.")
class RemovePlaylistCollaboratorInput:
    playlist_id: strawberry.ID = strawberry.field(description=CHANGED)
    user_id: strawberry.ID = strawberry.field(description="One of its collaborators; yourself to leave.")


@strawberry.input(description="A track for your library.")
class SaveTrackInput:
    track_id: strawberry.ID = strawberry.field(description="A track that you see.")


@strawberry.input(description="A track that leaves your library.")
class UnsaveTrackInput:
    track_id: strawberry.ID = strawberry.field(description="Whether it is there or not.")


@strawberry.input(description="An album for your library.")
class SaveAlbumInput:
    album_id: strawberry.ID = strawberry.field(description="An album that you see.")


@strawberry.input(description="An album that leaves your library.")
class UnsaveAlbumInput:
    album_id: strawberry.ID = strawberry.field(description="Whether it is there or not.")
