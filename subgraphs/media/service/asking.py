"""What somebody wants to upload, checked: every problem is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.validation import Checks
from subgraphs.media.accepted import ACCEPTED, KINDS, MEGABYTE, types_for
from subgraphs.media.values import Kind, Purpose

MOST_FILENAME, MOST_ALT_TEXT = 255, 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """As the client says it, without the file's content."""

    purpose: Purpose
    filename: str
    alt_text: str | None = None
    track_id: UUID | None = None


def checked(wanted: Wanted, checks: Checks) -> Wanted:
    is_track = wanted.purpose is Purpose.TRACK
    checks.require(
        is_track == (wanted.track_id is not None),
        "trackId",
        "Say which track it is for." if is_track else "Only what is for a TRACK names one.",
    )
    return Wanted(
        wanted.purpose,
        checks.line(wanted.filename, "filename", "The file's name", least=1, most=MOST_FILENAME),
        checked_alt_text(wanted.alt_text, checks),
        wanted.track_id,
    )


def checked_alt_text(text: str | None, checks: Checks) -> str | None:
    return checks.prose(text, "altText", "The text for who cannot see it", most=MOST_ALT_TEXT) or None


@dataclass(frozen=True, slots=True)
class Named:
    """Where in the input type and size are."""

    content_type: str
    size: str


ANNOUNCED, SENT = Named("contentType", "sizeBytes"), Named("file", "file")


def checked_kind(purpose: Purpose, content_type: str, size: int, at: Named, checks: Checks) -> Kind:
    """Of a type and size that are taken for this purpose; refused by `done` otherwise."""
    accepted = ACCEPTED[purpose]
    kind = KINDS.get(content_type)
    if kind not in accepted.kinds:
        checks.require(False, at.content_type, f"Taken for this are: {', '.join(types_for(purpose))}.")
        return accepted.kinds[0]
    most = accepted.most_bytes[kind]
    checks.require(size > 0, at.size, "The file is empty.")
    checks.require(size <= most, at.size, f"At most {most // MEGABYTE} MB, which is {most:,} bytes.")
    return kind
