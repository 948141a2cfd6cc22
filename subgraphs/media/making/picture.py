"""Variants of a picture: decoded in a process of its own (`drawing`), which it may take down with it."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from subgraphs.kit.confined import run_confined
from subgraphs.media.making.faults import DAMAGED, TOO_SLOW, BadMedia
from subgraphs.media.making.limits import PictureLimits
from subgraphs.media.values import Variant

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
}
"""Pillow's names: it is told which, and tries no other."""
DRAWING = f"{__package__}.drawing"
MADE = "made.json"
TOO_LARGE = "It takes more memory to read this file than there is for one."


@dataclass(frozen=True, slots=True)
class DrawnFile:
    path: Path
    variant: Variant
    content_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawn:
    width: int
    height: int
    blurhash: str
    files: tuple[DrawnFile, ...]


async def draw(
    source: Path, content_type: str, into: Path, limits: PictureLimits, *, avif: bool = False
) -> Drawn:
    """Raises BadMedia; OSError when the process was killed by somebody else."""
    bounds = {name: value for name, value in asdict(limits).items() if name.startswith(("most_", "longest_"))}
    kind, told = FORMATS[content_type], {**bounds, "avif": avif}
    command = [sys.executable, "-I", "-m", DRAWING, str(source), kind, str(into), json.dumps(told)]
    try:
        ended = await run_confined(command, into, limits.bounds)
    except TimeoutError:
        raise BadMedia(TOO_SLOW) from None
    if ended.code:
        _judge(ended.code, ended.log)
    made: dict[str, Any] = json.loads((into / MADE).read_text(encoding="ascii"))
    if "refused" in made:
        raise BadMedia(made["refused"])
    files = tuple(_file(into, each) for each in made["files"])
    return Drawn(made["width"], made["height"], made["blurhash"], files)


def _judge(code: int, log: str) -> None:
    """Why it ended in the middle."""
    if code == -signal.SIGXCPU:
        raise BadMedia(TOO_SLOW, log)
    if "MemoryError" in log:
        raise BadMedia(TOO_LARGE, log)
    if code in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS):
        raise BadMedia(DAMAGED, log)
    raise OSError(f"the picture's process ended with {code}: {log[-500:]}")


def _file(folder: Path, made: dict[str, Any]) -> DrawnFile:
    variant = Variant[made["variant"]]
    return DrawnFile(folder / made["name"], variant, made["content_type"], made["width"], made["height"])
