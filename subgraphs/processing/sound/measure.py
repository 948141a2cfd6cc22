"""How long a file is, how loud (EBU R128), and its waveform: one pass over it, decoding all of it.

The length is counted from what was decoded. A container that promises more is cut off.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from pathlib import Path

from subgraphs.kit.ffmpeg import Told
from subgraphs.processing.sound.faults import BadSound
from subgraphs.processing.sound.ffmpeg import SoundLimits, run_ffmpeg
from subgraphs.processing.sound.sniff import CUT_OFF

PEAK_RATE = 2000
"""Samples a second that the waveform is drawn from."""
BARS = 400
PROMISED = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
LOUDNESS = re.compile(r"I:\s+(-?[\d.]+|-inf|nan) LUFS")
PEAK = re.compile(r"Peak:\s+(-?[\d.]+|-inf|nan) dBFS")
SHORT_OF = 0.02
"""Of the promised length: headers round."""
SILENCE = -70.0


@dataclass(frozen=True, slots=True)
class Measured:
    seconds: float
    loudness: float
    """LUFS."""
    peak: float
    """dBFS, true peak."""
    waveform: tuple[int, ...]
    """Loudest of each of BARS stretches, 0 to 100 of full scale."""


async def measure(source: Path, container: str, limits: SoundLimits, told: Told) -> Measured:
    """Raises BadSound, OSError."""
    raw = source.with_name("waveform.raw")
    longest = str(limits.longest_seconds + 1)
    log = await run_ffmpeg(
        [
            *("-f", container, "-i", source.name),
            *("-t", longest, "-map", "0:a:0", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"),
            *("-t", longest, "-map", "0:a:0", "-ac", "1", "-ar", str(PEAK_RATE), "-f", "s16le", raw.name),
        ],
        source.parent,
        limits,
        told,
    )
    samples = array("h")
    with raw.open("rb") as file:
        samples.frombytes(file.read())
    raw.unlink()
    seconds = len(samples) / PEAK_RATE
    _require_length(seconds, log, limits)
    return Measured(seconds, _number(LOUDNESS, log), _number(PEAK, log), _waveform(samples))


def _require_length(seconds: float, log: str, limits: SoundLimits) -> None:
    if seconds <= 0.1:
        raise BadSound("There is no sound in this file.", log)
    if seconds > limits.longest_seconds:
        raise BadSound(f"It is longer than {limits.longest_seconds // 60} minutes.")
    found = PROMISED.search(log)
    if found is not None:
        promised = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])
        if seconds < promised * (1 - SHORT_OF) - 0.5:
            raise BadSound(CUT_OFF, log)


def _number(pattern: re.Pattern[str], log: str) -> float:
    """The last one: the summary's. Silence has none."""
    found = pattern.findall(log)
    if not found or found[-1] in ("-inf", "nan"):
        return SILENCE
    return max(SILENCE, float(found[-1]))


def _waveform(samples: array[int]) -> tuple[int, ...]:
    step = max(1, -(-len(samples) // BARS))
    stretches = (samples[at : at + step] for at in range(0, len(samples), step))
    return tuple(min(100, round(max(max(each), -min(each)) / 327.67)) for each in stretches)
