"""Processing's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.loading import Loader, loader
from subgraphs.kit.request import Request
from subgraphs.processing.service import Jobs
from subgraphs.processing.values import Job, JobId, TrackId


@dataclass(frozen=True, slots=True)
class ProcessingLoaders:
    job: Loader[JobId, Job | None]
    latest: Loader[TrackId, Job | None]


@dataclass(frozen=True, slots=True)
class ProcessingContext:
    request: Request
    jobs: Jobs
    loaders: ProcessingLoaders


def processing_context(request: Request, jobs: Jobs) -> ProcessingContext:
    async def seen(found: Mapping[TrackId, Job]) -> Mapping[TrackId, bool]:
        viewer = request.known_viewer
        return {} if viewer is None or not found else await jobs.find_uploadable(viewer, list(found))

    async def latest(tracks: Sequence[TrackId]) -> Mapping[TrackId, Job]:
        """Of tracks the viewer may upload for."""
        found = await jobs.find_latest(tracks)
        may = await seen(found)
        return {track: job for track, job in found.items() if may.get(track)}

    async def by_id(ids: Sequence[JobId]) -> Mapping[JobId, Job]:
        found = await jobs.find_jobs(ids)
        may = await seen({job.track_id: job for job in found.values()})
        return {job.id: job for job in found.values() if may.get(job.track_id)}

    return ProcessingContext(request, jobs, ProcessingLoaders(job=loader(by_id), latest=loader(latest)))
