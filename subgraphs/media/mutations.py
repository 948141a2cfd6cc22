"""What one can do in media. All of it needs a login."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation
from subgraphs.kit.validation import Checks
from subgraphs.media import inputs, payloads
from subgraphs.media.service.asking import Wanted
from subgraphs.media.types import MediaInfo, direct_upload, media_type
from subgraphs.media.values import MediaId


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(
        payloads.StartUploadPayload,
        description="Announce a file, and hear how it is sent to the store without a detour.",
    )
    async def start_upload(
        self, info: MediaInfo, input: inputs.StartUploadInput
    ) -> payloads.StartUploadPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        track = None if input.track_id is None else checks.id(input.track_id, "trackId")
        wanted = Wanted(input.purpose, input.filename, input.alt_text, track)
        uploads, facts = info.context.services.uploads, (input.content_type, input.size_bytes)
        ticket = await uploads.start(viewer, wanted, *facts, checks, request.actor)
        return payloads.StartUploadPayload(upload=direct_upload(ticket))

    @mutation(
        payloads.ResumeUploadPayload,
        description="Go on with an upload: for another hour, and of a file in parts what is missing.",
    )
    async def resume_upload(
        self, info: MediaInfo, input: inputs.ResumeUploadInput
    ) -> payloads.ResumeUploadPayload | None:
        checks = Checks()
        viewer, media_id = info.context.request.require_viewer(), _media_id(input.media_id, checks)
        ticket = await info.context.services.uploads.resume(viewer, media_id, checks)
        return payloads.ResumeUploadPayload(upload=direct_upload(ticket))

    @mutation(
        payloads.CompleteUploadPayload,
        description="Say that a file has arrived. Its content is looked at, and its variants are made. "
        "Doing it again changes nothing.",
    )
    async def complete_upload(
        self, info: MediaInfo, input: inputs.CompleteUploadInput
    ) -> payloads.CompleteUploadPayload | None:
        checks = Checks()
        viewer, media_id = info.context.request.require_viewer(), _media_id(input.media_id, checks)
        media = await info.context.services.uploads.complete(viewer, media_id, checks)
        return payloads.CompleteUploadPayload(media=media_type(media))

    @mutation(payloads.UploadMediaPayload, description="Upload a small file with the request (multipart).")
    async def upload_media(
        self, info: MediaInfo, input: inputs.UploadMediaInput
    ) -> payloads.UploadMediaPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        track = None if input.track_id is None else checks.id(input.track_id, "trackId")
        wanted = Wanted(input.purpose, input.file.filename or "file", input.alt_text, track)
        uploads = info.context.services.uploads
        media = await uploads.receive(viewer, wanted, input.file, checks, request.actor)
        return payloads.UploadMediaPayload(media=media_type(media))

    @mutation(payloads.UpdateMediaPayload, description="Say what it shows, for who cannot see it.")
    async def update_media(
        self, info: MediaInfo, input: inputs.UpdateMediaInput
    ) -> payloads.UpdateMediaPayload | None:
        request, checks = info.context.request, Checks()
        viewer, media_id = request.require_viewer(), _media_id(input.media_id, checks)
        library = info.context.services.library
        media = await library.describe(viewer, media_id, input.alt_text, checks, request.actor)
        return payloads.UpdateMediaPayload(media=media_type(media))

    @mutation(
        payloads.DeleteMediaPayload,
        description="Delete it with all that was made of it. For its owner and administrators.",
    )
    async def delete_media(
        self, info: MediaInfo, input: inputs.DeleteMediaInput
    ) -> payloads.DeleteMediaPayload | None:
        request, checks = info.context.request, Checks()
        viewer, media_id = request.require_viewer(), _media_id(input.media_id, checks)
        await info.context.services.library.delete(viewer, media_id, checks, request.actor)
        return payloads.DeleteMediaPayload(deleted_media_id=strawberry.ID(str(media_id)))


def _media_id(text: str, checks: Checks) -> MediaId:
    return MediaId(checks.id(text, "mediaId"))
