"""What processing is about, as frozen values: no GraphQL, no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

JobId = NewType("JobId", UUID)
"""The correlation id: the one who asks for a job may choose it, and asking twice is asking once."""
TrackId = NewType("TrackId", UUID)


class Status(Enum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.PROCESSING}),
    Status.PROCESSING: frozenset({Status.PENDING, Status.COMPLETED, Status.FAILED}),
    Status.COMPLETED: frozenset(),
    Status.FAILED: frozenset({Status.PENDING}),
}
"""Which state may follow which; the store enforces the same."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the uploaded file lies."""

    bucket: str
    key: str


@dataclass(frozen=True, slots=True)
class Job:
    id: JobId
    track_id: TrackId
    status: Status
    progress: int
    attempts: int
    reason: str | None
    error_log: str | None
    worker_pod: str | None
    duration_sec: int | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """A job one worker has, for as long as it says that it goes on. `attempt` tells it from the lease of a
    worker that was given up.
    """

    job_id: JobId
    attempt: int
    track_id: TrackId
    file_key: str
    source: Source
