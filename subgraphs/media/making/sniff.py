"""What a file is, by its first bytes; what it is called and what its sender says does not count.

puremagic's signatures say what it may be. Only what we accept is looked for, and only at the very start: a
file that is something else as well is read as what it begins with, by one decoder that is told which.
"""

from __future__ import annotations

import puremagic

from subgraphs.media.accepted import KINDS
from subgraphs.media.making.faults import BadMedia

START_BYTES = 4096
UNKNOWN = "This is no picture, video, document or sound of a type that is taken here."
SAME = {
    "image/jpg": "image/jpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/x-flac": "audio/flac",
    "application/ogg": "audio/ogg",
    "audio/mp3": "audio/mpeg",
    "audio/x-matroska": "video/webm",
    "video/x-matroska": "video/webm",
}
"""Other names of the types in `KINDS`."""


def content_type_of(start: bytes) -> str:
    """One of `KINDS`. Raises BadMedia."""
    if not start:
        raise BadMedia("The file is empty.")
    try:
        found = puremagic.magic_string(start)
    except puremagic.PureError as error:
        raise BadMedia(UNKNOWN) from error
    for match in found:  # the most certain first
        name = SAME.get(str(match.mime_type), str(match.mime_type))
        if name in KINDS and _begins(start, match) and _is_proven(name, start):
            return name
    raise BadMedia(UNKNOWN)


def _is_proven(name: str, start: bytes) -> bool:
    """RIFF is a family: what it holds is said further on."""
    return name != "audio/wav" or start[8:12] == b"WAVE"


def _begins(start: bytes, match: puremagic.PureMagicWithConfidence) -> bool:
    """Some signatures are looked for further in, or at the end: those prove nothing about the beginning."""
    return 0 <= start[:16].find(match.byte_match) < 12
