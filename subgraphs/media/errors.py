"""What a person can act on in media, beside the kit's InvalidInput, NotFound and Conflict.

MediaQuotaExceeded  there is no room for it: delete something
UploadIncomplete    the parts that have arrived are not all of it yet
"""

from __future__ import annotations

import strawberry

from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import UserError
from subgraphs.media.accepted import MEGABYTE
from subgraphs.media.values import Usage


@strawberry.type(description="There is no room for it among what you have uploaded.")
class MediaQuotaExceeded(UserError):
    used_megabytes: int = strawberry.field(description="What your media come to.")
    quota_megabytes: int = strawberry.field(description="What they may come to.")


@strawberry.type(description="Not all of the file has arrived: send what is missing, then complete it.")
class UploadIncomplete(UserError):
    missing_parts: list[int] = strawberry.field(description="Their numbers; empty for a file in one piece.")


def quota_exceeded(usage: Usage) -> Refused:
    used, quota = -(-usage.used // MEGABYTE), usage.quota // MEGABYTE
    message = f"Your media come to {used} MB of {quota} MB: delete some of them first."
    code = "MEDIA_QUOTA_EXCEEDED"
    return Refused(
        MediaQuotaExceeded(
            message=message, code=code, path=["sizeBytes"], used_megabytes=used, quota_megabytes=quota
        )
    )


def incomplete(missing: list[int]) -> Refused:
    told = (
        "Parts are missing: resumeUpload says where to send them." if missing else "Nothing has arrived yet."
    )
    return Refused(
        UploadIncomplete(message=told, code="UPLOAD_INCOMPLETE", path=["mediaId"], missing_parts=missing)
    )


ERRORS = (MediaQuotaExceeded, UploadIncomplete)
