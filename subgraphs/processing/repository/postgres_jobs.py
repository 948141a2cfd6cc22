"""Jobs in PostgreSQL, as who asks for one sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, any_, cast, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.enums import known_or
from subgraphs.processing.models import artist_uploaders, processing_jobs, tracks
from subgraphs.processing.values import Job, JobId, Source, Status, TrackId

JOBS = processing_jobs.c
COLUMNS = [JOBS[name] for name in Job.__dataclass_fields__]
UNDER_WAY = JOBS.status.in_([Status.PENDING.value, Status.PROCESSING.value])


class PostgresJobRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, job_id: JobId, track_id: TrackId, source: Source, requested_by: UUID | None, actor: Actor
    ) -> Job | None:
        async with self._database.write() as session:
            return await add_job(session, job_id, track_id, source, requested_by, actor)

    async def find_by_ids(self, ids: Sequence[JobId]) -> Mapping[JobId, Job]:
        async with self._database.read() as session:
            return {row.id: job_of(row) for row in await session.fetch(_found(ids))}

    async def find_latest(self, of: Sequence[TrackId]) -> Mapping[TrackId, Job]:
        async with self._database.read() as session:
            return {row.track_id: job_of(row) for row in await session.fetch(_latest(of))}

    async def find_uploadable(self, user: UUID, of: Sequence[TrackId]) -> Mapping[TrackId, bool]:
        async with self._database.read() as session:
            return {row.id: row.may for row in await session.fetch(_uploadable(user, of))}

    async def list_jobs(self, status: Status | None, limit: int) -> tuple[Job, ...]:
        listed = select(*COLUMNS).order_by(JOBS.created_at.desc(), JOBS.id.desc()).limit(limit)
        wanted = listed if status is None else listed.where(JOBS.status == status.value)
        async with self._database.read() as session:
            return tuple(job_of(row) for row in await session.execute(wanted))

    async def retry(self, job_id: JobId, actor: Actor) -> Job | None:
        other = processing_jobs.alias()
        busy = select(other.c.id).where(
            other.c.track_id == JOBS.track_id,
            other.c.status.in_([Status.PENDING.value, Status.PROCESSING.value]),
        )
        failed = (JOBS.id == job_id, JOBS.status == Status.FAILED.value, ~busy.exists())
        again = {"status": Status.PENDING.value, "reason": None, "attempts": 0, "progress": 0}
        waits = update(processing_jobs).where(*failed).values(**again, due_at=func.now(), leased_until=None)
        async with self._database.write() as session:
            row = (await session.execute(waits.returning(*COLUMNS))).first()
            if row is None:
                return None
            await audit.record(session, actor, "retry", "processing_job", job_id)
        return job_of(row)


async def add_job(
    session: WriteSession,
    job_id: JobId,
    track_id: TrackId,
    source: Source,
    requested_by: UUID | None,
    actor: Actor,
) -> Job | None:
    """Of several at once for a track one is added, and the others find it."""
    known = select(tracks.c.id).where(tracks.c.id == track_id).with_for_update()
    if (await session.execute(known)).first() is None:
        return None
    of_track = UNDER_WAY & (JOBS.track_id == track_id)
    either = select(processing_jobs).where((JOBS.id == job_id) | of_track)
    same = (await session.execute(either.order_by((JOBS.id == job_id).desc()))).first()
    if same is not None:
        is_same = same.track_id == track_id and (same.source_bucket, same.source_key) == (
            source.bucket,
            source.key,
        )
        return job_of(same) if is_same else None
    asked = {"source_bucket": source.bucket, "source_key": source.key, "requested_by": requested_by}
    made = insert(processing_jobs).values(id=job_id, track_id=track_id, **asked).returning(*COLUMNS)
    job = job_of((await session.execute(made)).one())
    await audit.record(session, actor, "create", "processing_job", job_id, {"track_id": [None, track_id]})
    return job


@per_shape
def _found(ids: Sequence[JobId]) -> Any:
    return select(*COLUMNS).where(among(JOBS.id, ids))


@per_shape
def _latest(of: Sequence[TrackId]) -> Any:
    later = processing_jobs.alias()
    is_later = tuple_(later.c.created_at, later.c.id) > tuple_(JOBS.created_at, JOBS.id)
    newer = select(later.c.id).where(later.c.track_id == JOBS.track_id, is_later)
    return select(*COLUMNS).where(among(JOBS.track_id, of), ~newer.exists())


@per_shape
def _uploadable(user: UUID, of: Sequence[TrackId]) -> Any:
    may = func.coalesce(cast(user, Uuid) == any_(artist_uploaders.c.users), False).label("may")
    joined = select(tracks.c.id, may).join_from(
        tracks, artist_uploaders, artist_uploaders.c.artist_id == tracks.c.artist_id, isouter=True
    )
    return joined.where(among(tracks.c.id, of))


def job_of(row: Row[Any] | Any) -> Job:
    facts = {name: getattr(row, name) for name in Job.__dataclass_fields__}
    return Job(**facts | {"status": known_or(row.status, Status.PENDING)})
