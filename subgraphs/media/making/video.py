"""A video without what its camera noted (place, make, time), and a picture of it.

Its streams are copied, not made anew: the first of pictures and the first of sound, into the container it
came in. Everything else (subtitles, positions second by second, chapters, tags) stays behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from subgraphs.kit.ffmpeg import FfmpegFailed, run_ffmpeg
from subgraphs.media.making.faults import DAMAGED, TOO_SLOW, BadMedia
from subgraphs.media.making.limits import VideoLimits

DEMUXERS = {"video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska"}
MUXERS = {"mov": ("mp4", "video/mp4"), "matroska": ("webm", "video/webm")}
SHOWN = frozenset({"h264", "hevc", "av1", "vp8", "vp9"})
HEARD = frozenset({"aac", "mp3", "opus", "vorbis", "flac"})
PICTURES = re.compile(r"Stream #0:\d+[^\n]*?: Video: (\w+)")
SOUND = re.compile(r"Stream #0:\d+[^\n]*?: Audio: (\w+)")
LASTS = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
BARE = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")
POSTER = "poster.png"
POSTER_SECONDS = 1.0
"""From the start: many begin in black."""
SHORT_OF = 0.9
"""Of what the container promises: FFmpeg copies what there is of a file that is cut off."""
NO_VIDEO = "There is no video in this file that browsers can show: save it as H.264, VP9 or AV1."
NO_SOUND = "Browsers cannot play the sound of this video: save it as AAC, MP3 or Opus."


@dataclass(frozen=True, slots=True)
class Filmed:
    path: Path
    content_type: str
    poster: Path
    duration_ms: int


async def film(source: Path, content_type: str, into: Path, limits: VideoLimits) -> Filmed:
    """Raises BadMedia, FfmpegMissing, OSError."""
    demuxer = DEMUXERS[content_type]
    muxer, kept = MUXERS[demuxer]
    bare, lasted = into / f"video.{muxer}", [0.0]
    streams = ["-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", *BARE]
    fast = ["-movflags", "+faststart"] if muxer == "mp4" else []
    whole = ["-f", demuxer, "-i", str(source), *streams, *fast, "-f", muxer, str(bare)]
    log = await _run(whole, into, limits, lasted)
    seconds = _length(log, lasted[0])
    if lasted[0] < seconds * SHORT_OF - 1:
        raise BadMedia(DAMAGED, log)
    if seconds > limits.longest_seconds:
        raise BadMedia(f"It is longer than {limits.longest_seconds // 60} minutes.")
    _require_playable(log)
    start = ["-ss", str(POSTER_SECONDS)] if seconds > 2 * POSTER_SECONDS else []
    one = ["-map", "0:v:0", "-frames:v", "1", "-c:v", "png", *BARE, "-f", "image2", "-update", "1"]
    await _run([*start, "-f", demuxer, "-i", str(bare), *one, str(into / POSTER)], into, limits, [0.0])
    if not (into / POSTER).exists():
        raise BadMedia(DAMAGED)
    return Filmed(bare, kept, into / POSTER, round(seconds * 1000))


async def _run(arguments: list[str], into: Path, limits: VideoLimits, lasted: list[float]) -> str:
    def told(seconds: float) -> None:
        lasted[0] = max(lasted[0], seconds)

    try:
        return await run_ffmpeg(arguments, into, limits.bounds, told)
    except FfmpegFailed as failed:
        if failed.is_too_slow:
            raise BadMedia(TOO_SLOW, failed.log) from failed
        raise BadMedia(NO_VIDEO if "matches no streams" in failed.log else DAMAGED, failed.log) from failed


def _require_playable(log: str) -> None:
    """By what FFmpeg calls the streams that it copied."""
    pictures, sound = PICTURES.search(log), SOUND.search(log)
    if pictures is None or pictures[1] == "none":
        raise BadMedia(DAMAGED, log)
    if pictures[1] not in SHOWN:
        raise BadMedia(NO_VIDEO, log)
    if sound is not None and sound[1] not in HEARD:
        raise BadMedia(NO_SOUND, log)


def _length(log: str, copied: float) -> float:
    """What the container promises, or what was copied if that is more: heads lie."""
    found = LASTS.search(log)
    promised = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else 0.0
    return max(promised, copied)
