"""A job's life: taken by one worker, killed anywhere, done again, and never twice in what it leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.errors import StoreUnavailable
from db.s3 import open_s3
from subgraphs.processing.repository import PostgresQueueRepository, S3FileRepository, s3_files
from subgraphs.processing.repository.postgres_queue import ATTEMPTS, GIVEN_UP
from subgraphs.processing.service import Transcoding
from subgraphs.processing.sound.ffmpeg import SoundLimits
from subgraphs.processing.sound.transcode import KILOBITS, master_playlist
from tests.subgraphs.processing.conftest import Processing
from tests.subgraphs.processing.sounds import tone
from tests.support.gate import gate_to
from tests.support.seaweedfs import shared_seaweedfs

pytestmark = pytest.mark.xdist_group("seaweedfs")
SILENT = """UPDATE processing_jobs SET leased_until = now() - interval '1 s'
    WHERE status <> 'COMPLETED'"""
STEPS = ("size_of", "fetch", "keep_folder", "switch", "forget_others")


class Killed(BaseException):
    """Not an Exception: nothing in between may handle it, as nothing handles SIGKILL."""


class DyingFiles(S3FileRepository):
    """Dies before or after one of its steps."""

    def __init__(self, files: S3FileRepository, step: str, *, after: bool) -> None:
        super().__init__(files._s3)
        whole = getattr(self, step)

        async def dies(*given: Any) -> Any:
            if after:
                await whole(*given)
            raise Killed

        setattr(self, step, dies)


def is_whole(sound: Mapping[str, bytes], job: str) -> bool:
    """What the master names is all there, and nothing else is."""
    if sound.get("master.m3u8") != master_playlist(job):
        return False
    named = {"master.m3u8", f"{job}/waveform.json"}
    for rate in KILOBITS:
        playlist = sound[f"{job}/{rate}k/index.m3u8"].decode()
        files = [line for line in playlist.splitlines() if line.endswith(".m4s")]
        named |= {f"{job}/{rate}k/{name}" for name in [*files, "init.mp4", "index.m3u8"]}
    return named == set(sound) and all(sound.values())


async def test_an_upload_becomes_sound_and_others_are_told(processing: Processing) -> None:
    ada = processing.person()
    track = await processing.track(ada)
    job = await processing.start(ada, track, tone("ogg"))
    assert await processing.worker(worker="pod-7").step()
    facts = await processing.facts(job)
    assert (facts["status"], facts["progress"], facts["duration_sec"]) == ("COMPLETED", 100, 8)
    assert (facts["worker_pod"], facts["attempts"], facts["error_log"]) == ("pod-7", 1, None)
    assert is_whole(await processing.sound(track), job)
    told = {"track_id": str(track), "duration_sec": 8, "job_id": job}
    assert await processing.told() == [("ProcessingCompleted", told)]
    assert not await processing.worker().step(), "there is nothing left to do"


async def test_a_file_that_is_no_sound_fails_at_once_with_a_reason_for_its_uploader(
    processing: Processing,
) -> None:
    ada = processing.person()
    track = await processing.track(ada)
    job = await processing.start(ada, track, b"#EXTM3U\nfile:///etc/passwd\n")
    assert await processing.worker().step()
    facts = await processing.facts(job)
    assert (facts["status"], facts["reason"]) == ("FAILED", "This is no OGG, FLAC, WAV or MP3 file.")
    assert await processing.sound(track) == {}
    assert [kind for kind, _ in await processing.told()] == ["ProcessingFailed"]
    assert not await processing.worker().step(), "it is not tried again"


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (SoundLimits(most_bytes=1000), "It is larger than 0 MB."),
        (SoundLimits(longest_seconds=4), "It is longer than 0 minutes."),
    ],
)
async def test_a_file_that_is_too_large_or_too_long_is_refused(
    processing: Processing, limits: SoundLimits, reason: str
) -> None:
    ada = processing.person()
    job = await processing.start(ada, await processing.track(ada), tone("flac"))
    assert await processing.worker(limits=limits).step()
    assert (await processing.facts(job))["reason"] == reason


async def test_a_source_that_is_gone_is_said(processing: Processing) -> None:
    ada = processing.person()
    job = await processing.start(ada, await processing.track(ada), b"x")
    async with processing.s3.use() as client:
        await client.delete_object(Bucket="track-uploads", Key=(await processing.facts(job))["source_key"])
    assert await processing.worker().step()
    assert (await processing.facts(job))[
        "reason"
    ] == "The uploaded file is not there any more: upload it again."


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
async def test_a_worker_killed_at_any_step_leaves_one_right_result_in_the_end(
    processing: Processing, step: str, after: bool
) -> None:
    ada = processing.person()
    track = await processing.track(ada)
    before = await processing.start(ada, track, tone("wav", 3.0))
    await processing.worker().step()
    job = await processing.start(ada, track, tone("ogg"))
    dying = DyingFiles(S3FileRepository(processing.s3), step, after=after)
    killed = Transcoding(PostgresQueueRepository(processing.database), dying)
    with pytest.raises(Killed):
        await killed.step()
    sound = await processing.sound(track)
    assert sound["master.m3u8"] in (master_playlist(before), master_playlist(job)), "old or new"
    await processing.run(SILENT)
    while await processing.worker().step():
        pass
    assert (await processing.facts(job))["status"] == "COMPLETED"
    sound = await processing.sound(track)
    assert sound["master.m3u8"] == master_playlist(job)
    if step != "forget_others":
        assert is_whole(sound, job)
    finished = [told["job_id"] for kind, told in await processing.told() if kind == "ProcessingCompleted"]
    assert finished == [before, job], "told once"


async def test_storage_that_goes_away_between_two_files_is_told_as_such(
    processing: Processing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not as a group of errors, which nobody would take for a store that is away."""

    async def away(*_given: object) -> None:
        raise StoreUnavailable("s3", "gone", "S3")

    monkeypatch.setattr(s3_files, "put_object", away)
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(StoreUnavailable):
        await S3FileRepository(processing.s3).keep_folder(tmp_path, "x")


async def test_of_ten_workers_at_once_each_job_is_one_workers(processing: Processing) -> None:
    ada = processing.person()
    jobs = [await processing.start(ada, await processing.track(ada), b"x") for _ in range(4)]
    queue = PostgresQueueRepository(processing.database)
    leases = await asyncio.gather(*(queue.take(f"w{n}") for n in range(10)))
    taken = [str(lease.job_id) for lease in leases if lease is not None]
    assert sorted(taken) == sorted(jobs)


async def test_a_worker_that_was_given_up_changes_nothing_when_it_wakes(processing: Processing) -> None:
    ada = processing.person()
    job = await processing.start(ada, await processing.track(ada), tone("ogg"))
    queue = PostgresQueueRepository(processing.database)
    asleep = await queue.take("asleep")
    assert asleep is not None
    await processing.run("UPDATE processing_jobs SET leased_until = now() - interval '1 s'")
    assert await processing.worker(worker="awake").step()
    assert not await queue.keep(asleep, 50)
    assert not await queue.complete(asleep, 1)
    await queue.fail(asleep, "no", "no")
    await queue.give_back(asleep, "no", is_ours=False)
    facts = await processing.facts(job)
    assert (facts["status"], facts["worker_pod"], facts["duration_sec"]) == ("COMPLETED", "awake", 8)
    assert len(await processing.told()) == 1


async def test_a_worker_keeps_its_lease_and_stops_when_it_has_lost_it(processing: Processing) -> None:
    ada = processing.person()
    job = await processing.start(ada, await processing.track(ada), tone("flac", 60.0))
    slow = processing.worker(heartbeat_seconds=0.05)
    working = asyncio.ensure_future(slow.step())
    async with asyncio.timeout(20):
        while (await processing.facts(job))["progress"] == 0:  # noqa: ASYNC110 -- it can only be looked at
            await asyncio.sleep(0.02)
    await processing.run("UPDATE processing_jobs SET attempts = attempts + 1")
    assert await working
    assert (await processing.facts(job))["status"] == "PROCESSING", "the other worker's"
    assert await processing.told() == []


async def test_a_worker_that_dies_each_time_makes_the_job_fail_in_the_end(processing: Processing) -> None:
    ada = processing.person()
    job = await processing.start(ada, await processing.track(ada), b"x")
    queue = PostgresQueueRepository(processing.database)
    for _ in range(ATTEMPTS):
        assert await queue.take("dies") is not None
        await processing.run("UPDATE processing_jobs SET leased_until = now() - interval '1 s'")
    assert await queue.take("dies") is None
    facts = await processing.facts(job)
    assert (facts["status"], facts["reason"]) == ("FAILED", GIVEN_UP)


async def test_what_is_not_the_files_fault_is_tried_again_later_and_later_and_then_fails(
    processing: Processing, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_room(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(S3FileRepository, "fetch", no_room)
    ada, pauses = processing.person(), []
    job = await processing.start(ada, await processing.track(ada), tone("ogg"))
    for _ in range(ATTEMPTS - 1):
        assert await processing.worker().step()
        facts = await processing.facts(job)
        assert facts["status"] == "PENDING"
        assert "No space left" in facts["error_log"]
        pauses.append(round((facts["due_at"] - facts["updated_at"]).total_seconds()))
        assert not await processing.worker().step(), "not before its pause is over"
        await processing.run("UPDATE processing_jobs SET due_at = now()")
    assert pauses == [2, 4, 8, 16]
    assert await processing.worker().step()
    assert (await processing.facts(job))["status"] == "FAILED"


@pytest.mark.parametrize("step", ["fetch", "keep_folder"])
async def test_storage_that_goes_away_in_the_middle_is_nobodys_fault_and_waited_for(
    processing: Processing, step: str
) -> None:
    ada = processing.person()
    track = await processing.track(ada)
    job = await processing.start(ada, track, tone("ogg"))
    real = shared_seaweedfs()
    host, _, port = real.endpoint.removeprefix("http://").partition(":")
    async with gate_to((host, int(port))) as gate:
        there = replace(real, endpoint=f"http://127.0.0.1:{gate.port}")
        async with open_s3(there) as s3:
            files = S3FileRepository(s3)
            whole = getattr(files, step)

            async def goes_away(*given: Any) -> Any:
                gate.shut()
                return await whole(*given)

            setattr(files, step, goes_away)
            worker = Transcoding(PostgresQueueRepository(processing.database), files)
            with pytest.raises(StoreUnavailable):
                await worker.step()
    facts = await processing.facts(job)
    assert (facts["status"], facts["attempts"]) == ("PENDING", 0), "not counted"
    await processing.run("UPDATE processing_jobs SET due_at = now()")
    assert await processing.worker().step()
    assert is_whole(await processing.sound(track), job)


async def test_a_job_of_a_track_that_is_deleted_meanwhile_is_nobodys(
    processing: Processing, tmp_path: Path
) -> None:
    from subgraphs.kit.outbox import Message
    from subgraphs.processing.repository.heard import hear_of_tracks

    ada = processing.person()
    track = await processing.track(ada)
    await processing.start(ada, track, tone("ogg"))
    lease = await PostgresQueueRepository(processing.database).take("w")
    assert lease is not None
    async with processing.database.write() as session:
        await hear_of_tracks(session, Message("catalog.track", str(track), "TrackGone", {}))
    assert not await PostgresQueueRepository(processing.database).complete(lease, 8)
    assert await processing.told() == []
    assert not await processing.worker().step()


async def test_a_worker_takes_what_is_longest_due(processing: Processing) -> None:
    ada = processing.person()
    first, second = [await processing.start(ada, await processing.track(ada), b"x") for _ in range(2)]
    await processing.run(
        "UPDATE processing_jobs SET due_at = now() - interval '1 h' WHERE id = :id", id=UUID(second)
    )
    queue = PostgresQueueRepository(processing.database)
    leases = [await queue.take("w") for _ in range(3)]
    assert [lease and str(lease.job_id) for lease in leases] == [second, first, None]
    assert uuid4() not in [lease.job_id for lease in leases if lease]
