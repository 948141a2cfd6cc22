"""Processing in GraphQL. `Track` is another subgraph's entity with our field on it."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.processing import enums as _described  # noqa: F401 -- before they are used
from subgraphs.processing import values
from subgraphs.processing.loaders import ProcessingContext

ProcessingInfo: TypeAlias = Info[ProcessingContext, None]


@federation.type(keys=["id"], description="The making of a track's sound from an uploaded file.")
class ProcessingJob:
    record: strawberry.Private[values.Job]
    id: strawberry.ID = strawberry.field(description="Its own for good; who asked for it may have chosen it.")
    status: values.Status = strawberry.field(description="How far it is.")
    progress: int = strawberry.field(description="In per cent.")
    attempts: int = strawberry.field(description="How often it was begun.")
    reason: str | None = strawberry.field(description="Why it failed, and what to do about it.")
    duration_seconds: int | None = strawberry.field(description="How long the sound is, once it is done.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    updated_at: datetime = strawberry.field(description="When something was last heard of it.")

    @strawberry.field(description="Whose sound it makes.")
    def track(self) -> Track | None:
        return Track(id=strawberry.ID(str(self.record.track_id)))

    @strawberry.field(description="What FFmpeg said. For administrators; null for others.")
    def error_log(self, info: ProcessingInfo) -> str | None:
        return self.record.error_log if _is_admin(info) else None

    @strawberry.field(description="The worker that has or had it. For administrators; null for others.")
    def worker(self, info: ProcessingInfo) -> str | None:
        return self.record.worker_pod if _is_admin(info) else None


@federation.type(keys=["id"], description="A piece of music.")
class Track:
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(description="The latest job that makes its sound. For who may upload; null for others.")
    def processing(self, info: ProcessingInfo) -> ProcessingJob | None:
        return info.context.loaders.latest.answer(values.TrackId(uuid_of(self.id)), _job_or_none)


def job_type(job: values.Job) -> ProcessingJob:
    return ProcessingJob(
        record=job,
        id=strawberry.ID(str(job.id)),
        status=job.status,
        progress=job.progress,
        attempts=job.attempts,
        reason=job.reason,
        duration_seconds=job.duration_sec,
        created_at=job.created_at,
        updated_at=job.updated_at,
    )


def _job_or_none(job: values.Job | None) -> ProcessingJob | None:
    return None if job is None else job_type(job)


def _is_admin(info: ProcessingInfo) -> bool:
    viewer = info.context.request.known_viewer
    return viewer is not None and viewer.is_admin
