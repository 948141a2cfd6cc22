"""A job's life: killed anywhere and done again, deleted meanwhile, and what is taken away."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.clients import Stores
from db.errors import StoreUnavailable
from db.multipart import begin_parts
from db.objects import put_object
from db.redis import connect as connect_redis
from db.s3 import open_s3
from subgraphs.media import app
from subgraphs.media.repository import (
    PostgresWorkRepository,
    S3FileRepository,
    forget_owner,
    postgres_work,
)
from subgraphs.media.service import collecting, uploads
from subgraphs.media.values import MediaId
from tests.subgraphs.media.conftest import TICKET, Media
from tests.subgraphs.media.files import picture
from tests.subgraphs.support import Person, act, denied, refused
from tests.support.gate import gate_to
from tests.support.seaweedfs import shared_seaweedfs

pytestmark = pytest.mark.xdist_group("seaweedfs")
STEPS = ("size_of", "fetch", "keep")
FREE = "UPDATE jobs SET leased_until = NULL, due_at = now()"


class Killed(BaseException):
    """Not an Exception: nothing in between may handle it, as nothing handles SIGKILL."""


class DyingFiles(S3FileRepository):
    """Dies after one of its steps has been done so often."""

    def __init__(self, files: S3FileRepository, step: str, times: int) -> None:
        super().__init__(files._s3)
        whole, left = getattr(self, step), [times]

        async def dies(*given: Any) -> Any:
            answer = await whole(*given)
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return answer

        setattr(self, step, dies)


async def completed(media: Media, who: Person) -> str:
    media_id = await media.uploaded(who, picture())
    assert (await media.complete(who, media_id))["errors"] == []
    return media_id


@pytest.mark.parametrize(
    ("step", "times"), [("size_of", 1), ("fetch", 1), ("keep", 1), ("keep", 3), ("keep", 6)]
)
async def test_a_worker_killed_at_any_step_leaves_one_right_result_in_the_end(
    media: Media, step: str, times: int
) -> None:
    ada = media.person()
    media_id = await completed(media, ada)
    with pytest.raises(Killed):
        await media.rendering(DyingFiles(S3FileRepository(media.s3), step, times)).step()
    assert (await media.seen(ada, media_id))["status"] == "PROCESSING"
    assert not await media.rendering().step(), "it is the other's until its lease is over"
    await media.run(FREE)
    await media.work()
    shown = await media.seen(ada, media_id)
    assert (shown["status"], len(shown["renditions"])) == ("READY", 6)
    assert await media.told(media_id) == ["MediaReady"]
    assert sum(len(keys) for keys in (await media.files(ada)).values()) == 6


async def test_what_is_deleted_while_it_is_made_leaves_nothing(media: Media) -> None:
    ada = media.person()
    media_id = await completed(media, ada)
    files = S3FileRepository(media.s3)
    whole = files.keep

    async def deleted_meanwhile(*given: Any) -> None:
        await whole(*given)
        await act(media.subgraph, "deleteMedia", ada.headers, "deletedMediaId", mediaId=media_id)
        files.keep = whole  # type: ignore[method-assign]

    files.keep = deleted_meanwhile  # type: ignore[method-assign, assignment]
    assert await media.rendering(files).step()
    await media.run(FREE)
    await media.work()
    assert await media.files(ada) == {}
    assert await media.seen(ada, media_id) is None
    assert await media.told(media_id) == ["MediaDeleted"]


async def test_storage_that_goes_away_in_the_middle_is_nobodys_fault_and_waited_for(media: Media) -> None:
    ada = media.person()
    media_id = await completed(media, ada)
    real = shared_seaweedfs()
    host, _, port = real.endpoint.removeprefix("http://").partition(":")
    async with (
        gate_to((host, int(port))) as gate,
        open_s3(replace(real, endpoint=f"http://127.0.0.1:{gate.port}")) as s3,
    ):
        files = S3FileRepository(s3)
        whole = files.keep

        async def goes_away(*given: Any) -> None:
            gate.shut()
            await whole(*given)

        files.keep = goes_away  # type: ignore[method-assign]
        with pytest.raises(StoreUnavailable):
            await media.rendering(files).step()
    assert await media.run("SELECT failures FROM jobs WHERE unique_key = :key", key=media_id) == [(0,)]
    await media.run(FREE)
    await media.work()
    assert (await media.seen(ada, media_id))["status"] == "READY"


async def test_with_storage_away_nothing_is_lost_and_it_is_said(media: Media) -> None:
    ada = media.person()
    media_id = await media.uploaded(ada, picture())
    shown = await media.ready(ada, picture())
    async with open_s3(replace(shared_seaweedfs(), endpoint="http://127.0.0.1:1")) as nowhere:
        redis = connect_redis("redis://127.0.0.1:1")
        away = app.build(media.config, Stores("media", media.database, redis, nowhere))
        cut = replace(media, subgraph=away)
        assert await denied(away, "completeUpload", ada.headers, mediaId=media_id) == "SERVICE_UNAVAILABLE"
        deleted = await act(away, "deleteMedia", ada.headers, "deletedMediaId", mediaId=shown["id"])
        assert deleted["errors"] == [], "its files are taken away later"
        assert (await cut.get(shown["url"])).status_code == 503
        assert (await cut.get(shown["url"])).headers["retry-after"] == "5"
    assert (await media.complete(ada, media_id))["errors"] == []
    await media.run(FREE)
    await media.work()
    assert sum(len(keys) for keys in (await media.files(ada)).values()) == 6, "of the other one"


async def test_what_fails_again_and_again_and_not_for_the_file_is_given_up_and_said(
    media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = media.person()
    media_id = await completed(media, ada)

    async def no_room(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    files = S3FileRepository(media.s3)
    files.fetch = no_room  # type: ignore[method-assign, assignment]
    for _ in range(10):
        assert await media.rendering(files).step()
        await media.run("UPDATE jobs SET due_at = now(), leased_until = NULL WHERE NOT dead")
    assert not await media.rendering(files).step()
    async with media.database.write() as session:
        await media.collecting.end_half_uploads(session)
    assert (await media.seen(ada, media_id))["status"] == "PROCESSING", "not at once"
    monkeypatch.setattr(postgres_work, "STUCK", timedelta(0))
    async with media.database.write() as session:
        await media.collecting.end_half_uploads(session)
    shown = await media.seen(ada, media_id)
    assert shown["status"] == "FAILED"
    assert "upload it again" in shown["reason"]


async def test_deleting_removes_every_variant_at_once_for_readers_and_then_for_good(media: Media) -> None:
    ada, grace = media.person(), media.person()
    shown, other = await media.ready(ada, picture()), await media.ready(grace, picture())
    post = str(uuid4())
    await media.shown_by(post, shown["id"])
    await act(media.subgraph, "deleteMedia", ada.headers, "deletedMediaId", mediaId=shown["id"])
    assert await media.seen(ada, shown["id"]) is None
    assert await media.run("SELECT 1 FROM attachments WHERE post_id = :id", id=UUID(post)) == []
    await media.work()
    assert await media.files(ada) == {}
    assert len((await media.files(grace))["post-images"]) == 4
    assert await refused(media.subgraph, "deleteMedia", ada.headers, mediaId=shown["id"]) == [
        ("NOT_FOUND", "mediaId")
    ]
    assert (await media.seen(grace, other["id"]))["status"] == "READY"


async def test_who_is_gone_leaves_no_row_and_no_file(media: Media) -> None:
    ada, grace = media.person(), media.person()
    await media.ready(ada, picture())
    await media.uploaded(ada, picture())
    kept = await media.ready(grace, picture())
    for _ in range(2):
        async with media.database.write() as session:
            await forget_owner(session, ada.id)
    await media.work()
    assert await media.files(ada) == {}
    assert await media.run("SELECT user_id FROM media") == [(grace.id,)]
    assert (await media.seen(grace, kept["id"]))["status"] == "READY"


async def test_what_a_post_showed_goes_with_it_unless_another_shows_it(media: Media) -> None:
    ada = media.person()
    only, both = [(await media.ready(ada, picture()))["id"] for _ in range(2)]
    one, other = str(uuid4()), str(uuid4())
    await media.shown_by(one, only, both)
    await media.shown_by(other, both)
    for _ in range(2):
        await media.hear([], [{"post_id": one, "media_id": each} for each in (only, both)])
    await media.work()
    assert await media.run("SELECT id FROM media") == [(UUID(both),)]
    assert sum(len(keys) for keys in (await media.files(ada)).values()) == 6


async def test_half_uploads_are_collected_and_their_quota_is_free_again(
    media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGE", 1024)
    ada = media.person()
    asked = {"purpose": "POST", "filename": "x", "contentType": "video/mp4", "sizeBytes": 20_000_000}
    in_parts = (await act(media.subgraph, "startUpload", ada.headers, TICKET, **asked))["upload"]
    monkeypatch.undo()
    await media.uploaded(ada, picture())
    young = await media.start(ada, picture())
    await media.run(
        "UPDATE media SET expires_at = now() - interval '11 minutes' WHERE id <> :id",
        id=UUID(young["media"]["id"]),
    )
    async with media.database.write() as session:
        await media.collecting.end_half_uploads(session)
    await media.work()
    assert await media.run("SELECT id FROM media") == [(UUID(young["media"]["id"]),)]
    assert await media.files(ada) == {}
    unfinished = [each.key async for each in S3FileRepository(media.s3).list_unfinished()]
    assert f"{ada.id}/{in_parts['media']['id']}" not in unfinished


async def test_objects_that_no_row_knows_are_swept_away_a_day_later(
    media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = media.person()
    shown = await media.ready(ada, picture())
    waiting = await media.uploaded(ada, picture())
    orphan, demo = uuid4(), "demo/person-1.webp"
    files = S3FileRepository(media.s3)
    left = {
        "post-images": f"{ada.id}/posts/medium/{orphan}.webp",
        "documents": f"{ada.id}/documents/{orphan}.pdf",
        "media-uploads": f"{ada.id}/{shown['id']}",
        "profile-images": demo,
    }
    for bucket, key in left.items():
        await media.s3.ensure_bucket(bucket)
        await put_object(media.s3, bucket, key, b"x", "image/webp")
    await begin_parts(media.s3, "media-uploads", f"{ada.id}/{orphan}", "video/mp4")
    before = await media.files(ada)
    await _sweep(media)
    assert await media.files(ada) == before, "all of it is young"
    monkeypatch.setattr(collecting, "YOUNG", -collecting.YOUNG)
    await _sweep(media)
    after = await media.files(ada)
    assert after["media-uploads"] == [waiting]
    assert "documents" not in after
    assert sum(len(keys) for keys in after.values()) == 7
    assert await media.stored("profile-images", demo) == b"x", "somebody else's"
    assert f"{ada.id}/{orphan}" not in [each.key async for each in files.list_unfinished()]


async def _sweep(media: Media) -> None:
    async with media.database.write() as session:
        await media.collecting.sweep(session)


async def test_of_ten_workers_at_once_each_media_is_one_workers(media: Media) -> None:
    ada = media.person()
    ids = [await completed(media, ada) for _ in range(3)]
    async with asyncio.timeout(60):
        done = await asyncio.gather(*(media.rendering().step() for _ in range(6)))
    assert sum(done) == 3
    assert [await media.told(each) for each in ids] == [["MediaReady"]] * 3


async def test_a_job_of_what_is_ready_does_nothing(media: Media) -> None:
    shown = await media.ready(media.person(), picture())
    async with media.database.write() as session:
        assert await PostgresWorkRepository().find_waiting(session, MediaId(UUID(shown["id"]))) is None
