"""What one can ask media."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from functools import partial
from typing import Annotated

import strawberry

from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.ids import parse_id
from subgraphs.kit.records import RecordQueries
from subgraphs.media import values
from subgraphs.media.accepted import ACCEPTED, KINDS, MEGABYTE
from subgraphs.media.types import Media, MediaInfo, MediaUsage, UploadRule, media_connection, media_type
from subgraphs.media.values import MediaId

MediaKey = Annotated[strawberry.ID, strawberry.argument(description="The media's id.")]


@strawberry.type(description="What can be asked.")
class Query(RecordQueries):
    @strawberry.field(description="A media of yours, or somebody's picture of themselves.")
    async def media(self, info: MediaInfo, id: MediaKey) -> Media | None:
        found = await info.context.loaders.seen.load(MediaId(parse_id(id)))
        return None if found is None else media_type(found)

    @strawberry.field(description="What you have uploaded, the newest first.")
    @paged
    async def my_media(self, info: MediaInfo, asked: PageArguments) -> Connection[Media] | None:
        viewer, window = info.context.request.require_viewer(), asked.of(values.NEWEST_MEDIA)
        library = info.context.services.library
        page = await library.list_mine(viewer, window)
        return media_connection(page, partial(library.count_mine, viewer))

    @strawberry.field(description="What your media come to, and may come to.")
    async def media_usage(self, info: MediaInfo) -> MediaUsage | None:
        viewer = info.context.request.require_viewer()
        usage = await info.context.services.library.usage(viewer)
        return MediaUsage(used_megabytes=usage.used / MEGABYTE, quota_megabytes=usage.quota / MEGABYTE)

    @strawberry.field(description="What may be uploaded, for everything that one can upload for.")
    def upload_rules(self) -> list[UploadRule] | None:
        return [
            UploadRule(
                purpose=purpose,
                kind=kind,
                content_types=[name for name, of in KINDS.items() if of is kind],
                most_bytes=most,
            )
            for purpose, accepted in ACCEPTED.items()
            for kind, most in accepted.most_bytes.items()
        ]
