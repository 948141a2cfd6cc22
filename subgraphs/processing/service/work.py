"""Doing a job: fetch, measure, transcode, keep, switch, complete.

    take ─► fetch source ─► measure ─► transcode ─► keep files ─► switch master.m3u8 ─► complete + tell
      │        while all of this runs, every few seconds: keep the lease, say how far it is        │
      └────────────── killed anywhere: the lease ends, another does all of it again ───────────────┘

Until the switch nobody hears anything of it, and after it nothing is missing; doing it again writes the same
bytes to the same places. A file that cannot become sound fails at once with a reason for who uploaded it;
anything else is tried again, and a store that is away is nobody's fault.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from db.errors import StoreError
from subgraphs.kit.scratch import scratch
from subgraphs.kit.work_watching import piece
from subgraphs.processing.repository.protocol import FileRepository, QueueRepository
from subgraphs.processing.sound.faults import BadSound
from subgraphs.processing.sound.ffmpeg import SoundLimits
from subgraphs.processing.sound.measure import Measured, measure
from subgraphs.processing.sound.sniff import container_of
from subgraphs.processing.sound.transcode import master_playlist, transcode
from subgraphs.processing.values import Lease

log = logging.getLogger("plait.processing")
HEARTBEAT_SECONDS = 10.0
MEASURED, MADE = 25.0, 90.0
"""Per cent of the whole that are done by then."""


class LeaseLost(Exception):
    """The job is another worker's by now."""


@dataclass(slots=True)
class Progress:
    """How far a job is, in per cent."""

    percent: float = 0.0

    def through(self, seconds: float, of: float, start: float, end: float) -> None:
        part = min(1.0, seconds / of) if of > 0 else 0.0
        self.percent = max(self.percent, start + (end - start) * part)


@dataclass(frozen=True, slots=True)
class Transcoding:
    """A task of the worker, on every machine that runs one: takes a job at a time."""

    queue: QueueRepository
    files: FileRepository
    limits: SoundLimits = field(default_factory=SoundLimits)
    heartbeat_seconds: float = HEARTBEAT_SECONDS
    worker: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    name: str = "transcoding"
    everywhere: bool = True

    async def step(self) -> bool:
        """Do one job; whether there was one. Raises StoreUnavailable after giving the job back."""
        lease = await self.queue.take(self.worker)
        if lease is None:
            return False
        try:
            with piece("job", self.name):
                await self._do(lease)
        except BadSound as error:
            await self.queue.fail(lease, error.reason, error.log)
        except LeaseLost:
            log.warning("processing: job %s is another worker's by now", lease.job_id)
        except StoreError as error:
            with suppress(StoreError):  # it may be ours that is away: the lease ends by itself
                await self.queue.give_back(lease, _told(error), is_ours=True)
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, the job is tried again and says so
            log.error("processing: job %s failed: %s", lease.job_id, type(error).__name__)
            await self.queue.give_back(lease, _told(error), is_ours=False)
        return True

    async def _do(self, lease: Lease) -> None:
        progress = Progress()
        working = asyncio.ensure_future(self._make(lease, progress))
        beating = asyncio.ensure_future(self._beat(lease, progress))
        try:
            await asyncio.wait([working, beating], return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                beating.result()
                raise LeaseLost
            seconds = working.result()
        finally:
            for task in (working, beating):
                task.cancel()
            await asyncio.gather(working, beating, return_exceptions=True)
        if not await self.queue.complete(lease, max(1, round(seconds))):
            raise LeaseLost
        with suppress(StoreError):  # what is left over is found by the track's next job
            await self.files.forget_others(lease.file_key, _folder(lease))

    async def _make(self, lease: Lease, progress: Progress) -> float:
        """How many seconds of sound there are."""
        with scratch("plait-sound-") as held:
            folder, source = held / "made", held / "source"
            await self._fetch(lease, source)
            container = container_of(source)
            measured = await self._measured(source, container, progress)
            await transcode(
                source,
                container,
                measured,
                folder,
                self.limits,
                lambda at: progress.through(at, measured.seconds, MEASURED, MADE),
            )
            await self.files.keep_folder(folder, _folder(lease))
        if not await self.queue.keep(lease, 99):
            raise LeaseLost
        await self.files.switch(lease.file_key, master_playlist(str(lease.job_id)))
        return measured.seconds

    async def _measured(self, source: Path, container: str, progress: Progress) -> Measured:
        """How long it is is not known yet: an hour would be all of this part."""
        longest = float(self.limits.longest_seconds)
        return await measure(
            source, container, self.limits, lambda at: progress.through(at, longest, 0, MEASURED)
        )

    async def _fetch(self, lease: Lease, source: Path) -> None:
        size = await self.files.size_of(lease.source)
        if size is None:
            raise BadSound("The uploaded file is not there any more: upload it again.")
        if size > self.limits.most_bytes:
            raise BadSound(f"It is larger than {self.limits.most_bytes // 1024**2} MB.")
        await self.files.fetch(lease.source, source)

    async def _beat(self, lease: Lease, progress: Progress) -> None:
        """Returns when the job is another's. A store that is away for a moment is not the end."""
        while True:
            await asyncio.sleep(self.heartbeat_seconds)
            with suppress(StoreError):
                if not await self.queue.keep(lease, int(progress.percent)):
                    return


def _folder(lease: Lease) -> str:
    return f"{lease.file_key}/{lease.job_id}"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]
