"""What the mutations of the catalog answer with."""

from __future__ import annotations

import strawberry

from subgraphs.catalog.types import Album, Artist, Genre, Track
from subgraphs.kit.payloads import outcome, payload, problems
from subgraphs.kit.user_errors import UserError


@payload
class CreateArtistPayload:
    artist: Artist | None = outcome("The new artist.")
    errors: list[UserError] = problems()


@payload
class UpdateArtistPayload:
    artist: Artist | None = outcome("The artist as it is now.")
    errors: list[UserError] = problems()


@payload
class InviteArtistManagerPayload:
    artist: Artist | None = outcome("The artist somebody is invited to.")
    errors: list[UserError] = problems()


@payload
class AnswerArtistInvitationPayload:
    artist: Artist | None = outcome("The artist you answered about.")
    errors: list[UserError] = problems()


@payload
class ChangeArtistManagerPayload:
    artist: Artist | None = outcome("The artist with its managers.")
    errors: list[UserError] = problems()


@payload
class RemoveArtistManagerPayload:
    artist: Artist | None = outcome("The artist with its managers.")
    errors: list[UserError] = problems()


@payload
class CreateAlbumPayload:
    album: Album | None = outcome("The new album.")
    errors: list[UserError] = problems()


@payload
class UpdateAlbumPayload:
    album: Album | None = outcome("The album as it is now.")
    errors: list[UserError] = problems()


@payload
class DeleteAlbumPayload:
    deleted_album_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@payload
class CreateTrackPayload:
    track: Track | None = outcome("The new track.")
    errors: list[UserError] = problems()


@payload
class UpdateTrackPayload:
    track: Track | None = outcome("The track as it is now.")
    errors: list[UserError] = problems()


@payload
class DeleteTrackPayload:
    deleted_track_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@payload
class CreateGenrePayload:
    genre: Genre | None = outcome("The new genre.")
    errors: list[UserError] = problems()


@payload
class RenameGenrePayload:
    genre: Genre | None = outcome("The genre as it is now.")
    errors: list[UserError] = problems()


@payload
class DeleteGenrePayload:
    deleted_genre_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()
