"""What one can do in the catalog. All of it needs a login; changes need the artist's permission."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @mutation, but not @mutation(…) with arguments.

from __future__ import annotations

from datetime import date

import strawberry

from subgraphs.catalog import values
from subgraphs.catalog.types import Album, Artist, CatalogInfo, album_type, artist_type
from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.ids import parse_id


@strawberry.input
class CreateArtistInput:
    name: str
    bio: str | None = None
    avatar_url: str | None = None


@strawberry.input(description="A field that is absent stays; null clears it (but not the name).")
class UpdateArtistProfileInput:
    name: str | None = strawberry.UNSET
    bio: str | None = strawberry.UNSET
    avatar_url: str | None = strawberry.UNSET


@strawberry.input
class CreateAlbumInput:
    title: str
    release_date: date
    cover_url: str
    type: values.AlbumType = values.AlbumType.ALBUM


@strawberry.type
class Mutation:
    @strawberry.mutation(description="You become the artist's manager, with every permission.")
    async def create_artist(self, info: CatalogInfo, input: CreateArtistInput) -> Artist:
        viewer = info.context.request.require_viewer()
        artist = await info.context.artists.create(
            viewer, name=input.name, bio=input.bio, avatar_url=input.avatar_url
        )
        return artist_type(artist)

    @strawberry.mutation(description="For managers with EDIT_PROFILE.")
    async def update_artist_profile(
        self, info: CatalogInfo, artist_id: strawberry.ID, input: UpdateArtistProfileInput
    ) -> Artist:
        viewer = info.context.request.require_viewer()
        given = {name: value for name, value in vars(input).items() if value is not strawberry.UNSET}
        if "name" in given and given["name"] is None:
            raise BadUserInput({"name": "The name must not be empty."})
        return artist_type(await info.context.artists.update_profile(viewer, _artist_id(artist_id), given))

    @strawberry.mutation(description="For managers with UPLOAD.")
    async def create_album(
        self, info: CatalogInfo, artist_id: strawberry.ID, input: CreateAlbumInput
    ) -> Album:
        viewer = info.context.request.require_viewer()
        album = await info.context.music.create_album(
            viewer,
            _artist_id(artist_id),
            title=input.title,
            release_date=input.release_date,
            cover_url=input.cover_url,
            type=input.type,
        )
        return album_type(album)


def _artist_id(text: str) -> values.ArtistId:
    return values.ArtistId(parse_id(text, "artistId"))
