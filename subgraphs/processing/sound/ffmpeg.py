"""FFmpeg (kit/ffmpeg.py) on a file that is to be sound, with so much time and memory; what it cannot read is
BadSound, for who uploaded it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from subgraphs.kit import ffmpeg
from subgraphs.kit.confined import Bounds
from subgraphs.kit.ffmpeg import FfmpegFailed, Told
from subgraphs.processing.sound.faults import BadSound

DAMAGED = "The file is damaged: it cannot be read as sound."
TOO_SLOW = "It takes too long to read this file."


@dataclass(frozen=True, slots=True)
class SoundLimits:
    """Of one file. What is over is refused, not cut."""

    longest_seconds: int = 2 * 3600
    most_bytes: int = 1024**3
    cpu_seconds: int = 1800
    wall_seconds: float = 3600.0
    memory_bytes: int = 2 * 1024**3

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.cpu_seconds, self.wall_seconds, self.memory_bytes, 4 * self.most_bytes)


async def run_ffmpeg(
    arguments: Sequence[str], cwd: Path, limits: SoundLimits, told: Told = lambda _seconds: None
) -> str:
    """What it has logged. Raises BadSound when it cannot read the file or takes too long; OSError when it
    cannot be started, or was killed by somebody.
    """
    try:
        return await ffmpeg.run_ffmpeg(arguments, cwd, limits.bounds, told)
    except FfmpegFailed as failed:
        raise BadSound(TOO_SLOW if failed.is_too_slow else DAMAGED, failed.log) from failed
