"""What one can do in the catalog. All of it needs a login; changes need the artist's permission."""

from __future__ import annotations

import strawberry

from subgraphs.catalog import inputs, payloads, values
from subgraphs.catalog.types import CatalogInfo, album_type, artist_type, genre_type, track_type
from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation
from subgraphs.kit.repeats import FIELD, attempt_of
from subgraphs.kit.validation import NO_ID, Checks


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(
        payloads.CreateArtistPayload,
        description="You become the artist's manager, with every permission.",
    )
    async def create_artist(
        self, info: CatalogInfo, input: inputs.CreateArtistInput
    ) -> payloads.CreateArtistPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        attempt = attempt_of(viewer.id, input, checks)
        columns = {name: value for name, value in vars(input).items() if name != FIELD}
        artist = await info.context.services.artists.create(viewer, columns, checks, attempt)
        return payloads.CreateArtistPayload(artist=artist_type(artist))

    @mutation(payloads.UpdateArtistPayload, description="For managers with EDIT_PROFILE.")
    async def update_artist(
        self, info: CatalogInfo, input: inputs.UpdateArtistInput
    ) -> payloads.UpdateArtistPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        columns = changes(input, checks, clearable={"bio", "avatar_url"})
        artist_id = _artist_id(checks, columns.pop("artist_id"))
        artist = await info.context.services.artists.update(viewer, artist_id, columns, checks)
        return payloads.UpdateArtistPayload(artist=artist_type(artist))

    @mutation(payloads.InviteArtistManagerPayload, description="For managers with ALL.")
    async def invite_artist_manager(
        self, info: CatalogInfo, input: inputs.InviteArtistManagerInput
    ) -> payloads.InviteArtistManagerPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        artist_id, user = _artist_id(checks, input.artist_id), _user_id(checks, input.user_id)
        managers = info.context.services.managers
        artist = await managers.invite(viewer, artist_id, user, input.permissions, checks)
        return payloads.InviteArtistManagerPayload(artist=artist_type(artist))

    @mutation(payloads.AnswerArtistInvitationPayload, description="For who was invited.")
    async def answer_artist_invitation(
        self, info: CatalogInfo, input: inputs.AnswerArtistInvitationInput
    ) -> payloads.AnswerArtistInvitationPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        artist_id = _artist_id(checks, input.artist_id)
        managers = info.context.services.managers
        artist = await managers.answer(viewer, artist_id, checks, accept=input.accept)
        return payloads.AnswerArtistInvitationPayload(artist=artist_type(artist))

    @mutation(payloads.ChangeArtistManagerPayload, description="For managers with ALL.")
    async def change_artist_manager(
        self, info: CatalogInfo, input: inputs.ChangeArtistManagerInput
    ) -> payloads.ChangeArtistManagerPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        artist_id, user = _artist_id(checks, input.artist_id), _user_id(checks, input.user_id)
        managers = info.context.services.managers
        artist = await managers.change(viewer, artist_id, user, input.permissions, checks)
        return payloads.ChangeArtistManagerPayload(artist=artist_type(artist))

    @mutation(payloads.RemoveArtistManagerPayload, description="For managers with ALL, and for who leaves.")
    async def remove_artist_manager(
        self, info: CatalogInfo, input: inputs.RemoveArtistManagerInput
    ) -> payloads.RemoveArtistManagerPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        artist_id, user = _artist_id(checks, input.artist_id), _user_id(checks, input.user_id)
        artist = await info.context.services.managers.remove(viewer, artist_id, user, checks)
        return payloads.RemoveArtistManagerPayload(artist=artist_type(artist))

    @mutation(payloads.CreateAlbumPayload, description="For managers with UPLOAD.")
    async def create_album(
        self, info: CatalogInfo, input: inputs.CreateAlbumInput
    ) -> payloads.CreateAlbumPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        album = await info.context.services.music.create_album(
            viewer,
            _artist_id(checks, input.artist_id),
            checks,
            title=input.title,
            release_date=input.release_date,
            cover_url=input.cover_url,
            type=input.type,
            attempt=attempt_of(viewer.id, input, checks),
        )
        return payloads.CreateAlbumPayload(album=album_type(album))

    @mutation(payloads.UpdateAlbumPayload, description="For managers with UPLOAD.")
    async def update_album(
        self, info: CatalogInfo, input: inputs.UpdateAlbumInput
    ) -> payloads.UpdateAlbumPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        columns = changes(input, checks)
        album_id = _album_id(checks, columns.pop("album_id"))
        album = await info.context.services.music.update_album(viewer, album_id, columns, checks)
        return payloads.UpdateAlbumPayload(album=album_type(album))

    @mutation(payloads.DeleteAlbumPayload, description="For managers with UPLOAD. Its tracks go too.")
    async def delete_album(
        self, info: CatalogInfo, input: inputs.DeleteAlbumInput
    ) -> payloads.DeleteAlbumPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        album_id = _album_id(checks, input.album_id)
        gone = await info.context.services.music.remove_album(viewer, album_id, checks)
        return payloads.DeleteAlbumPayload(deleted_album_id=strawberry.ID(str(gone)))

    @mutation(payloads.CreateTrackPayload, description="For managers with UPLOAD.")
    async def create_track(
        self, info: CatalogInfo, input: inputs.CreateTrackInput
    ) -> payloads.CreateTrackPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        new = values.NewTrack(
            values.TrackId(NO_ID),
            _album_id(checks, input.album_id),
            input.title,
            input.duration_seconds,
            input.track_number,
            _credits(checks, input.artists),
            _genre_ids(checks, input.genre_ids),
        )
        attempt = attempt_of(viewer.id, input, checks)
        track = await info.context.services.music.create_track(viewer, new, checks, attempt)
        return payloads.CreateTrackPayload(track=track_type(track))

    @mutation(payloads.UpdateTrackPayload, description="For managers with UPLOAD.")
    async def update_track(
        self, info: CatalogInfo, input: inputs.UpdateTrackInput
    ) -> payloads.UpdateTrackPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        given = changes(input, checks)
        track_id = values.TrackId(checks.id(given.pop("track_id"), "trackId"))
        artists, genres = given.pop("artists", None), given.pop("genre_ids", None)
        if "duration_seconds" in given:
            given["duration_sec"] = given.pop("duration_seconds")
        change = values.TrackChange(
            given,
            None if artists is None else _credits(checks, artists),
            None if genres is None else _genre_ids(checks, genres),
        )
        track = await info.context.services.music.update_track(viewer, track_id, change, checks)
        return payloads.UpdateTrackPayload(track=track_type(track))

    @mutation(payloads.DeleteTrackPayload, description="For managers with UPLOAD.")
    async def delete_track(
        self, info: CatalogInfo, input: inputs.DeleteTrackInput
    ) -> payloads.DeleteTrackPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        track_id = values.TrackId(checks.id(input.track_id, "trackId"))
        gone = await info.context.services.music.remove_track(viewer, track_id, checks)
        return payloads.DeleteTrackPayload(deleted_track_id=strawberry.ID(str(gone)))

    @mutation(payloads.CreateGenrePayload, description="For administrators.")
    async def create_genre(
        self, info: CatalogInfo, input: inputs.CreateGenreInput
    ) -> payloads.CreateGenrePayload | None:
        viewer = info.context.request.require_viewer()
        genre = await info.context.services.genres.create(viewer, input.name, Checks())
        return payloads.CreateGenrePayload(genre=genre_type(genre))

    @mutation(payloads.RenameGenrePayload, description="For administrators.")
    async def rename_genre(
        self, info: CatalogInfo, input: inputs.RenameGenreInput
    ) -> payloads.RenameGenrePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        genre_id = values.GenreId(checks.serial(input.genre_id, "genreId"))
        genre = await info.context.services.genres.rename(viewer, genre_id, input.name, checks)
        return payloads.RenameGenrePayload(genre=genre_type(genre))

    @mutation(payloads.DeleteGenrePayload, description="For administrators.")
    async def delete_genre(
        self, info: CatalogInfo, input: inputs.DeleteGenreInput
    ) -> payloads.DeleteGenrePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        genre_id = values.GenreId(checks.serial(input.genre_id, "genreId"))
        gone = await info.context.services.genres.remove(viewer, genre_id, checks)
        return payloads.DeleteGenrePayload(deleted_genre_id=strawberry.ID(str(gone)))


def _credits(checks: Checks, artists: list[inputs.TrackArtistInput]) -> tuple[values.Credit, ...]:
    return tuple(
        values.Credit(values.ArtistId(checks.id(artist.artist_id, ("artists", at, "artistId"))), artist.role)
        for at, artist in enumerate(artists)
    )


def _genre_ids(checks: Checks, ids: list[strawberry.ID]) -> tuple[values.GenreId, ...]:
    return tuple(values.GenreId(checks.serial(text, ("genreIds", at))) for at, text in enumerate(ids))


def _artist_id(checks: Checks, text: str) -> values.ArtistId:
    return values.ArtistId(checks.id(text, "artistId"))


def _album_id(checks: Checks, text: str) -> values.AlbumId:
    return values.AlbumId(checks.id(text, "albumId"))


def _user_id(checks: Checks, text: str) -> values.ManagerId:
    return values.ManagerId(checks.id(text, "userId"))
