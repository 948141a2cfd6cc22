"""Jobs as people see them: who may upload for a track may have its sound made, and see how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.rate_limit import Limit, RateLimiter
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks
from subgraphs.processing.repository.protocol import JobRepository
from subgraphs.processing.values import Job, JobId, Source, TrackId

MOST_KEY = 255
BUCKET = "track-uploads"
STARTS = Limit("process-track", count=60, seconds=3600)


@dataclass(frozen=True, slots=True)
class Jobs:
    jobs: JobRepository
    limiter: RateLimiter

    async def start(
        self,
        viewer: Viewer,
        track_id: TrackId,
        source_key: str,
        job_id: UUID | None,
        checks: Checks,
        actor: Actor,
    ) -> Job:
        """Asked twice it is the same job. Raises Refused (InvalidInput, NotFound, Conflict), Forbidden,
        RateLimited.
        """
        key = checks.line(source_key, "sourceKey", "The key", least=1, most=MOST_KEY)
        ours = viewer.is_admin or (key.startswith(f"{viewer.id}/") and ".." not in key.split("/"))
        checks.require(ours, "sourceKey", "This is not a file that you have uploaded.")
        checks.done()
        await self._require_uploader(viewer, track_id)
        await self.limiter.take(STARTS, str(viewer.id))
        wanted = JobId(job_id or uuid4())
        job = await self.jobs.add(wanted, track_id, Source(BUCKET, key), viewer.id, actor)
        if job is None:
            raise Refused(conflict("Another file of this track is being processed.", "trackId"))
        return job

    async def retry(self, viewer: Viewer, job_id: JobId, checks: Checks, actor: Actor) -> Job:
        """Raises Refused (NotFound, Conflict), Forbidden."""
        checks.done()
        found = (await self.jobs.find_by_ids([job_id])).get(job_id)
        if found is None or not await self._may_see(viewer, found.track_id):
            raise Refused(not_found("job", "jobId"))
        job = await self.jobs.retry(job_id, actor)
        if job is None:
            raise Refused(
                conflict("The job has not failed, or another one of its track is under way.", "jobId")
            )
        return job

    async def find_jobs(self, ids: Sequence[JobId]) -> Mapping[JobId, Job]:
        return await self.jobs.find_by_ids(ids)

    async def find_latest(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, Job]:
        return await self.jobs.find_latest(tracks)

    async def find_uploadable(self, viewer: Viewer, tracks: Sequence[TrackId]) -> Mapping[TrackId, bool]:
        if viewer.is_admin:
            return dict.fromkeys(tracks, True)
        return await self.jobs.find_uploadable(viewer.id, tracks)

    async def _may_see(self, viewer: Viewer, track_id: TrackId) -> bool:
        return bool((await self.find_uploadable(viewer, [track_id])).get(track_id))

    async def _require_uploader(self, viewer: Viewer, track_id: TrackId) -> None:
        found = await self.jobs.find_uploadable(viewer.id, [track_id])
        if track_id not in found:
            raise Refused(not_found("track", "trackId"))
        if not (viewer.is_admin or found[track_id]):
            raise Forbidden("This needs the permission UPLOAD of the artist.")
