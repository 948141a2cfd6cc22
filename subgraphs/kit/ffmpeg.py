"""FFmpeg, run on one file that a stranger sent: confined (kit/confined.py), with files as its only protocol.

    await run_ffmpeg(["-f", "ogg", "-i", …], folder, Bounds(), told=progress)

The binary on PATH, else the one that comes with the wheel `imageio-ffmpeg` (docs/decisions).

    FfmpegFailed       the file cannot be read, or not in its time: final
    FfmpegMissing      there is none on this machine
    OSError            it could not be started, or somebody killed it: try again
"""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from subgraphs.kit.confined import Bounds, run_confined

SAFE = ("-hide_banner", "-nostdin", "-nostats", "-y", "-protocol_whitelist", "file", "-progress", "pipe:1")
HEEDED = re.compile(r"received signal (\d+)")
"""Some signals it ends by itself after, with a code like any other."""

Told = Callable[[float], None]
"""Hears how many seconds are done."""


class FfmpegMissing(Exception):
    code = "FFMPEG_MISSING"

    def __init__(self) -> None:
        super().__init__("there is no FFmpeg: install one (Debian: ffmpeg), or the package imageio-ffmpeg")


class FfmpegFailed(Exception):
    """`log` is what FFmpeg said; `is_too_slow` that its time was over before it was done."""

    def __init__(self, log: str, *, is_too_slow: bool = False) -> None:
        super().__init__("it takes too long" if is_too_slow else "it cannot be read")
        self.log = log
        self.is_too_slow = is_too_slow


@cache
def find_ffmpeg() -> str:
    """Raises FfmpegMissing."""
    if found := shutil.which("ffmpeg"):
        return found
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise FfmpegMissing from error


async def run_ffmpeg(
    arguments: Sequence[str], folder: Path, bounds: Bounds, told: Told = lambda _seconds: None
) -> str:
    """What it has logged. Raises FfmpegFailed, FfmpegMissing, OSError."""
    command = [find_ffmpeg(), *SAFE, *arguments]
    try:
        ended = await run_confined(command, folder, bounds, lambda line: _progress(line, told))
    except TimeoutError:
        raise FfmpegFailed("", is_too_slow=True) from None
    _judge(ended.code, ended.log)
    return ended.log


def _judge(code: int, log: str) -> None:
    if code == 0:
        return
    heeded = HEEDED.search(log)
    ended_by = -code if code < 0 else int(heeded[1]) if heeded else 0
    if ended_by == signal.SIGXCPU:
        raise FfmpegFailed(log, is_too_slow=True)
    if ended_by:
        raise OSError(f"FFmpeg was ended by signal {ended_by}")
    raise FfmpegFailed(log)


def _progress(line: bytes, told: Told) -> None:
    """Lines of `name=value`; `out_time_us` is how far it is."""
    name, _, value = line.decode(errors="replace").strip().partition("=")
    if name == "out_time_us" and value.isdigit():
        told(int(value) / 1_000_000)
