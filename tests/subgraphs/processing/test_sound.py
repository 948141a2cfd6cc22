"""From a file to HLS: what is made of good files, and why others are refused."""

from __future__ import annotations

import asyncio
import io
import os
import re
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from subgraphs.processing.demo.tune import SECONDS, tune
from subgraphs.processing.sound.faults import BadSound
from subgraphs.processing.sound.ffmpeg import SoundLimits, run_ffmpeg
from subgraphs.processing.sound.measure import BARS, Measured, measure
from subgraphs.processing.sound.sniff import container_of
from subgraphs.processing.sound.transcode import KILOBITS, WAVEFORM, gain, master_playlist, transcode
from subgraphs.streaming.service.streams import FILES
from tests.subgraphs.processing.sounds import tone, whole

LIMITS = SoundLimits()


async def made(source: Path, into: Path) -> Measured:
    container = container_of(source)
    measured = await measure(source, container, LIMITS, lambda _seconds: None)
    await transcode(source, container, measured, into, LIMITS, lambda _seconds: None)
    return measured


@pytest.mark.parametrize("container", ["ogg", "flac", "wav", "mp3"])
async def test_each_container_becomes_hls_as_long_as_it_is(container: str, tmp_path: Path) -> None:
    measured = await made(whole(tmp_path, "source", tone(container)), tmp_path / "made")
    assert measured.seconds == pytest.approx(8.0, abs=0.1)
    assert len(measured.waveform) == BARS
    for rate in KILOBITS:
        folder = tmp_path / "made" / f"{rate}k"
        playlist = (folder / "index.m3u8").read_text()
        names = re.findall(r"^\d{5}\.m4s$", playlist, re.MULTILINE)
        assert sorted([*names, "index.m3u8", "init.mp4"]) == sorted(p.name for p in folder.iterdir())
        assert sum(map(float, re.findall(r"#EXTINF:([\d.]+)", playlist))) == pytest.approx(8.0, abs=0.1)
        assert playlist.rstrip().endswith("#EXT-X-ENDLIST")


async def test_the_same_file_becomes_the_same_bytes(tmp_path: Path) -> None:
    source = whole(tmp_path, "source", tone("ogg"))
    for name in ("one", "two"):
        await made(source, tmp_path / name)
    one, two = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()}
        for n in ("one", "two")
    )
    assert len(one) > 2 * len(KILOBITS)
    assert one == two


async def test_quiet_and_loud_files_become_as_loud_as_all_and_no_peak_is_cut(tmp_path: Path) -> None:
    after = []
    for name, volume in (("quiet", "0.3"), ("loud", "7.0")):
        folder = tmp_path / name
        folder.mkdir()
        await made(whole(folder, "source", tone("wav", volume=volume)), folder / "made")
        parts = sorted((folder / "made" / f"{KILOBITS[0]}k").glob("*.m4s"))
        joined = (folder / "made" / f"{KILOBITS[0]}k" / "init.mp4").read_bytes()
        joined += b"".join(part.read_bytes() for part in parts)
        after.append(await measure(whole(folder, "joined", joined), "mp4", LIMITS, lambda _s: None))
    assert after[0].loudness == pytest.approx(after[1].loudness, abs=1.0)
    assert all(each.loudness == pytest.approx(-14, abs=1.5) and each.peak < 0 for each in after)


def test_gain_brings_to_the_target_unless_a_peak_would_be_cut_and_silence_is_not_raised_for_ever() -> None:
    measured = Measured(1.0, -20.0, -12.0, ())
    assert gain(measured) == 6.0
    assert gain(replace(measured, peak=-3.0)) == 2.0
    assert gain(replace(measured, loudness=-8.0, peak=0.0)) == -6.0
    assert gain(replace(measured, loudness=-70.0, peak=-70.0)) == 30.0


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("song.ogg", tone("ogg"))
    return written.getvalue()


PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAYLIST,
        CONCAT,
        b"<?xml version='1.0'?><MPD/>",
        b"GIF89a" + bytes(100),
        b"#!/bin/sh\n",
        archive(),
        b"R",
    ],
    ids=["playlist", "concat", "manifest", "picture", "script", "archive", "one byte"],
)
def test_what_is_no_sound_is_refused_by_its_first_bytes(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadSound, match="no OGG, FLAC, WAV or MP3"):
        container_of(whole(tmp_path, "source", content))


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    with pytest.raises(BadSound, match="is empty"):
        container_of(whole(tmp_path, "source", b""))


@pytest.mark.parametrize("head", [b"OggS", b"fLaC", b"RIFF\0\0\0\0WAVE", b"ID3\x04"])
@pytest.mark.parametrize(
    "rest", [PLAYLIST, bytes(5000), os.urandom(5000)], ids=["playlist", "zeros", "noise"]
)
async def test_a_playlist_or_noise_behind_the_right_first_bytes_is_refused_with_a_reason(
    head: bytes, rest: bytes, tmp_path: Path
) -> None:
    with pytest.raises(BadSound, match=r"damaged|cut off|no sound"):
        await made(whole(tmp_path, "source", head + rest), tmp_path / "made")


@pytest.mark.parametrize("container", ["ogg", "flac", "wav", "mp3"])
async def test_a_file_that_is_cut_off_is_called_so(container: str, tmp_path: Path) -> None:
    content = tone(container)
    for part in (0.5, 0.9):
        with pytest.raises(BadSound, match=r"cut off|damaged"):
            await made(whole(tmp_path, "source", content[: int(len(content) * part)]), tmp_path / "made")


async def test_a_file_of_ten_hours_is_refused_before_all_of_it_is_read(tmp_path: Path) -> None:
    limits, heard = replace(LIMITS, longest_seconds=5), []
    source = whole(tmp_path, "source", tone("flac", 60.0))
    with pytest.raises(BadSound, match="longer than 0 minutes"):
        await measure(source, "flac", limits, heard.append)
    assert max(heard) < 8, "of sixty"


async def test_ffmpeg_has_no_network_no_other_file_and_so_much_time(tmp_path: Path) -> None:
    for address in ("http://127.0.0.1:9/x.ogg", "concat:source|source", "data:audio/ogg;base64,T2dnUw=="):
        with pytest.raises(BadSound) as refused:
            await run_ffmpeg(["-i", address, "-f", "null", "-"], tmp_path, LIMITS)
        assert "not on whitelist" in refused.value.log
    forever = ["-f", "lavfi", "-i", "sine=440", "-f", "null", "-"]
    with pytest.raises(BadSound, match="takes too long"):
        await run_ffmpeg(forever, tmp_path, replace(LIMITS, cpu_seconds=1))
    with pytest.raises(BadSound, match="takes too long"):
        await run_ffmpeg(forever, tmp_path, replace(LIMITS, wall_seconds=0.3))


async def test_ffmpeg_gets_so_much_memory_and_no_more(tmp_path: Path) -> None:
    large = ["-f", "lavfi", "-i", "sine=440:samples_per_frame=400000000", "-frames:a", "1"]  # 800 MB
    try:
        limits = replace(LIMITS, memory_bytes=300 * 1024**2)
        log = await run_ffmpeg([*large, "-f", "null", "-"], tmp_path, limits)
    except BadSound as refused:
        log = refused.log
    assert "Cannot allocate memory" in log


async def test_who_is_cancelled_leaves_no_ffmpeg_behind(tmp_path: Path) -> None:
    began = asyncio.Event()
    forever = ["-f", "lavfi", "-i", "sine=440", "-metadata", f"title={tmp_path}", "-f", "null", "-"]
    running = asyncio.ensure_future(run_ffmpeg(forever, tmp_path, LIMITS, lambda _seconds: began.set()))
    await asyncio.wait_for(began.wait(), 20)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not any(str(tmp_path) in command for command in await asyncio.to_thread(commands))


def commands() -> list[str]:
    """Of all processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_bytes().decode(errors="replace"))
    return found


def test_a_master_playlist_names_every_bitrate_under_its_folder() -> None:
    text = master_playlist("job").decode()
    assert re.findall(r"BANDWIDTH=(\d+)", text) == [str(round(rate * 1100)) for rate in KILOBITS]
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        f"job/{rate}k/index.m3u8" for rate in KILOBITS
    ]


def test_a_player_is_led_to_the_waveform_by_the_master_playlist_and_its_address_is_served() -> None:
    job = str(UUID(int=7))
    (led,) = re.findall(
        rf'#EXT-X-SESSION-DATA:DATA-ID="{WAVEFORM}",URI="(.+)"', master_playlist(job).decode()
    )
    assert led == f"{job}/waveform.json"
    assert FILES.fullmatch(led)


async def test_the_demo_tunes_are_sound_and_each_another(tmp_path: Path) -> None:
    one, other = tune(0), tune(1)
    source = whole(tmp_path, "source", one)
    measured = await measure(source, container_of(source), LIMITS, lambda _seconds: None)
    assert measured.seconds == pytest.approx(SECONDS, abs=0.1)
    assert -40 < measured.loudness < -5
    assert one != other
