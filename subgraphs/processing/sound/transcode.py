"""HLS in several bitrates, as loud as everything else.

    <file key>/master.m3u8              names the job's playlists: written last, it switches from old to new
    <file key>/<job>/160k/index.m3u8    init.mp4, 00000.m4s, … (AAC in fragmented MP4, six seconds each)
    <file key>/<job>/64k/…
    <file key>/<job>/waveform.json

What is made depends on the file alone, so a job that is done again writes the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from subgraphs.kit.ffmpeg import Told
from subgraphs.processing.sound.ffmpeg import SoundLimits, run_ffmpeg
from subgraphs.processing.sound.measure import Measured

KILOBITS = (160, 64)
SEGMENT_SECONDS = 6
TARGET_LUFS, HIGHEST_PEAK = -14.0, -1.0
CODEC = "mp4a.40.2"
WAVEFORM = "org.plait.waveform"
"""By which name a player finds the waveform in the playlist: `{"peaks": [0…100, …]}`, 400 bars."""
OVERHEAD = 1.1
"""Of containers over what the codec writes, for the bandwidth that a playlist promises."""
EXACT = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-threads", "1")


def gain(measured: Measured) -> float:
    """Decibels, one for the whole track: its own dynamics stay. A peak is never pushed over the top."""
    return round(min(TARGET_LUFS - measured.loudness, HIGHEST_PEAK - measured.peak, 30.0), 2)


async def transcode(
    source: Path,
    container: str,
    measured: Measured,
    into: Path,
    limits: SoundLimits,
    told: Told,
    rates: Sequence[int] = KILOBITS,
) -> None:
    """`into` gets a folder for each bitrate, and the waveform. Raises BadSound, OSError."""
    names = [f"o{rate}" for rate in rates]
    split = f"asplit={len(names)}" + "".join(f"[{name}]" for name in names)
    shaped = "aformat=sample_rates=44100:channel_layouts=stereo"
    graph = f"[0:a:0]volume={gain(measured)}dB,{shaped},{split}"
    outputs: list[str] = []
    for rate, name in zip(rates, names, strict=True):
        (into / f"{rate}k").mkdir(parents=True, exist_ok=True)
        outputs += _output(name, rate, into / f"{rate}k")
    arguments = ["-f", container, "-i", source.name, "-filter_complex", graph, *outputs]
    await run_ffmpeg(arguments, source.parent, limits, told)
    (into / "waveform.json").write_text(json.dumps({"peaks": measured.waveform}), encoding="ascii")


def master_playlist(folder: str) -> bytes:
    """The waveform is session data (RFC 8216, 4.3.4.4), which players read and others pass over."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines.append(f'#EXT-X-SESSION-DATA:DATA-ID="{WAVEFORM}",URI="{folder}/waveform.json"')
    for rate in KILOBITS:
        lines.append(f'#EXT-X-STREAM-INF:BANDWIDTH={int(rate * 1000 * OVERHEAD)},CODECS="{CODEC}"')
        lines.append(f"{folder}/{rate}k/index.m3u8")
    return ("\n".join(lines) + "\n").encode()


def _output(name: str, rate: int, folder: Path) -> list[str]:
    return [
        *("-map", f"[{name}]", "-c:a", "aac", "-aac_coder", "fast", "-b:a", f"{rate}k", *EXACT),
        *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"),
        *("-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4"),
        *("-hls_segment_filename", str(folder / "%05d.m4s"), str(folder / "index.m3u8")),
    ]
