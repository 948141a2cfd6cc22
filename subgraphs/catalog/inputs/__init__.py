"""What the mutations of the catalog are given."""

from __future__ import annotations

from datetime import date

import strawberry

from subgraphs.catalog import enums as _described  # noqa: F401 -- before they are used
from subgraphs.catalog import values
from subgraphs.kit.repeats import idempotency_key
from subgraphs.kit.scalars import URL

UNSET = strawberry.UNSET
NAME = "The name on stage: up to 100 characters."
BIO = "Up to 5000 characters."
PICTURE = "Their picture."
TITLE = "Up to 150 characters."
RELEASE = "When it came out, or will: until then (UTC) only the artist's managers see it."
COVER = "Its cover."
LENGTH = "How long it is."
DRAFT = "Whether only the artist's managers see it, whatever the day."
ORIGINAL = "The album of the same artist that this is a reissue of; itself no reissue."
SECONDS = "How long it plays: up to a day."
NUMBER = "Its place on the album, from 1: each once."
ARTISTS = "Who performs it, in display order: at most 20."
GENRES = "At most 10."
MANAGED = "An artist you manage."
MAY = "What they may do."


@strawberry.input(description="A new artist's page.")
class CreateArtistInput:
    name: str = strawberry.field(description=NAME)
    bio: str | None = strawberry.field(default=None, description=BIO)
    avatar_url: URL | None = strawberry.field(default=None, description=PICTURE)
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A field that is absent stays; null clears bio and avatarUrl.")
class UpdateArtistInput:
    artist_id: strawberry.ID = strawberry.field(description=MANAGED)
    name: str | None = strawberry.field(default=UNSET, description=NAME)
    bio: str | None = strawberry.field(default=UNSET, description=BIO)
    avatar_url: URL | None = strawberry.field(default=UNSET, description=PICTURE)


@strawberry.input(description="Who is asked to manage an artist.")
class InviteArtistManagerInput:
    artist_id: strawberry.ID = strawberry.field(description=MANAGED)
    user_id: strawberry.ID = strawberry.field(description="Who is asked; asking again changes the offer.")
    permissions: list[values.Permission] = strawberry.field(description=MAY)


@strawberry.input(description="Your answer to an invitation.")
class AnswerArtistInvitationInput:
    artist_id: strawberry.ID = strawberry.field(description="An artist you are asked to manage.")
    accept: bool = strawberry.field(description="Whether you will.")


@strawberry.input(description="What a manager may do from now on.")
class ChangeArtistManagerInput:
    artist_id: strawberry.ID = strawberry.field(description=MANAGED)
    user_id: strawberry.ID = strawberry.field(description="One of its managers.")
    permissions: list[values.Permission] = strawberry.field(description=MAY)


@strawberry.input(description="Who manages an artist no longer.")
class RemoveArtistManagerInput:
    artist_id: strawberry.ID = strawberry.field(description=MANAGED)
    user_id: strawberry.ID = strawberry.field(description="One of its managers; yourself to leave.")


@strawberry.input(description="A new album.")
class CreateAlbumInput:
    artist_id: strawberry.ID = strawberry.field(description=MANAGED)
    title: str = strawberry.field(description=TITLE)
    release_date: date = strawberry.field(description=RELEASE)
    cover_url: URL = strawberry.field(description=COVER)
    type: values.AlbumType = strawberry.field(default=values.AlbumType.ALBUM, description=LENGTH)
    is_draft: bool = strawberry.field(default=False, description=DRAFT)
    reissue_of_id: strawberry.ID | None = strawberry.field(default=None, description=ORIGINAL)
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A field that is absent stays; null clears reissueOfId.")
class UpdateAlbumInput:
    album_id: strawberry.ID = strawberry.field(description="An album of an artist you manage.")
    title: str | None = strawberry.field(default=UNSET, description=TITLE)
    release_date: date | None = strawberry.field(default=UNSET, description=RELEASE)
    cover_url: URL | None = strawberry.field(default=UNSET, description=COVER)
    type: values.AlbumType | None = strawberry.field(default=UNSET, description=LENGTH)
    is_draft: bool | None = strawberry.field(default=UNSET, description=DRAFT)
    reissue_of_id: strawberry.ID | None = strawberry.field(default=UNSET, description=ORIGINAL)


@strawberry.input(description="What is deleted, with its tracks.")
class DeleteAlbumInput:
    album_id: strawberry.ID = strawberry.field(description="An album of an artist you manage.")


@strawberry.input(description="An artist on a track.")
class TrackArtistInput:
    artist_id: strawberry.ID = strawberry.field(description="Any artist.")
    role: values.CreditRole = strawberry.field(
        default=values.CreditRole.MAIN, description="Their part in it."
    )


@strawberry.input(description="A new track.")
class CreateTrackInput:
    album_id: strawberry.ID = strawberry.field(description="An album of an artist you manage.")
    title: str = strawberry.field(description=TITLE)
    duration_seconds: int = strawberry.field(description=SECONDS)
    track_number: int = strawberry.field(description=NUMBER)
    artists: list[TrackArtistInput] = strawberry.field(
        default_factory=list, description=f"{ARTISTS} None: the album's artist."
    )
    genre_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description=GENRES)
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A field that is absent stays.")
class UpdateTrackInput:
    track_id: strawberry.ID = strawberry.field(description="A track of an artist you manage.")
    title: str | None = strawberry.field(default=UNSET, description=TITLE)
    duration_seconds: int | None = strawberry.field(default=UNSET, description=SECONDS)
    track_number: int | None = strawberry.field(default=UNSET, description=NUMBER)
    artists: list[TrackArtistInput] | None = strawberry.field(
        default=UNSET, description=f"All of them: they replace those there are. {ARTISTS}"
    )
    genre_ids: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description=f"All of them: they replace those there are. {GENRES}"
    )


@strawberry.input(description="What is deleted.")
class DeleteTrackInput:
    track_id: strawberry.ID = strawberry.field(description="A track of an artist you manage.")


@strawberry.input(description="A new genre.")
class CreateGenreInput:
    name: str = strawberry.field(description="Up to 50 characters.")


@strawberry.input(description="A genre's new name.")
class RenameGenreInput:
    genre_id: strawberry.ID = strawberry.field(description="Which one.")
    name: str = strawberry.field(description="Up to 50 characters.")


@strawberry.input(description="What is deleted.")
class DeleteGenreInput:
    genre_id: strawberry.ID = strawberry.field(description="Tracks that have it lose it.")
