"""Which container a file is, by what it begins with: FFmpeg is told, and tries no other.

A playlist, an archive or a script that is called song.ogg is refused here, before anything reads it as what
it is. Whether a file is whole is asked where its container says so; elsewhere the measured length tells.
"""

from __future__ import annotations

import struct
from pathlib import Path

from subgraphs.processing.sound.faults import BadSound

UNKNOWN = "This is no OGG, FLAC, WAV or MP3 file."
CUT_OFF = "The file is cut off: upload it again."
LAST_PAGE_BYTES = 65_536 + 282
"""An OGG page is never longer: the last one begins within these."""
END_OF_STREAM = 4


def container_of(path: Path) -> str:
    """FFmpeg's name of the demuxer. Raises BadSound."""
    with path.open("rb") as file:
        head = file.read(12)
    if head.startswith(b"OggS"):
        _require_whole_ogg(path)
        return "ogg"
    if head.startswith(b"fLaC"):
        return "flac"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        _require_whole_wav(path, head)
        return "wav"
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "mp3"
    raise BadSound("The file is empty." if not head else UNKNOWN)


def _require_whole_ogg(path: Path) -> None:
    """The last page of a stream says that it is the last."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - LAST_PAGE_BYTES))
        tail = file.read()
    at = tail.rfind(b"OggS")
    page = tail[at:]
    if at < 0 or len(page) < 27 or not page[5] & END_OF_STREAM or len(page) < _page_bytes(page):
        raise BadSound(CUT_OFF)


def _page_bytes(page: bytes) -> int:
    segments = page[26]
    return 27 + segments + sum(page[27 : 27 + segments])


def _require_whole_wav(path: Path, head: bytes) -> None:
    """The size after RIFF; writers to a pipe leave 0 or all ones."""
    (told,) = struct.unpack("<I", head[4:8])
    if told not in (0, 0xFFFFFFFF) and path.stat().st_size + 1 < told + 8:
        raise BadSound(CUT_OFF)
