"""What one can ask processing."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from typing import Annotated

import strawberry

from subgraphs.kit.ids import parse_id
from subgraphs.processing import values
from subgraphs.processing.types import ProcessingInfo, ProcessingJob, job_type

JobKey = Annotated[strawberry.ID, strawberry.argument(description="The job's id.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="A job, if there is one and you may upload for its track.")
    async def processing_job(self, info: ProcessingInfo, id: JobKey) -> ProcessingJob | None:
        job = await info.context.loaders.job.load(values.JobId(parse_id(id)))
        return None if job is None else job_type(job)
