"""What the mutations of processing are given."""

from __future__ import annotations

import strawberry


@strawberry.input(description="Which file is to become a track's sound.")
class ProcessTrackInput:
    track_id: strawberry.ID = strawberry.field(description="A track of an artist you may upload for.")
    source_key: str = strawberry.field(
        description="The key of an OGG, FLAC, WAV or MP3 file that you uploaded: it begins with your id."
    )
    job_id: strawberry.ID | None = strawberry.field(
        default=None, description="A UUID of your own for the job: asking again by the same is asking once."
    )


@strawberry.input(description="Which job is to be tried again.")
class RetryProcessingInput:
    job_id: strawberry.ID = strawberry.field(description="One that has failed.")
