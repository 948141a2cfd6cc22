"""What one can do in the catalog. All of it needs a login; changes need the artist's permission."""

from __future__ import annotations

import strawberry

from subgraphs.catalog import inputs, payloads, values
from subgraphs.catalog.mutations.playlists import PlaylistMutations
from subgraphs.catalog.mutations.verifications import VerificationMutations
from subgraphs.catalog.types import CatalogInfo, album_type, artist_type, genre_type, track_type
from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation
from subgraphs.kit.repeats import FIELD, attempt_of
from subgraphs.kit.validation import NO_ID, Checks


@strawberry.type(description="What can be done.")
class Mutation(PlaylistMutations, VerificationMutations):
    @mutation(
        payloads.CreateArtistPayload,
        description="You become the artist's manager, with every permission.",
    )
    async def create_artist(
        self, info: CatalogInfo, input: inputs.CreateArtistInput
    ) -> payloads.CreateArtistPayload | None:
        actor, checks = await info.context.writer(), Checks()
        attempt = attempt_of(actor.user_id, input, checks)
        columns = {name: value for name, value in vars(input).items() if name != FIELD}
        artist = await info.context.services.artists.create(actor, columns, checks, attempt)
        return payloads.CreateArtistPayload(artist=artist_type(artist))

    @mutation(payloads.UpdateArtistPayload, description="For managers with EDIT_PROFILE.")
    async def update_artist(
        self, info: CatalogInfo, input: inputs.UpdateArtistInput
    ) -> payloads.UpdateArtistPayload | None:
        actor, checks = await info.context.writer(), Checks()
        columns = changes(input, checks, clearable={"bio", "avatar_url"})
        artist_id = _artist_id(checks, columns.pop("artist_id"))
        artist = await info.context.services.artists.update(actor, artist_id, columns, checks)
        return payloads.UpdateArtistPayload(artist=artist_type(artist))

    @mutation(payloads.InviteArtistManagerPayload, description="For managers with ALL.")
    async def invite_artist_manager(
        self, info: CatalogInfo, input: inputs.InviteArtistManagerInput
    ) -> payloads.InviteArtistManagerPayload | None:
        actor, checks = await info.context.writer(), Checks()
        artist_id, user = _artist_id(checks, input.artist_id), _user_id(checks, input.user_id)
        managers = info.context.services.managers
        artist = await managers.invite(actor, artist_id, user, input.permissions, checks)
        return payloads.InviteArtistManagerPayload(artist=artist_type(artist))

    @mutation(payloads.AnswerArtistInvitationPayload, description="For who was invited.")
    async def answer_artist_invitation(
        self, info: CatalogInfo, input: inputs.AnswerArtistInvitationInput
    ) -> payloads.AnswerArtistInvitationPayload | None:
        actor, checks = await info.context.writer(), Checks()
        artist_id = _artist_id(checks, input.artist_id)
        managers = info.context.services.managers
        artist = await managers.answer(actor, artist_id, checks, accept=input.accept)
        return payloads.AnswerArtistInvitationPayload(artist=artist_type(artist))

    @mutation(payloads.ChangeArtistManagerPayload, description="For managers with ALL.")
    async def change_artist_manager(
        self, info: CatalogInfo, input: inputs.ChangeArtistManagerInput
    ) -> payloads.ChangeArtistManagerPayload | None:
        actor, checks = await info.context.writer(), Checks()
        artist_id, user = _artist_id(checks, input.artist_id), _user_id(checks, input.user_id)
        managers = info.context.services.managers
        artist = await managers.change(actor, artist_id, user, input.permissions, checks)
        return payloads.ChangeArtistManagerPayload(artist=artist_type(artist))

    @mutation(payloads.RemoveArtistManagerPayload, description="For managers with ALL, and for who leaves.")
    async def remove_artist_manager(
        self, info: CatalogInfo, input: inputs.RemoveArtistManagerInput
    ) -> payloads.RemoveArtistManagerPayload | None:
        actor, checks = await info.context.writer(), Checks()
        artist_id, user = _artist_id(checks, input.artist_id), _user_id(checks, input.user_id)
        artist = await info.context.services.managers.remove(actor, artist_id, user, checks)
        return payloads.RemoveArtistManagerPayload(artist=artist_type(artist))

    @mutation(payloads.CreateAlbumPayload, description="For managers with UPLOAD.")
    async def create_album(
        self, info: CatalogInfo, input: inputs.CreateAlbumInput
    ) -> payloads.CreateAlbumPayload | None:
        actor, checks = await info.context.writer(), Checks()
        new = values.Album(
            values.AlbumId(NO_ID),
            _artist_id(checks, input.artist_id),
            input.title,
            input.release_date,
            input.cover_url,
            input.type,
            input.is_draft,
            _original(checks, input.reissue_of_id),
        )
        attempt = attempt_of(actor.user_id, input, checks)
        album = await info.context.services.albums.create(actor, new, checks, attempt)
        return payloads.CreateAlbumPayload(album=album_type(album))

    @mutation(payloads.UpdateAlbumPayload, description="For managers with UPLOAD.")
    async def update_album(
        self, info: CatalogInfo, input: inputs.UpdateAlbumInput
    ) -> payloads.UpdateAlbumPayload | None:
        actor, checks = await info.context.writer(), Checks()
        columns = changes(input, checks, clearable={"reissue_of_id"})
        album_id = _album_id(checks, columns.pop("album_id"))
        if "reissue_of_id" in columns:
            columns["reissue_of"] = _original(checks, columns.pop("reissue_of_id"))
        album = await info.context.services.albums.update(actor, album_id, columns, checks)
        return payloads.UpdateAlbumPayload(album=album_type(album))

    @mutation(payloads.DeleteAlbumPayload, description="For managers with UPLOAD. Its tracks go too.")
    async def delete_album(
        self, info: CatalogInfo, input: inputs.DeleteAlbumInput
    ) -> payloads.DeleteAlbumPayload | None:
        actor, checks = await info.context.writer(), Checks()
        album_id = _album_id(checks, input.album_id)
        gone = await info.context.services.albums.remove(actor, album_id, checks)
        return payloads.DeleteAlbumPayload(deleted_album_id=strawberry.ID(str(gone)))

    @mutation(payloads.CreateTrackPayload, description="For managers with UPLOAD.")
    async def create_track(
        self, info: CatalogInfo, input: inputs.CreateTrackInput
    ) -> payloads.CreateTrackPayload | None:
        actor, checks = await info.context.writer(), Checks()
        new = values.NewTrack(
            values.TrackId(NO_ID),
            _album_id(checks, input.album_id),
            input.title,
            input.duration_seconds,
            input.track_number,
            _credits(checks, input.artists),
            _genre_ids(checks, input.genre_ids),
        )
        attempt = attempt_of(actor.user_id, input, checks)
        track = await info.context.services.tracks.create(actor, new, checks, attempt)
        return payloads.CreateTrackPayload(track=track_type(track))

    @mutation(payloads.UpdateTrackPayload, description="For managers with UPLOAD.")
    async def update_track(
        self, info: CatalogInfo, input: inputs.UpdateTrackInput
    ) -> payloads.UpdateTrackPayload | None:
        actor, checks = await info.context.writer(), Checks()
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
        track = await info.context.services.tracks.update(actor, track_id, change, checks)
        return payloads.UpdateTrackPayload(track=track_type(track))

    @mutation(payloads.DeleteTrackPayload, description="For managers with UPLOAD.")
    async def delete_track(
        self, info: CatalogInfo, input: inputs.DeleteTrackInput
    ) -> payloads.DeleteTrackPayload | None:
        actor, checks = await info.context.writer(), Checks()
        track_id = values.TrackId(checks.id(input.track_id, "trackId"))
        gone = await info.context.services.tracks.remove(actor, track_id, checks)
        return payloads.DeleteTrackPayload(deleted_track_id=strawberry.ID(str(gone)))

    @mutation(payloads.CreateGenrePayload, description="For administrators.")
    async def create_genre(
        self, info: CatalogInfo, input: inputs.CreateGenreInput
    ) -> payloads.CreateGenrePayload | None:
        actor = await info.context.writer()
        genre = await info.context.services.genres.create(actor, input.name, Checks())
        return payloads.CreateGenrePayload(genre=genre_type(genre))

    @mutation(payloads.RenameGenrePayload, description="For administrators.")
    async def rename_genre(
        self, info: CatalogInfo, input: inputs.RenameGenreInput
    ) -> payloads.RenameGenrePayload | None:
        actor, checks = await info.context.writer(), Checks()
        genre_id = values.GenreId(checks.serial(input.genre_id, "genreId"))
        genre = await info.context.services.genres.rename(actor, genre_id, input.name, checks)
        return payloads.RenameGenrePayload(genre=genre_type(genre))

    @mutation(payloads.DeleteGenrePayload, description="For administrators.")
    async def delete_genre(
        self, info: CatalogInfo, input: inputs.DeleteGenreInput
    ) -> payloads.DeleteGenrePayload | None:
        actor, checks = await info.context.writer(), Checks()
        genre_id = values.GenreId(checks.serial(input.genre_id, "genreId"))
        gone = await info.context.services.genres.remove(actor, genre_id, checks)
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


def _original(checks: Checks, text: str | None) -> values.AlbumId | None:
    return None if text is None else values.AlbumId(checks.id(text, "reissueOfId"))


def _user_id(checks: Checks, text: str) -> values.ManagerId:
    return values.ManagerId(checks.id(text, "userId"))
