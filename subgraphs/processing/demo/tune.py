"""A tune: plucked strings over a bass, in a pentatonic scale, drawn from its number. WAV, mono, 22,050 Hz.

Strings are Karplus and Strong's: a burst of noise in a ring that is smoothed as it goes round.
"""

from __future__ import annotations

import io
import wave
from array import array
from random import Random

from subgraphs.kit.demo import demo_random

RATE = 22_050
SECONDS = 24
BEAT = RATE // 3
SCALE = (0, 3, 5, 7, 10, 12, 15, 17)
LOUDNESS = 9000


def tune(number: int) -> bytes:
    draw = demo_random("tune", number)
    root = 110.0 * 2 ** (draw.randrange(6) / 12)
    mixed = [0.0] * (RATE * SECONDS)
    step = draw.randrange(len(SCALE))
    for beat in range(len(mixed) // BEAT):
        step = max(0, min(len(SCALE) - 1, step + draw.choice((-2, -1, -1, 0, 1, 1, 2))))
        if beat % 4 == 0:
            _pluck(mixed, beat * BEAT, root / 2, 4 * BEAT, draw)
        if draw.random() < 0.8:
            _pluck(mixed, beat * BEAT, 2 * root * 2 ** (SCALE[step] / 12), 3 * BEAT, draw)
    return _wav(mixed)


def _pluck(mixed: list[float], at: int, hertz: float, length: int, draw: Random) -> None:
    ring = [draw.uniform(-1, 1) for _ in range(round(RATE / hertz))]
    place, size = 0, len(ring)
    for sample in range(at, min(at + length, len(mixed))):
        following = place + 1 if place + 1 < size else 0
        mixed[sample] += ring[place]
        ring[place] = 0.498 * (ring[place] + ring[following])
        place = following


def _wav(mixed: list[float]) -> bytes:
    samples = array("h", (max(-32767, min(32767, round(LOUDNESS * each))) for each in mixed))
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return written.getvalue()
