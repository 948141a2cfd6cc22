"""Files that are not what they say, are made to break who reads them, or carry something else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from subgraphs.media.making.faults import BadMedia
from subgraphs.media.making.limits import PictureLimits
from subgraphs.media.making.picture import draw
from subgraphs.media.making.sniff import content_type_of
from subgraphs.media.values import Variant
from tests.subgraphs.media.conftest import Media
from tests.subgraphs.media.files import (
    PDF,
    SVG,
    WAV,
    moving,
    picture,
    png_that_says,
    video,
    with_place_and_camera,
    written,
)

pytestmark = pytest.mark.xdist_group("seaweedfs")
HTML = b"<!doctype html><script>alert(1)</script>"
PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
MANY_PIXELS = "It has more than 60,000,000 pixels, or a side of more than 16,384."
DAMAGED = "The file is damaged or cut off: upload it again."


def zipped() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("evil.class", "SecretNote")
    return into.getvalue()


def frames_of(path: Path) -> int:
    with Image.open(path) as drawn:
        return int(getattr(drawn, "n_frames", 1))


NONE_OF_OURS = (
    SVG,
    HTML,
    PLAYLIST,
    b"\x7fELF" + b"\0" * 60,
    b"MZ" + b"\0" * 60,
    b"BM" + b"\0" * 60,
    b"\0" * 99,
)


async def test_what_is_none_of_the_types_is_refused_and_gone_when_it_is_completed(media: Media) -> None:
    ada = media.person()
    for content in (*NONE_OF_OURS, zipped()):
        media_id = await media.uploaded(ada, content)
        for _ in range(2):
            payload = await media.complete(ada, media_id)
            assert [(each["code"], each["path"]) for each in payload["errors"]] == [
                ("INVALID_INPUT", ["mediaId"])
            ]
        shown = await media.seen(ada, media_id)
        assert (shown["status"], shown["url"], shown["renditions"]) == ("FAILED", None, [])
    assert await media.files(ada) == {}


@pytest.mark.parametrize(
    ("content", "kind"), [(PDF, "image/png"), (video(), "image/gif"), (WAV, "video/mp4")]
)
async def test_what_is_another_kind_than_announced_is_refused(
    media: Media, content: bytes, kind: str
) -> None:
    ada = media.person()
    payload = await media.complete(ada, await media.uploaded(ada, content, kind))
    assert "was announced as" in payload["errors"][0]["message"]


async def test_a_picture_of_another_type_than_announced_is_read_as_what_it_is(media: Media) -> None:
    shown = await media.ready(media.person(), picture("PNG"), "image/jpeg")
    assert shown["status"] == "READY"


@pytest.mark.parametrize("hidden", [zipped(), HTML, PDF], ids=["archive", "page", "document"])
async def test_nothing_that_stands_behind_a_picture_comes_through(media: Media, hidden: bytes) -> None:
    for content in (picture("JPEG") + hidden, picture("PNG") + hidden, moving(2) + hidden):
        shown = await media.ready(media.person(), content)
        for one in shown["renditions"]:
            assert hidden[:40] not in await media.file(one)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (png_that_says(1, 1_000_000), MANY_PIXELS),
        (png_that_says(30_000, 30_000), MANY_PIXELS),
        (png_that_says(16_000, 16_000), MANY_PIXELS),
        (png_that_says(2_000, 2_000), DAMAGED),
        (png_that_says(0, 5), DAMAGED),
        (picture("JPEG")[:3000], DAMAGED),
        (picture("PNG")[:-700], DAMAGED),
        (picture("WEBP")[:200], DAMAGED),
        (b"\xff\xd8\xff\xe0" + b"\0" * 200, DAMAGED),
        (moving(301), "It moves for too long: at most 300 frames, 60,000,000 pixels in all."),
    ],
)
async def test_bombs_and_what_is_cut_off_are_refused_with_a_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)
    with pytest.raises(BadMedia) as refused:
        await draw(source, content_type_of(content[:4096]), tmp_path, PictureLimits())
    assert refused.value.reason == reason


async def test_a_bomb_is_told_to_its_owner_and_tried_no_more(media: Media) -> None:
    ada = media.person()
    shown = await media.ready(ada, png_that_says(1, 1_000_000), "image/png")
    assert (shown["status"], shown["reason"], shown["url"]) == ("FAILED", MANY_PIXELS, None)
    assert await media.told(shown["id"]) == ["MediaFailed"]
    assert await media.files(ada) == {}
    assert await media.run("SELECT 1 FROM jobs WHERE unique_key = :key", key=shown["id"]) == []


async def test_a_decoder_gets_so_much_memory_and_time_and_no_more(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(picture("PNG", (6000, 6000)))
    with pytest.raises(BadMedia, match="more memory"):
        await draw(source, "image/png", tmp_path, PictureLimits(memory_bytes=160 * 1024**2))
    with pytest.raises(BadMedia, match="takes too long"):
        await draw(source, "image/png", tmp_path, PictureLimits(wall_seconds=0.05))


async def test_each_type_of_picture_is_drawn_still_and_moving(tmp_path: Path) -> None:
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF"):
        content = picture(kind, (64, 48))
        (tmp_path / "source").write_bytes(content)
        drawn = await draw(tmp_path / "source", content_type_of(content[:4096]), tmp_path, PictureLimits())
        assert (drawn.width, drawn.height, len(drawn.files)) == (64, 48, 6)
    (tmp_path / "source").write_bytes(moving(5))
    drawn = await draw(tmp_path / "source", "image/gif", tmp_path, PictureLimits())
    frames = {(one.variant, one.content_type): frames_of(one.path) for one in drawn.files}
    assert frames[(Variant.ORIGINAL, "image/webp")] == frames[(Variant.MEDIUM, "image/webp")] == 5
    assert {frames[key] for key in frames if key[1] == "image/jpeg" or key[0] is Variant.THUMBNAIL} == {1}


async def test_what_is_transparent_stays_so_and_is_on_white_in_a_jpeg(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(written(Image.new("RGBA", (40, 30), (255, 0, 0, 0)), "PNG"))
    drawn = await draw(source, "image/png", tmp_path, PictureLimits())
    jpeg, webp = drawn.files[:2]
    with Image.open(webp.path) as shown:
        assert shown.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]
    with Image.open(jpeg.path) as shown:
        assert shown.getpixel((5, 5)) == (255, 255, 255)


async def test_a_line_stays_a_line(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(picture("PNG", (16_000, 2)))
    drawn = await draw(source, "image/png", tmp_path, PictureLimits())
    assert {(one.width, one.height) for one in drawn.files} == {(4096, 1), (1280, 1), (320, 1)}


NAMES = ("../../../etc/passwd", "a/b\\c", "..", "x.svg", "con\u202egnp.exe", "%2e%2e%2f", "'; DROP TABLE--")


async def test_what_a_file_is_called_is_part_of_no_path(media: Media) -> None:
    ada = media.person()
    ids = [await media.uploaded(ada, picture(size=(16, 9)), filename=name) for name in NAMES]
    for media_id in ids:
        await media.complete(ada, media_id)
    await media.work()
    shown = [await media.seen(ada, media_id) for media_id in ids]
    assert [one["filename"] for one in shown] == list(NAMES)
    keys = [key for listed in (await media.files(ada)).values() for key in listed]
    told = [*keys, *(each["url"].partition("?")[0] for one in shown for each in one["renditions"])]
    assert len(keys) == 6 * len(NAMES)
    assert not any(part in text for text in told for part in ("..", "etc", "DROP", "svg", "exe"))


@pytest.mark.parametrize(("kind", "cut"), [("mp4", 0.3), ("mp4", 0.9), ("webm", 0.4)])
async def test_a_video_that_is_cut_off_is_refused(media: Media, kind: str, cut: float) -> None:
    whole = video(kind, "libx264" if kind == "mp4" else "libvpx", 6)
    shown = await media.ready(media.person(), whole[: int(len(whole) * cut)], f"video/{kind}")
    assert (shown["status"], shown["reason"]) == ("FAILED", DAMAGED)


async def test_a_film_that_browsers_cannot_show_is_refused_with_what_to_do(media: Media) -> None:
    shown = await media.ready(media.person(), video("mp4", "mpeg4"), "video/mp4")
    assert shown["status"] == "FAILED"
    assert "save it as H.264" in shown["reason"]


async def test_the_form_used_again_after_it_was_completed_brings_nothing_in(media: Media) -> None:
    """It is as good for its hour: what the worker makes is of its own copy, looked at again."""
    ada, good = media.person(), with_place_and_camera()
    bad = SVG + b" " * (len(good) - len(SVG))
    upload = await media.start(ada, good)
    assert await media.send(upload, good) == 204
    assert (await media.complete(ada, upload["media"]["id"]))["errors"] == []
    assert await media.send(upload, bad) == 204
    await media.work()
    assert (await media.seen(ada, upload["media"]["id"]))["status"] == "FAILED"
