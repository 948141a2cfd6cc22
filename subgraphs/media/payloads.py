"""What the mutations of media answer with."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.media.types import DirectUpload, Media


@payload
class StartUploadPayload:
    upload: DirectUpload | None = outcome("How it is sent.")
    errors: list[UserError] = problems()


@payload
class ResumeUploadPayload:
    upload: DirectUpload | None = outcome("How the rest of it is sent.")
    errors: list[UserError] = problems()


@payload
class CompleteUploadPayload:
    media: Media | None = outcome("As far as it is.")
    errors: list[UserError] = problems()


@payload
class UploadMediaPayload:
    media: Media | None = outcome("As far as it is.")
    errors: list[UserError] = problems()


@payload
class UpdateMediaPayload:
    media: Media | None = outcome("As it is now.")
    errors: list[UserError] = problems()


@payload
class DeleteMediaPayload:
    deleted_media_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()
