"""How much sound a core makes of uploads: `python -m benchmarks.transcode [--minutes N] [--repeat N]`.

A made-up piece in each container goes through what a job does with it (sniff, measure, transcode; no store),
for each set of renditions. CPU seconds are those of FFmpeg's processes and of ours, so other work on the
machine slows the clock and hardly changes the figure; of some runs the best is told.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import resource
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

from subgraphs.kit.ffmpeg import find_ffmpeg
from subgraphs.processing.demo.tune import RATE, tune
from subgraphs.processing.sound.ffmpeg import SoundLimits
from subgraphs.processing.sound.measure import measure
from subgraphs.processing.sound.sniff import container_of
from subgraphs.processing.sound.transcode import KILOBITS, transcode

CODECS = {"wav": "pcm_s16le", "flac": "flac", "ogg": "libvorbis", "mp3": "libmp3lame"}
SETS = {"160": KILOBITS[:1], "160 + 64": KILOBITS}
LIMITS = SoundLimits()
REQUIRED = 20
"""Times real time per core, at least."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds."""

    measured: float
    transcoded: float

    @property
    def all(self) -> float:
        return self.measured + self.transcoded


def piece(folder: Path, container: str, minutes: int) -> Path:
    """Stereo at 44.1 kHz, as uploads are: tunes one after the other, the second channel a little later."""
    mono = folder / "mono.wav"
    if not mono.exists():
        mono.write_bytes(_joined([tune(number) for number in range(4)]))
    path = folder / f"piece.{container}"
    wide = "aloop=-1:2000000000,adelay=0|12,aformat=sample_rates=44100"
    command = [
        find_ffmpeg(),
        "-v",
        "error",
        "-y",
        "-i",
        str(mono),
        "-filter_complex",
        f"[0:a]pan=stereo|c0=c0|c1=c0,{wide}",
    ]
    subprocess.run([*command, "-t", str(60 * minutes), "-c:a", CODECS[container], str(path)], check=True)
    return path


def _joined(files: list[bytes]) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as joined:
        joined.setnchannels(1)
        joined.setsampwidth(2)
        joined.setframerate(RATE)
        for content in files:
            with wave.open(io.BytesIO(content)) as file:
                joined.writeframes(file.readframes(file.getnframes()))
    return written.getvalue()


def spent() -> float:
    """CPU seconds of this process and of the children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


async def once(source: Path, rates: tuple[int, ...]) -> Cost:
    began = spent()
    container = container_of(source)
    measured = await measure(source, container, LIMITS, lambda _seconds: None)
    between = spent()
    with tempfile.TemporaryDirectory() as into:
        await transcode(source, container, measured, Path(into), LIMITS, lambda _seconds: None, rates)
    return Cost(between - began, spent() - between)


async def compare(minutes: int, repeat: int) -> bool:
    """Whether every line is as quick as it has to be."""
    print(f"{minutes} minutes of sound, the best of {repeat}; × is times real time per core")
    print(f"{'upload':<8}{'renditions':<12}{'measure':>10}{'transcode':>11}{'×':>7}")
    slowest = float("inf")
    with tempfile.TemporaryDirectory() as name:
        for container in CODECS:
            source = piece(Path(name), container, minutes)
            for label, rates in SETS.items():
                cost = min([await once(source, rates) for _ in range(repeat)], key=lambda each: each.all)
                times = 60 * minutes / cost.all
                slowest = min(slowest, times)
                print(
                    f"{container:<8}{label:<12}{cost.measured:>9.2f}s{cost.transcoded:>10.2f}s{times:>7.0f}"
                )
    print(f"the slowest: {slowest:.0f} × real time per core; at least {REQUIRED} are asked for")
    return slowest >= REQUIRED


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=int, default=5)
    options.add_argument("--repeat", type=int, default=3)
    given = options.parse_args()
    if not asyncio.run(compare(given.minutes, given.repeat)):
        raise SystemExit("slower than it has to be")


if __name__ == "__main__":
    main()
