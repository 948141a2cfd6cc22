"""What one can do in processing. All of it needs a login and the artist's permission UPLOAD."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation
from subgraphs.kit.validation import Checks
from subgraphs.processing import inputs, payloads, values
from subgraphs.processing.types import ProcessingInfo, job_type


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(
        payloads.ProcessTrackPayload,
        description="Have a track's sound made of an uploaded file. For managers with UPLOAD.",
    )
    async def process_track(
        self, info: ProcessingInfo, input: inputs.ProcessTrackInput
    ) -> payloads.ProcessTrackPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        track_id = values.TrackId(checks.id(input.track_id, "trackId"))
        wanted = None if input.job_id is None else checks.id(input.job_id, "jobId")
        jobs = info.context.jobs
        job = await jobs.start(viewer, track_id, input.source_key, wanted, checks, request.actor)
        return payloads.ProcessTrackPayload(job=job_type(job))

    @mutation(payloads.RetryProcessingPayload, description="Try again what failed. For managers with UPLOAD.")
    async def retry_processing(
        self, info: ProcessingInfo, input: inputs.RetryProcessingInput
    ) -> payloads.RetryProcessingPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        job_id = values.JobId(checks.id(input.job_id, "jobId"))
        job = await info.context.jobs.retry(viewer, job_id, checks, request.actor)
        return payloads.RetryProcessingPayload(job=job_type(job))
