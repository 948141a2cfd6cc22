"""FFmpeg, run on one file: with no network, no other file, no terminal, and so much time and memory.

    await Ffmpeg(limits).run(["-f", "ogg", "-i", …], cwd=folder, told=progress)

The binary on PATH, else the one that comes with the wheel `imageio-ffmpeg` (docs/decisions). It runs in a
session of its own, which is killed whole when the caller is cancelled or its time is over.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from subgraphs.processing.sound.faults import BadSound

LOG_BYTES = 64 * 1024
LIMITED = """ulimit -c 0; ulimit -S -t "$0" || exit 125
ulimit -v "$1" 2>/dev/null; ulimit -f "$2"; shift 2; exec "$@\""""
"""`ulimit -v` is not everywhere (macOS has none): the time and the size of what it writes are."""
KILOBYTE, BLOCK = 1024, 512
SAFE = ("-hide_banner", "-nostdin", "-nostats", "-y", "-protocol_whitelist", "file", "-progress", "pipe:1")

HEEDED = re.compile(r"received signal (\d+)")
"""Some signals it ends by itself after, with a code like any other."""

Told = Callable[[float], None]
"""Hears how many seconds of sound are done."""


@dataclass(frozen=True, slots=True)
class SoundLimits:
    """Of one file. What is over is refused, not cut."""

    longest_seconds: int = 2 * 3600
    most_bytes: int = 1024**3
    cpu_seconds: int = 1800
    wall_seconds: float = 3600.0
    memory_bytes: int = 2 * 1024**3


class FfmpegMissing(Exception):
    code = "FFMPEG_MISSING"

    def __init__(self) -> None:
        super().__init__("there is no FFmpeg: install one (Debian: ffmpeg), or the package imageio-ffmpeg")


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
    arguments: Sequence[str], cwd: Path, limits: SoundLimits, told: Told = lambda _seconds: None
) -> str:
    """What it has logged. Raises BadSound when it cannot read the file or takes too long; OSError when it
    cannot be started, or was killed by somebody.
    """
    kilobytes, blocks = limits.memory_bytes // KILOBYTE, 4 * limits.most_bytes // BLOCK
    limited = ["/bin/sh", "-c", LIMITED, str(limits.cpu_seconds), str(kilobytes), str(blocks)]
    process = await asyncio.create_subprocess_exec(
        *limited,
        find_ffmpeg(),
        *SAFE,
        *arguments,
        cwd=cwd,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limits.wall_seconds):
            log, _ = await asyncio.gather(_log(process), _progress(process, told))
            code = await process.wait()
    except TimeoutError:
        raise BadSound("It takes too long to read this file.") from None
    finally:
        await _end(process)
    _judge(code, log)
    return log


def _judge(code: int, log: str) -> None:
    if code == 0:
        return
    heeded = HEEDED.search(log)
    ended_by = -code if code < 0 else int(heeded[1]) if heeded else 0
    if ended_by == signal.SIGXCPU:
        raise BadSound("It takes too long to read this file.", log)
    if ended_by:
        raise OSError(f"FFmpeg was ended by signal {ended_by}")
    raise BadSound("The file is damaged: it cannot be read as sound.", log)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _log(process: asyncio.subprocess.Process) -> str:
    """The last of it: a damaged file has a line for every frame."""
    assert process.stderr is not None
    kept = b""
    while part := await process.stderr.read(8192):
        kept = (kept + part)[-LOG_BYTES:]
    return kept.decode(errors="replace")


async def _progress(process: asyncio.subprocess.Process, told: Told) -> None:
    """Lines of `name=value`; `out_time_us` is how far it is."""
    assert process.stdout is not None
    async for line in process.stdout:
        name, _, value = line.decode(errors="replace").strip().partition("=")
        if name == "out_time_us" and value.isdigit():
            told(int(value) / 1_000_000)
