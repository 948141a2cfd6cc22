"""From a file to something that can be shown: announced, sent to the store, completed, made."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from db.config import DomainStore
from db.postgres import connect
from subgraphs.kit.jobs import Queue
from subgraphs.kit.outbox import Message
from subgraphs.media.repository import PostgresWorkRepository
from subgraphs.media.repository import S3FileRepository as MediaFiles
from subgraphs.media.repository.postgres import MAKE
from subgraphs.media.service import Rendering, uploads
from subgraphs.media.service.uploads import PART_BYTES, part_sizes
from subgraphs.processing.repository import PostgresQueueRepository
from subgraphs.processing.repository import S3FileRepository as SoundFiles
from subgraphs.processing.repository.heard import hear_of_tracks, hear_of_uploaders, hear_of_uploads
from subgraphs.processing.service import Transcoding
from tests.subgraphs.media.conftest import TICKET, Media
from tests.subgraphs.media.files import PDF, WAV, picture, video, with_place_and_camera
from tests.subgraphs.processing.sounds import tone
from tests.subgraphs.support import act, data, denied, refused

pytestmark = pytest.mark.xdist_group("seaweedfs")


async def test_a_picture_is_sent_to_the_store_and_shown_in_its_variants(media: Media) -> None:
    ada, content = media.person(), picture("PNG", (1600, 1200))
    shown = await media.ready(ada, content, "image/png", altText="  A flag ")
    assert (shown["status"], shown["kind"], shown["purpose"]) == ("READY", "IMAGE", "POST")
    assert (shown["width"], shown["height"], shown["altText"]) == (1600, 1200, "A flag")
    assert (shown["contentType"], shown["filename"], shown["reason"]) == ("image/jpeg", "me.jpg", None)
    assert shown["owner"] == {"id": str(ada.id)}
    assert len(shown["blurhash"]) == 4 + 2 * 12
    sizes = {
        (one["variant"], one["contentType"]): (one["width"], one["height"]) for one in shown["renditions"]
    }
    assert sizes == {
        (variant, kind): size
        for variant, size in (("ORIGINAL", (1600, 1200)), ("MEDIUM", (1280, 960)), ("THUMBNAIL", (320, 240)))
        for kind in ("image/jpeg", "image/webp")
    }
    for one in shown["renditions"]:
        file = await media.file(one)
        drawn = Image.open(io.BytesIO(file))
        assert (drawn.size, len(file)) == ((one["width"], one["height"]), one["sizeBytes"])
        assert f"image/{drawn.format}".lower() == one["contentType"]


async def test_files_lie_where_the_seed_says_and_the_upload_goes(media: Media) -> None:
    ada = media.person()
    key = (await media.ready(ada, picture()))["id"]
    ends, folders = ("jpg", "webp"), ("", "medium/")
    assert await media.files(ada) == {
        "post-images": sorted(f"posts/{folder}{key}.{end}" for folder in folders for end in ends),
        "thumbnails": [f"posts/thumbnails/{key}.{end}" for end in ends],
    }
    rows = await media.run("SELECT bucket, path, variants FROM media WHERE id = :id", id=UUID(key))
    ((bucket, path, variants),) = rows
    assert (bucket, path) == ("post-images", f"{ada.id}/posts/{key}.jpg")
    assert variants == {
        "original": f"{ada.id}/posts/{key}.jpg",
        "medium": f"{ada.id}/posts/medium/{key}.jpg",
        "thumbnail": f"{ada.id}/posts/thumbnails/{key}.jpg",
    }


async def test_nothing_of_camera_and_place_is_kept_and_the_picture_is_upright(media: Media) -> None:
    shown = await media.ready(media.person(), with_place_and_camera())
    assert (shown["width"], shown["height"]) == (480, 640)
    for one in shown["renditions"]:
        file = await media.file(one)
        drawn = Image.open(io.BytesIO(file))
        assert not drawn.getexif()
        assert b"Secret" not in file
        red, _, blue = drawn.convert("RGB").getpixel((drawn.width - 5, drawn.height // 2))  # type: ignore[misc]
        assert red > blue, "what was above is right"


async def test_the_store_refuses_a_byte_more_a_byte_less_another_type_and_another_key(media: Media) -> None:
    ada, content = media.person(), picture()
    upload = await media.start(ada, content)
    assert [await media.send(upload, content + b"x"), await media.send(upload, content[:-1])] == [400, 400]
    for name, value in (("Content-Type", "text/html"), ("key", f"{UUID(int=1)}/x"), ("bucket", "documents")):
        fields = [each for each in upload["fields"] if each["name"] != name]
        changed = upload | {"fields": [*fields, {"name": name, "value": value}]}
        assert await media.send(changed, content) == (204 if name == "bucket" else 403)
    assert set(await media.files(ada)) == {"media-uploads"}, "the bucket is the address's"


async def test_completing_it_twice_at_once_is_completing_it_once(media: Media) -> None:
    ada = media.person()
    media_id = await media.uploaded(ada, picture())
    answers = await asyncio.gather(*(media.complete(ada, media_id) for _ in range(5)))
    assert all(each["errors"] == [] for each in answers)
    assert {each["media"]["id"] for each in answers} == {media_id}
    assert await media.run("SELECT count(*) FROM jobs WHERE unique_key = :key", key=media_id) == [(1,)]
    await media.work()
    again = await media.complete(ada, media_id)
    assert (again["media"]["status"], again["errors"]) == ("READY", [])
    assert await media.told(media_id) == ["MediaReady"]


async def test_another_persons_upload_does_not_exist(media: Media) -> None:
    ada, eve, admin = media.person(), media.person(), media.person(roles=frozenset({"ROLE_ADMIN"}))
    media_id = await media.uploaded(ada, picture())
    for mutation in ("completeUpload", "resumeUpload", "deleteMedia"):
        assert await refused(media.subgraph, mutation, eve.headers, mediaId=media_id) == [
            ("NOT_FOUND", "mediaId")
        ]
        assert await denied(media.subgraph, mutation, mediaId=media_id) == "UNAUTHENTICATED"
    assert await media.seen(eve, media_id) is None
    assert await media.seen(None, media_id) is None
    assert (await media.seen(admin, media_id))["status"] == "UPLOADING"


async def test_what_has_not_arrived_is_not_completed(media: Media) -> None:
    ada = media.person()
    upload = await media.start(ada, picture())
    payload = await media.complete(ada, upload["media"]["id"])
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [
        ("UPLOAD_INCOMPLETE", ["mediaId"])
    ]
    assert await media.send(upload, picture()) == 204
    assert (await media.complete(ada, upload["media"]["id"]))["errors"] == []


NOT_TAKEN: tuple[tuple[dict[str, Any], str], ...] = (
    ({"contentType": "image/svg+xml"}, "contentType"),
    ({"contentType": "text/html"}, "contentType"),
    ({"purpose": "AVATAR", "contentType": "video/mp4"}, "contentType"),
    ({"sizeBytes": 0}, "sizeBytes"),
    ({"sizeBytes": -1}, "sizeBytes"),
    ({"sizeBytes": 25_000_001}, "sizeBytes"),
    ({"filename": " "}, "filename"),
    ({"filename": "x" * 256}, "filename"),
    ({"filename": "a\x00b"}, "filename"),
    ({"altText": "x" * 1001}, "altText"),
    ({"trackId": str(UUID(int=1))}, "trackId"),
    ({"purpose": "TRACK", "contentType": "audio/wav"}, "trackId"),
    ({"trackId": "no"}, "trackId"),
)


async def test_what_is_not_taken_is_refused_before_it_is_sent(media: Media) -> None:
    ada = media.person()
    for given, path in NOT_TAKEN:
        asked = {"purpose": "POST", "filename": "x", "contentType": "image/png", "sizeBytes": 10} | given
        told = await refused(media.subgraph, "startUpload", ada.headers, **asked)
        assert told == [("INVALID_INPUT", path)], given


async def test_of_several_uploads_at_once_none_gets_past_the_quota(media: Media) -> None:
    ada, size = media.person(), 800_000_000
    asked = {"purpose": "POST", "filename": "x", "contentType": "video/mp4", "sizeBytes": size}
    selection = f"{TICKET} errors {{ ... on MediaQuotaExceeded {{ usedMegabytes quotaMegabytes }} }}"
    starts = (act(media.subgraph, "startUpload", ada.headers, selection, **asked) for _ in range(5))
    payloads = await asyncio.gather(*starts)
    refusals = [each["errors"][0] for each in payloads if each["errors"]]
    assert len(refusals) == 3
    assert {(each["code"], each["usedMegabytes"], each["quotaMegabytes"]) for each in refusals} == {
        ("MEDIA_QUOTA_EXCEEDED", 1600, 2000)
    }
    grace = media.person()
    assert (await act(media.subgraph, "startUpload", grace.headers, TICKET, **asked))["errors"] == []


async def test_a_large_file_is_sent_in_parts_and_only_what_is_missing_again(
    media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts of five megabytes, which is S3's least."""
    monkeypatch.setattr(uploads, "PART_BYTES", 5 * 1024 * 1024)
    monkeypatch.setattr(uploads, "LARGE", 1024)
    content = video("mp4") + b"\0" * (6 * 1024 * 1024)
    ada = media.person()
    upload = await media.start(ada, content, "video/mp4")
    first, second = upload["parts"]
    assert (upload["url"], upload["fields"]) == (None, [])
    assert [first["sizeBytes"], second["sizeBytes"]] == [5 * 1024 * 1024, len(content) - 5 * 1024 * 1024]
    whole = content[: first["sizeBytes"]]
    assert (await media.web.put(first["url"], content=whole + b"x")).status_code == 403, "a byte more"
    assert (await media.web.put(first["url"], content=whole)).status_code == 200
    media_id = upload["media"]["id"]
    payload = await act(
        media.subgraph,
        "completeUpload",
        ada.headers,
        "errors { ... on UploadIncomplete { missingParts } }",
        mediaId=media_id,
    )
    assert [(each["code"], each["missingParts"]) for each in payload["errors"]] == [
        ("UPLOAD_INCOMPLETE", [2])
    ]
    resumed = (await act(media.subgraph, "resumeUpload", ada.headers, TICKET, mediaId=media_id))["upload"]
    (left,) = resumed["parts"]
    assert left["number"] == 2
    assert (await media.web.put(left["url"], content=content[first["sizeBytes"] :])).status_code == 200
    answers = await asyncio.gather(*(media.complete(ada, media_id) for _ in range(3)))
    assert all(each["errors"] == [] for each in answers)
    await media.work()
    assert (await media.seen(ada, media_id))["status"] == "READY"


def test_parts_are_all_of_one_size_but_the_last() -> None:
    assert part_sizes(PART_BYTES) == {1: PART_BYTES}
    assert part_sizes(2 * PART_BYTES + 1) == {1: PART_BYTES, 2: PART_BYTES, 3: 1}


@pytest.mark.parametrize(("kind", "codec"), [("mp4", "libx264"), ("webm", "libvpx")])
async def test_a_video_keeps_its_streams_loses_its_tags_and_has_a_poster(
    media: Media, kind: str, codec: str
) -> None:
    ada = media.person()
    content = video(kind, codec)
    assert b"SecretCam" in content
    shown = await media.ready(ada, content, f"video/{kind}")
    assert (shown["status"], shown["kind"], shown["contentType"]) == ("READY", "VIDEO", f"video/{kind}")
    assert (shown["width"], shown["height"]) == (320, 240)
    assert 0.8 <= shown["durationSeconds"] <= 1.4
    forms = {(one["variant"], one["contentType"]) for one in shown["renditions"]}
    assert forms == {("ORIGINAL", f"video/{kind}")} | {
        (variant, f"image/{form}") for variant in ("MEDIUM", "THUMBNAIL") for form in ("jpeg", "webp")
    }
    kept = await media.file(shown["renditions"][0])
    assert b"SecretCam" not in kept
    assert b"+52.5200" not in kept
    assert set(await media.files(ada)) == {"post-videos", "thumbnails"}


async def test_a_document_is_kept_as_it_is_and_only_ever_saved(media: Media) -> None:
    ada = media.person()
    shown = await media.ready(ada, PDF, "application/pdf", purpose="DOCUMENT")
    (one,) = shown["renditions"]
    got = await media.get(one["url"])
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, PDF, "application/pdf")
    assert got.headers["content-disposition"] == "attachment"
    assert await media.seen(media.person(), shown["id"]) is None
    assert await media.files(ada) == {"documents": [f"documents/{shown['id']}.pdf"]}


async def test_an_uploaded_sound_becomes_what_can_be_streamed(
    media: Media, stores: Mapping[str, DomainStore]
) -> None:
    """processing hears exactly what media tells."""
    ada, track, artist = media.person(), uuid4(), uuid4()
    catalog = {"artist_id": str(artist), "file_key": f"tracks/{track}"}
    uploaders = Message("catalog.artist", str(artist), "UploadersTold", {"uploaders": [str(ada.id)]})
    given = {"purpose": "TRACK", "trackId": str(track)}
    shown = await media.ready(ada, tone("ogg", 1.0), "audio/ogg", **given)
    told = await media.run("SELECT type, payload FROM outbox WHERE key = :key ORDER BY id", key=shown["id"])
    database = connect(stores["processing"])
    async with database.write() as session:
        await hear_of_tracks(session, Message("catalog.track", str(track), "TrackTold", catalog))
        await hear_of_uploaders(session, uploaders)
        for kind, payload in told:
            await hear_of_uploads(session, Message("media.media", shown["id"], kind, payload))
    working = Transcoding(PostgresQueueRepository(database), SoundFiles(media.s3))
    assert await working.step()
    await database.close()
    assert await media.stored("tracks", f"tracks/{track}/master.m3u8") is not None


async def test_the_sound_of_a_track_goes_to_processing(media: Media) -> None:
    ada, track = media.person(), str(UUID(int=7))
    shown = await media.ready(ada, WAV, "audio/wav", purpose="TRACK", trackId=track)
    assert (shown["status"], shown["kind"]) == ("READY", "AUDIO")
    told = await media.run(
        "SELECT key, payload FROM outbox WHERE type = 'AudioUploaded' AND key = :key", key=shown["id"]
    )
    where = {"bucket": "track-uploads", "key": f"{ada.id}/{shown['id']}"}
    assert told == [(shown["id"], {"track_id": track, "user_id": str(ada.id), **where})]
    assert await media.stored(where["bucket"], where["key"]) == WAV


async def test_where_it_is_chosen_a_picture_is_made_as_avif_too_in_the_sizes_of_lists(media: Media) -> None:
    ada = media.person()
    handle = Rendering(PostgresWorkRepository(), MediaFiles(media.s3), avif=True).handle
    content = picture()
    media_id = await media.uploaded(ada, content)
    await media.complete(ada, media_id)
    assert await Queue(MAKE, handle, media.database).step()
    made = (await media.seen(ada, media_id))["renditions"]
    small = [one for one in made if one["contentType"] == "image/avif"]
    assert [one["variant"] for one in small] == ["MEDIUM", "THUMBNAIL"]
    for one in small:
        with Image.open(io.BytesIO(await media.file(one)), formats=["AVIF"]) as shown:
            assert shown.size == (one["width"], one["height"])
            assert not shown.getexif()
    query = 'query($id: ID!) { media(id: $id) { url(variant: MEDIUM, contentType: "image/avif") } }'
    url = (await data(media.subgraph, query, ada.headers, id=media_id))["media"]["url"]
    got = await media.get(url)
    assert (got.status_code, got.headers["content-type"]) == (200, "image/avif")
    await act(media.subgraph, "deleteMedia", ada.headers, "deletedMediaId", mediaId=media_id)
    await media.work()
    assert await media.files(ada) == {}, "no form of it stays"
