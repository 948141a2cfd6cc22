"""Files to process, made by FFmpeg itself: a few seconds of a tone."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from subgraphs.kit.ffmpeg import find_ffmpeg

CODECS = {"ogg": "libvorbis", "flac": "flac", "wav": "pcm_s16le", "mp3": "libmp3lame"}


@cache
def tone(container: str, seconds: float = 8.0, volume: str = "1.0") -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"tone.{container}"
        source = f"sine=frequency=440:duration={seconds},volume={volume}"
        made = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", source, "-c:a", CODECS[container]]
        subprocess.run([*made, "-ac", "2", str(path)], check=True)
        return path.read_bytes()


def whole(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
