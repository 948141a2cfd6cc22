"""What nobody needs is taken away: files of what was deleted, half uploads, and objects that no row knows.

An object is only looked at a day after it last changed: what is being uploaded or made is younger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from db.postgres import WriteSession
from subgraphs.media.places import KEPT, STAGING
from subgraphs.media.repository.protocol import FileRepository, WorkRepository
from subgraphs.media.repository.removal import parts_of, places_of
from subgraphs.media.values import Place, Status

YOUNG = timedelta(days=1)
AT_ONCE = 1000
ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
OURS = re.compile(rf"{ID}/(?:(?:posts|avatars|documents)/(?:thumbnails/|medium/)?)?({ID})(?:\.[a-z0-9]+)?")
"""What media has put there; anything else in these buckets is somebody else's (the demo's)."""
UNDER_WAY = (Status.UPLOADING, Status.PROCESSING)


@dataclass(frozen=True, slots=True)
class Collecting:
    work: WorkRepository
    files: FileRepository

    async def remove(self, _session: WriteSession, payload: Mapping[str, Any]) -> None:
        """A job: the files of what was deleted. Raises StoreUnavailable."""
        for place, upload_id in parts_of(payload):
            await self.files.drop(place, upload_id)
        await self.files.remove(places_of(payload))

    async def end_half_uploads(self, session: WriteSession) -> None:
        await self.work.end_half_uploads(session)
        await self.work.end_stuck(session)

    async def sweep(self, session: WriteSession) -> None:
        """Once a day. O(objects), a thousand a request. Raises StoreUnavailable."""
        old = datetime.now(UTC) - YOUNG
        for bucket in KEPT:
            await self._sweep(session, bucket, old, (*UNDER_WAY, Status.READY))
        await self._sweep(session, STAGING, old, UNDER_WAY)
        async for begun in self.files.list_unfinished():
            found = OURS.fullmatch(begun.key)
            if found is None or begun.begun_at > old:
                continue
            if not await self.work.find_kept(session, [UUID(found[1])], (Status.UPLOADING,)):
                await self.files.drop(Place(STAGING, begun.key), begun.upload_id)

    async def _sweep(
        self, session: WriteSession, bucket: str, old: datetime, kept: tuple[Status, ...]
    ) -> None:
        batch: dict[str, UUID] = {}
        async for key, changed in self.files.list_all(bucket):
            found = OURS.fullmatch(key)
            if found is not None and changed < old:
                batch[key] = UUID(found[1])
            if len(batch) == AT_ONCE:
                await self._forget(session, bucket, batch, kept)
                batch = {}
        await self._forget(session, bucket, batch, kept)

    async def _forget(
        self, session: WriteSession, bucket: str, batch: Mapping[str, UUID], kept: tuple[Status, ...]
    ) -> None:
        if not batch:
            return
        known = await self.work.find_kept(session, set(batch.values()), kept)
        orphans = [Place(bucket, key) for key, media_id in batch.items() if media_id not in known]
        await self.files.remove(orphans)
