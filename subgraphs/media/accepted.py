"""What may be uploaded for which purpose: types of content, and how large.

A type counts twice: as it is announced, for the form that the store checks, and as the content's own first
bytes say it (making/sniff.py). Both have to be of the same kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from subgraphs.media.values import Kind, Purpose

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Accepted:
    kinds: tuple[Kind, ...]
    most_bytes: Mapping[Kind, int]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "image/jpeg": Kind.IMAGE,
        "image/png": Kind.IMAGE,
        "image/webp": Kind.IMAGE,
        "image/gif": Kind.IMAGE,
        "image/avif": Kind.IMAGE,
        "video/mp4": Kind.VIDEO,
        "video/quicktime": Kind.VIDEO,
        "video/webm": Kind.VIDEO,
        "application/pdf": Kind.DOCUMENT,
        "audio/ogg": Kind.AUDIO,
        "audio/flac": Kind.AUDIO,
        "audio/wav": Kind.AUDIO,
        "audio/mpeg": Kind.AUDIO,
    }
)


def _of(**most: int) -> Accepted:
    sizes = {Kind[name.upper()]: megabytes * MEGABYTE for name, megabytes in most.items()}
    return Accepted(tuple(sizes), MappingProxyType(sizes))


ACCEPTED: Mapping[Purpose, Accepted] = MappingProxyType(
    {
        Purpose.POST: _of(image=25, video=1000),
        Purpose.AVATAR: _of(image=10),
        Purpose.DOCUMENT: _of(document=25),
        Purpose.TRACK: _of(audio=1000),
    }
)


def types_for(purpose: Purpose) -> tuple[str, ...]:
    return tuple(name for name, kind in KINDS.items() if kind in ACCEPTED[purpose].kinds)
