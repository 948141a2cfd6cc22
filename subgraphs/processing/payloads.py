"""What the mutations of processing answer with."""

from __future__ import annotations

from subgraphs.kit.payloads import outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.processing.types import ProcessingJob


@payload
class ProcessTrackPayload:
    job: ProcessingJob | None = outcome("The job, as far as it is.")
    errors: list[UserError] = problems()


@payload
class RetryProcessingPayload:
    job: ProcessingJob | None = outcome("The job, which waits again.")
    errors: list[UserError] = problems()
