"""A worker's process killed with SIGKILL in each state of its job: nothing runs on, the next one finishes."""

from __future__ import annotations

import asyncio
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db.config import DomainStore
from db.postgres import connect
from db.s3 import open_s3
from subgraphs.processing.repository import PostgresQueueRepository, S3FileRepository
from subgraphs.processing.service import Transcoding, work
from subgraphs.processing.sound.ffmpeg import SoundLimits, run_ffmpeg
from subgraphs.processing.sound.transcode import master_playlist
from tests.subgraphs.processing.conftest import Processing
from tests.subgraphs.processing.sounds import tone
from tests.subgraphs.processing.test_sound import commands
from tests.subgraphs.processing.test_work import SILENT, is_whole

pytestmark = pytest.mark.xdist_group("seaweedfs")
FOREVER = ("-f", "lavfi", "-i", "sine=440")
PATIENCE_SECONDS = 60


@pytest.mark.parametrize(
    ("step", "state"),
    [
        ("take", "PENDING"),
        ("fetch", "PROCESSING"),
        ("ffmpeg", "PROCESSING"),
        ("switch", "PROCESSING"),
        ("forget_others", "COMPLETED"),
    ],
)
async def test_a_worker_killed_in_any_state_leaves_nothing_running_and_one_right_result(
    step: str, state: str, processing: Processing
) -> None:
    ada = processing.person()
    track = await processing.track(ada)
    job = await processing.start(ada, track, tone("ogg"))
    mark = f"of a worker that was killed {uuid4()}"
    await asyncio.to_thread(kill_at, step, mark, processing.store)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(mark in each for each in await asyncio.to_thread(commands)):  # noqa: ASYNC110 -- it can only be looked at
            await asyncio.sleep(0.02)
    assert (await processing.facts(job))["status"] == state
    await processing.run(SILENT)
    while await processing.worker().step():
        pass
    assert (await processing.facts(job))["status"] == "COMPLETED"
    sound = await processing.sound(track)
    assert sound["master.m3u8"] == master_playlist(job)
    assert is_whole(sound, job)
    assert [told["job_id"] for _, told in await processing.told()] == [job], "told once"


def kill_at(step: str, mark: str, store: DomainStore) -> None:
    """A worker's process that takes a job, gets as far as that step, and is killed there."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=works_until, args=(step, mark, store, there), daemon=True)
    process.start()
    try:
        assert here.poll(PATIENCE_SECONDS), "it never got there"
        assert here.recv() == step
    finally:
        process.kill()
        process.join()


def works_until(step: str, mark: str, store: DomainStore, told: Connection) -> None:
    asyncio.run(_works_until(step, mark, store, told))


async def _works_until(step: str, mark: str, store: DomainStore, told: Connection) -> None:
    async def halts(*_given: Any) -> None:
        told.send(step)
        await asyncio.sleep(2 * PATIENCE_SECONDS)

    async def transcodes_forever(source: Path, *_given: Any) -> None:
        arguments = [*FOREVER, "-metadata", f"title={mark}", "-f", "null", "-"]
        begun = iter([step])

        def tells_once(_at: float) -> None:
            for each in begun:
                told.send(each)

        await run_ffmpeg(arguments, source.parent, SoundLimits(), tells_once)

    assert store.s3 is not None
    async with open_s3(store.s3) as s3:
        queue, files = PostgresQueueRepository(connect(store)), S3FileRepository(s3)
        setattr(queue if step == "take" else files, step, halts)
        if step == "ffmpeg":
            work.measure = transcodes_forever  # type: ignore[assignment]
        await Transcoding(queue, files).step()
