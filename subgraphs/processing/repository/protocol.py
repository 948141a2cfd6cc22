"""What the service and the workers ask of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol
from uuid import UUID

from subgraphs.kit.audit import Actor
from subgraphs.processing.values import Job, JobId, Lease, Source, Status, TrackId


class JobRepository(Protocol):
    async def add(
        self, job_id: JobId, track_id: TrackId, source: Source, requested_by: UUID, actor: Actor
    ) -> Job | None:
        """The job with this id if there is one, else the one that the track has under way from the same
        source, else a new one. None when another source of the track is under way, or nobody knows the track.
        """
        ...

    async def find_by_ids(self, ids: Sequence[JobId]) -> Mapping[JobId, Job]: ...

    async def find_latest(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, Job]: ...

    async def find_uploadable(self, user: UUID, tracks: Sequence[TrackId]) -> Mapping[TrackId, bool]:
        """Whether the user may upload, for every track that is known."""
        ...

    async def list_jobs(self, status: Status | None, limit: int) -> tuple[Job, ...]:
        """Latest first."""
        ...

    async def retry(self, job_id: JobId, actor: Actor) -> Job | None:
        """A job that failed waits again, unless the track has another one under way by now."""
        ...


class QueueRepository(Protocol):
    async def take(self, worker: str) -> Lease | None:
        """The job that is longest due: one that waits, or whose worker is silent. Each is taken by one."""
        ...

    async def keep(self, lease: Lease, progress: int) -> bool:
        """The worker goes on. False when the job is another's by now."""
        ...

    async def complete(self, lease: Lease, duration_sec: int) -> bool:
        """And the others are told, in the same transaction. False when the job is another's by now."""
        ...

    async def fail(self, lease: Lease, reason: str, log: str) -> None: ...

    async def give_back(self, lease: Lease, log: str, *, is_ours: bool) -> None:
        """To be tried again after a pause that grows; `is_ours`: not counted. After the last try it fails."""
        ...


class FileRepository(Protocol):
    """Sources and sound in S3. All raise StoreUnavailable."""

    async def size_of(self, source: Source) -> int | None: ...

    async def fetch(self, source: Source, path: Path) -> None: ...

    async def keep_folder(self, folder: Path, prefix: str) -> None: ...

    async def switch(self, file_key: str, playlist: bytes) -> None: ...

    async def forget_others(self, file_key: str, prefix: str) -> None: ...
